"""Verbs of the second look: draw a list, sign it, accept an exception. Never by who erased, never for another."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import extracts, gate, mails, seconding
from reuse_market.erasure.models import (
    CheckedCertificate,
    ErasureCertificate,
    ErasureCheck,
    ErasureDemand,
    ErasureException,
    StorageMedium,
)
from reuse_market.erasure.stating import CHOOSE, SHORTEN
from reuse_market.erasure.validation_models import CHECKS, GROUNDS
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

PERCENT = 20  # NIST SP 800-88 r1 asks for a second tool on so many media: what a sample is by default
MOST = 500  # certificates in one list: who signs sees them all on one page
NO_CHECK = N_("This list does not exist.")
NO_CERTIFICATE = N_("This certificate does not exist.")


def write_demand(stream: str, how: str | None, percent: int | None, *, actor: Actor) -> None:
    """Inside the lot's own verb: keep the second look its holder asks for (None: none). Invalid outside the lists."""
    if how is not None and how not in CHECKS:
        raise Invalid(CHOOSE, field="how")
    if how == "sample" and not 1 <= (percent or 0) <= 100:
        raise Invalid(N_("Enter a number between %(min)s and %(max)s."), field="percent", min=1, max=100)
    found = session().get(ErasureDemand, stream)
    if how is None:
        if found is not None:
            session().delete(found)
    else:
        found = found or ErasureDemand(stream=stream)
        found.how, found.percent = how, percent if how == "sample" else None
        found.organisation_id, found.set_by, found.set_at = _organisation(actor), actor.person_id, clock.now()
        session().add(found)
    session().flush()


