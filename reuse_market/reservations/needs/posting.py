"""A structure says what it looks for, changes it, closes it; the operator takes it down or says whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.places import queries as places
from reuse_market.reservations import acting
from reuse_market.reservations.needs import ending, mails, policy, telling
from reuse_market.reservations.needs.lifecycle import NEED
from reuse_market.reservations.needs.need_models import NEED_SOURCES, Need, NeedMatch
from reuse_market.reservations.needs.words import CLOSINGS, PUBLICS

MOST_UNITS = 5000
LONGEST_NOTE = 300
LIMITS = {"ram_mb": 1024 * 1024, "storage_mb": 100_000_000, "screen_tenths": 1000}
MOST_PRICE = 1_000_000
UNKNOWN = N_("This need does not exist.")
# A note says what a list cannot; an address, a number or a web link would say who.
_SAYS_WHO = re.compile(r"@|https?://|www\.|(?:\d[\s.\-]?){9,}")


@command
def post_need(
    *,
    actor: Actor,
    kind: str,
    units: int,
    organisation_id: int | None = None,
    ram_mb: int | None = None,
    storage_mb: int | None = None,
    screen_tenths: int | None = None,
    wanted_by: date | None = None,
    publics: Iterable[str] = (),
    max_price_cents: int | None = None,
    commune_insee: str | None = None,
    source: str | None = None,
    note: str = "",
) -> Need:
    """Post a need (state open): of the actor's organisation, of the one the operator names, or of none yet.

    A request without account comes `via` link or system and is attached later (`attach_need`). Refused:
    NotAllowed to others, or for another organisation; Invalid for an unknown kind, class or commune, 0 units,
    a day gone by, a note that holds an address or a number.
    """
    if not policy.may_post(actor):
        raise refusal(policy.may_post, actor, "need.post",
                      N_("Only associations and buyers post a need, or the operator for them."))  # fmt: skip
    owner = _owner(organisation_id, actor)
    said = _checked({
        "kind": kind, "units": units, "ram_mb": ram_mb, "storage_mb": storage_mb, "screen_tenths": screen_tenths,
        "wanted_by": wanted_by, "publics": publics, "max_price_cents": max_price_cents,
        "commune_insee": commune_insee, "note": note,
    })  # fmt: skip
    if said["commune_insee"] is None and owner is not None:
        said["commune_insee"] = _commune_of(owner)
    made = Need(
        reference=next_reference("BES"), state="open", organisation_id=owner, posted_at=clock.now(),
        source=_source(source, actor), **said,
    )  # fmt: skip
    session().add(made)
    session().flush()
    telling.need(actor, "need.posted", made)
    mails.posted(made)
    return made


@command
def change_need(reference: str, *, actor: Actor, **values: Any) -> Need:
    """Change what a need asks for, while nothing is proposed for it; `values` as in `post_need`.

    What is not given stays. Refused: NotFound to who may not see it; Conflict once matched or over.
    """
    found = locked(reference, actor)
    before = {name: getattr(found, name) for name in FIELDS} | {"publics": _codes(found.publics)}
    said = _checked(before | {name: value for name, value in values.items() if name in before},
                    since=found.wanted_by)  # fmt: skip
    NEED.fire("change", found, actor, **said)
    telling.need(actor, "need.changed", found)
    return found


@command
def close_need(reference: str, reason: str, *, actor: Actor) -> Need:
    """Close a need, with a reason of words.CLOSINGS; what is proposed for it and not taken lapses.

    Devices reserved meanwhile stay so. Refused: NotFound to who may not see it, Conflict when it is over.
    """
    acting.lock_all(_held(reference))
    found = locked(reference, actor)
    if reason not in CLOSINGS:
        raise Invalid(N_("Choose an answer."), field="reason")
    NEED.fire("close", found, actor, reason=reason, ended_at=clock.now())
    telling.need(actor, "need.closed", found, {"reason": reason})
    ending.let_go(found)
    mails.closed(found, actor)
    return found


@command
def attach_need(reference: str, organisation_id: int, *, actor: Actor) -> Need:
    """The operator says whose need it is, once: from then on the structure sees it and answers.

    Refused: NotAllowed to others; NotFound; Invalid when it is somebody's already or the organisation may
    neither buy nor receive.
    """
    found = lock(Need, Need.reference == reference)
    if found is None or not (policy.operator(actor) or policy.may_see(actor, found)):
        raise NotFound(UNKNOWN)
    NEED.require("attach", found, actor)
    if found.organisation_id not in (None, organisation_id):
        raise Invalid(N_("This need is already another organisation’s."), field="organisation_id")
    _require_asking(organisation_id)
    commune = found.commune_insee or _commune_of(organisation_id)
    NEED.fire("attach", found, actor, organisation_id=organisation_id, commune_insee=commune)
    telling.need(actor, "need.attached", found)
    mails.posted(found)
    return found


FIELDS = (
    "kind", "units", "ram_mb", "storage_mb", "screen_tenths", "wanted_by", "publics", "max_price_cents",
    "commune_insee", "note",
)  # fmt: skip


def _held(reference: str) -> Sequence[int | None]:
    """Reservations that hold what is proposed for a need."""
    held = sa.select(NeedMatch.reservation_id).join(Need, Need.id == NeedMatch.need_id)
    return session().scalars(held.where(Need.reference == reference, NeedMatch.state == "proposed")).all()


def locked(reference: str, actor: Actor) -> Need:
    """The need, locked; NotFound to who may not see whose it is."""
    found = lock(Need, Need.reference == reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(UNKNOWN)
    return found


def _owner(organisation_id: int | None, actor: Actor) -> int | None:
    if actor.via in ("link", "system"):
        return None
    if actor.has(*policy.ASKING) and organisation_id in (None, actor.organisation_id):
        return actor.organisation_id
    if not policy.operator(actor):
        raise NotAllowed(N_("Only the operator posts a need for another organisation."), code="need.for")
    if organisation_id is not None:
        _require_asking(organisation_id)
    return organisation_id


def _require_asking(organisation_id: int) -> None:
    found = accounts.organisation(organisation_id)
    if found is None or not set(accounts.roles_of(organisation_id)) & set(policy.ASKING):
        raise Invalid(N_("Choose an association or a buyer."), field="organisation_id")


def _source(given: str | None, actor: Actor) -> str:
    usual = {"link": "request", "system": "request", "operator": "phone"}.get(actor.via, "account")
    if policy.operator(actor):
        usual = "phone"
    return given if given in NEED_SOURCES else usual


def _commune_of(organisation_id: int) -> str | None:
    site = accounts.base_site(organisation_id)
    return site.commune_insee if site else None


def _checked(said: dict[str, Any], since: date | None = None) -> dict[str, Any]:
    """The values as they are kept. `since`: the day it said before, which may be over by now."""
    if equipment.kind(said["kind"]) is None:
        raise Invalid(N_("Choose an answer."), field="kind")
    if not 1 <= (said["units"] or 0) <= MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=MOST_UNITS)
    for name, most in LIMITS.items() | {("max_price_cents", MOST_PRICE)}:
        value = said[name]
        least = 0 if name == "max_price_cents" else 1
        if value is not None and not least <= value <= most:
            raise Invalid(
                N_("Enter a number between %(least)s and %(most)s."), field=name, least=least, most=most
            )
    day = said["wanted_by"]
    if day is not None and day < clock.today() and day != since:
        raise Invalid(N_("Choose today or a later day."), field="wanted_by")
    if said["commune_insee"] and places.commune(said["commune_insee"]) is None:
        raise Invalid(N_("Choose a commune of the list."), field="commune_insee")
    return said | {
        "publics": _publics(said["publics"]), "note": _note(said["note"]),
        "commune_insee": said["commune_insee"] or None,
    }  # fmt: skip


def _publics(given: Iterable[str]) -> str:
    chosen = set(given)
    if not chosen <= PUBLICS.keys():
        raise Invalid(N_("Choose an answer."), field="publics")
    return ",".join(code for code in PUBLICS if code in chosen)


def _note(given: str) -> str:
    note = " ".join((given or "").split())
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("Use at most %(most)s characters."), field="note", most=LONGEST_NOTE)
    if _SAYS_WHO.search(note):
        raise Invalid(N_("Name nobody here: no address, no phone number."), field="note")
    return note


def _codes(kept: str) -> list[str]:
    return [code for code in kept.split(",") if code]
