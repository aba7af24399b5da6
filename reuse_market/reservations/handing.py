"""Verbs of the handover: the beneficiary signs, on its own account or on the seller's screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import signatures
from reuse_market.documents import services as documents
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import acting, law, mails, papers_gift, policy, queries, slip
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.lifecycle import BOOKING, SIGNABLE
from reuse_market.reservations.models import Reservation, Undertaking
from reuse_market.units import queries as units
from reuse_market.units import services as unit_services
from reuse_market.units.services import Closing, Move

LONGEST_NAME = 120
UNDERTAKINGS = "2026-1"  # version of the texts of slip.UNDERTAKINGS


@command
def renew_code(reference: str, *, actor: Actor) -> None:
    """A new signature code (five wrong tries, or too old). By the beneficiary, who alone sees it."""
    require_own_hand(actor)
    found = acting.locked(reference)
    if not policy.beneficiary(actor, found):
        raise NotAllowed(N_("Only the beneficiary may ask for a new code."))
    if found.state not in SIGNABLE:
        raise Conflict(N_("There is nothing to sign on this reservation."))
    signatures.make_code(slip.owner(reference), found.beneficiary_id, valid_days=acting.days_left(found))


@command
def sign_as_beneficiary(reference: str, *, actor: Actor, name: str, undertaken: bool = False) -> Reservation:
    """The beneficiary, signed in, signs for the devices received: owner and custodian change.

    `undertaken`: it gives the undertakings the law asks for, if any; Invalid without.
    """
    require_own_hand(actor)
    return _hand_over(acting.locked(reference), "sign", actor, _checked_name(name), undertaken)


def sign_with_code(
    reference: str, name: str, code: str, *, actor: Actor, undertaken: bool = False
) -> Reservation:
    """The beneficiary signs on the seller's screen: typed name and the code sent to their organisation.

    Refused: Invalid with the tries left; Conflict when a new code is needed. A wrong code counts even so.
    """
    require_own_hand(actor)
    found = queries.find(reference)
    if found is None:
        raise NotFound(acting.UNKNOWN)
    BOOKING.require("sign_with_code", found, actor)
    typed = _checked_name(name)
    signatures.check_code(slip.owner(reference), code)
    return _sign_checked(reference, typed, code, undertaken, actor=actor)


@command
def _sign_checked(reference: str, name: str, code: str, undertaken: bool, *, actor: Actor) -> Reservation:
    found = acting.locked(reference)
    signatures.spend_code(slip.owner(reference), code)
    return _hand_over(found, "sign_with_code", actor, name, undertaken)


def _hand_over(found: Reservation, action: str, actor: Actor, name: str, undertaken: bool) -> Reservation:
    """Sign: the slip is issued with what was held, then the units pass to the beneficiary, if the law still
    allows it that day."""
    ids = units.engaged_ids("hold", found.reference)
    BOOKING.require(action, found, actor)
    allowed = law.require_provision(found, ids)
    own = action == "sign"
    _undertake(found, allowed.undertakings if undertaken else (), allowed.undertakings, name, actor, own)
    doing = acting.fire(action, found, actor, provided_at=clock.now(), signer_name=name, act=allowed.act,
                         warranty_months=breaking.offered_months(found.reference))  # fmt: skip
    new_site = accounts.base_site(found.beneficiary_id)
    move = Move(
        "provide", party_id=found.beneficiary_id, owner_id=found.beneficiary_id,
        custodian_id=found.beneficiary_id,
        closes=(Closing("hold", found.reference, "provided"),),
        values={"site_id": new_site.id if new_site else None},
    )  # fmt: skip
    for stream, members in acting.by_stream(ids):
        unit_services.act(
            move, members, doing=doing, stream=stream,
            facts=_facts(found, allowed), commitments={"signer": name},
        )  # fmt: skip
    session().refresh(found)
    handed_by = "" if own else ", ".join(n for n in (actor.person_name, actor.organisation_name) if n)
    documents.issue(
        slip.KIND, slip.facts(found, "fr", handed_by=handed_by), lang="fr", owner=slip.owner(found.reference),
        readers=[found.beneficiary_id, found.seller_id], number_prefix=slip.PREFIX,
    )  # fmt: skip
    papers_gift.issue_statement(found, allowed.documents)
    mails.provided(found)
    return found


def _undertake(
    found: Reservation, given: Sequence[str], asked: Sequence[str], name: str, actor: Actor, own: bool
) -> None:
    """Keep what the beneficiary promises: which text, who, when. Invalid when one asked for is not given."""
    if missing := [code for code in asked if code not in given]:
        raise Invalid(
            N_("Tick the undertaking: the law asks for it."),
            field="undertaken",
            code=f"undertaking.{missing[0]}",
        )
    session().add_all(
        Undertaking(
            reservation_id=found.id, code=code, version=UNDERTAKINGS, name=name,
            person_id=actor.person_id if own else None, given_at=clock.now(),
        )
        for code in given
    )  # fmt: skip


def _facts(found: Reservation, allowed: law.Permission) -> dict[str, Any]:
    facts = {"reservation": found.reference, "price_cents": found.price_cents, "act": allowed.act}
    return facts | ({"undertakings": list(allowed.undertakings)} if allowed.undertakings else {})


def _checked_name(name: str) -> str:
    typed = " ".join(name.split())
    if not typed:
        raise Invalid(N_("Type the name of the person who signs."), field="name")
    if len(typed) > LONGEST_NAME:
        raise Invalid(N_("Shorten this name to %(most)s characters."), field="name", most=LONGEST_NAME)
    return typed