@command
def draw_check(stream: str, how: str, percent: int | None = None, *, actor: Actor) -> ErasureCheck:
    """List the certificates of a lot that nobody has looked at, and draw those to look at; told in the journal.

    A list not signed yet is given back as it is: nobody draws until the sample pleases. Refused: Invalid for a
    weaker look than the holder asks for; Conflict when nothing is to be checked.
    """
    require_own_hand(actor)
    organisation_id = _organisation(actor)
    if how not in CHECKS:
        raise Invalid(CHOOSE, field="how")
    known = seconding.open_check(organisation_id, stream)
    if known is not None:
        return known
    share = _share(stream, how, percent)
    ids = [one for one, _stream in seconding.unchecked(organisation_id, stream)][:MOST]
    if not ids:
        raise Conflict(N_("No certificate of this lot waits for a check."), code="check.none")
    made = ErasureCheck(
        organisation_id=organisation_id, stream=stream, how=how, percent=share, seed=secrets.token_hex(8),
        made_at=clock.now(), made_by=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    chosen = seconding.drawn(made.seed, ids, share)
    session().add_all(
        CheckedCertificate(check_id=made.id, certificate_id=one, drawn=one in chosen) for one in ids
    )
    session().flush()
    _tell(made, "erasure.check-drawn", {"certificates": ids, "drawn": sorted(chosen)}, actor)
    mails.check_waits(made)
    return made


@command
def sign_check(
    check_id: int, list_sha256: str, refused: Collection[int] = (), *, actor: Actor, title: str = "",
    place: str = "",
) -> ErasureCheck:  # fmt: skip
    """Sign a list: those looked at are accepted but for `refused`; a sample without a fault takes the rest along.

    `list_sha256`: of the list (`extracts.sheet`) as the signer read it. Refused: Conflict for who erased or recorded
    one of them, a list signed already or that reads otherwise by now; Invalid for a refusal outside those drawn.
    """
    require_own_hand(actor)
    _organisation(actor)
    found: ErasureCheck | None = lock(ErasureCheck, ErasureCheck.id == check_id)
    if found is None or not seconding.may_see(actor, found):
        raise NotFound(NO_CHECK)
    _require_validator(actor)
    if found.signed_at is not None:
        raise Conflict(N_("This list is signed already."), code="check.signed")
    listed = seconding.lines(check_id)
    _require_other_person(actor, [one.certificate for one in listed])
    if list_sha256 != extracts.digest(extracts.sheet(check_id)):
        text = N_("This list reads otherwise than when you opened it. Read it again, then sign.")
        raise Conflict(text, code="check.changed")
    if not {one.certificate.id for one in listed if one.drawn}.issuperset(refused):
        raise Invalid(N_("Only certificates that were drawn can be refused."), field="refused")
    for name, text, most in (("title", title, 80), ("place", place, 120)):
        if len(text) > most:
            raise Invalid(SHORTEN, field=name, most=most)
    for one in listed:
        accepted = None if refused and not one.drawn else one.certificate.id not in refused
        session().execute(
            sa.update(CheckedCertificate)
            .where(CheckedCertificate.check_id == check_id)
            .where(CheckedCertificate.certificate_id == one.certificate.id)
            .values(accepted=accepted)
        )
    found.signed_at, found.signed_by, found.signer_name = clock.now(), actor.person_id, actor.person_name
    found.signer_title, found.signer_place, found.list_sha256 = title.strip(), place.strip(), list_sha256
    session().flush()
    facts = {
        "certificates": [one.certificate.id for one in listed], "drawn": [
            one.certificate.id for one in listed if one.drawn
        ], "refused": sorted(refused),
    }  # fmt: skip
    secret = {"list": list_sha256}  # names serials and people: committed to, never written in clear
    _tell(found, "erasure.checked", facts, actor, sorted({one.unit.id for one in listed}), secret)
    return found


@command
def accept_exception(
    certificate_id: int, ground: str, asked: str | None, *, actor: Actor
) -> ErasureException:
    """Accept an erasure that did not end well, or a report that is silent, for a stated ground.

    `asked`: the level of the unit's lot (None: purge), which `lots.second_look` finds. Refused: Conflict for who
    erased or recorded it, for a failure, for what an exception cannot mend; NotAllowed without the right to commit
    the custodian or the holder.
    """
    require_own_hand(actor)
    organisation_id = _organisation(actor)
    proof = session().get(ErasureCertificate, certificate_id)
    medium = session().get(StorageMedium, proof.medium_id) if proof is not None else None
    unit: Unit | None = lock(Unit, Unit.id == medium.unit_id) if medium is not None else None
    seen = unit is not None and seconding.may_look(actor, unit)
    if proof is None or medium is None or unit is None or not seen or medium.void_at or proof.void_at:
        raise NotFound(NO_CERTIFICATE)
    _require_validator(actor)
    if organisation_id not in (unit.custodian_id, unit.owner_id, _holder(unit.stream)):
        raise NotAllowed(N_("Your organisation may not do this."))
    if ground not in GROUNDS:
        raise Invalid(CHOOSE, field="ground")
    _require_other_person(actor, [proof])
    if session().get(ErasureException, certificate_id) is not None:
        raise Conflict(N_("This exception is accepted already."), code="exception.accepted")
    if not gate.may_except(asked or gate.DEFAULT_POLICY, medium, proof):
        raise Conflict(
            N_("No exception can mend this certificate: erase the medium again, or have it destroyed."),
            code="exception.impossible",
        )
    made = ErasureException(
        certificate_id=certificate_id, ground=ground, organisation_id=organisation_id, person_id=actor.person_id,
        person_name=actor.person_name, accepted_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    facts = {"certificate": certificate_id, "medium": medium.id, "ground": ground, "result": proof.result}
    journal.append(
        journal.Act(actor), unit.stream, "media.exception-accepted", unit_ids=[unit.id], facts=facts
    )
    return made


def _share(stream: str, how: str, percent: int | None) -> int:
    """The percentage looked at: all of a batch; at least what the holder asks for in a sample."""
    asked = seconding.demand_of(stream)
    if asked is not None and CHECKS.index(how) < CHECKS.index(asked.how):
        raise Invalid(
            N_("The holder of this lot asks for a stronger check."), field="how", code="check.weaker"
        )
    if how != "sample":
        return 100
    least = asked.percent or 1 if asked is not None and asked.how == "sample" else 1
    share = percent if percent is not None else max(least, PERCENT if asked is None else least)
    if not least <= share <= 100:
        text = N_("Enter a number between %(min)s and %(max)s.")
        raise Invalid(text, field="percent", min=least, max=100)
    return share


def _organisation(actor: Actor) -> int:
    if actor.organisation_id is None or not actor.has("holder", "reuse_actor"):
        raise NotAllowed(N_("Your organisation may not do this."))
    return actor.organisation_id


def _holder(stream: str) -> int | None:
    asked = seconding.demand_of(stream)
    return asked.organisation_id if asked is not None else None


def _require_validator(actor: Actor) -> None:
    """A person, by their own hand, who may commit the organisation: links and the system sign nothing."""
    if actor.person_id is None or actor.via in ("link", "system") or not actor.commits:
        raise NotAllowed(
            N_("Only a person who may commit the organisation signs this check."), code="not-committing"
        )


def _require_other_person(actor: Actor, certificates: Sequence[ErasureCertificate]) -> None:
    if seconding.own_work(actor, certificates):
        raise Conflict(
            N_("Who erased or recorded a certificate cannot check it. Ask another person of your organisation, or "
               "the holder."),
            code="check.same-person",
        )  # fmt: skip


def _tell(
    made: ErasureCheck, event: str, facts: dict[str, Any], actor: Actor, unit_ids: Sequence[int] = (),
    secret: dict[str, str] | None = None,
) -> None:  # fmt: skip
    common = {"check": made.id, "how": made.how, "percent": made.percent, "seed": made.seed}
    journal.append(
        journal.Act(actor), made.stream, event, unit_ids=unit_ids, facts=common | facts, commitments=secret
    )
