"""Verbs of the ledger: lines of spend made elsewhere, their undo, and the two figures of a year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec import policy
from reuse_market.obligations.agec.agec_models import AMOUNTS, AgecEntry, AgecYear
from reuse_market.obligations.agec.amounts import MOST_CENTS
from reuse_market.obligations.agec.categories import CODES, EARLIEST
from reuse_market.traceability import journal

TEXTS = {"supplier": 120, "reference": 60, "comment": 300}
VALUES = ("year", "category", "day", *AMOUNTS, *TEXTS)
UNKNOWN = N_("This line does not exist.")


@command
def add_entry(*, actor: Actor, **values: Any) -> AgecEntry:
    """Add a line of spend made elsewhere: category, day or year, amount HT, of which reused and recycled, gift.

    Cents before tax. Refused: an organisation the law does not bind; values out of bounds (Invalid, by field).
    """
    own = policy.require_keeper(actor)
    made = AgecEntry(
        organisation_id=own, source="typed", fingerprint="", made_at=clock.now(), **checked(values)
    )
    made.fingerprint = fingerprint(_values(made))
    session().add(made)
    session().flush()
    _tell("agec.entry-added", made, actor)
    return made


@command
def change_entry(entry_id: int, *, actor: Actor, **values: Any) -> AgecEntry:
    """Change a line; what it said before is kept for one undo. NotFound for another's, or one taken away."""
    found = _locked(entry_id, actor)
    if found.removed_at is not None:
        raise NotFound(UNKNOWN)
    before, after = _values(found), checked({**_values(found), **values})
    if before == after:
        return found
    found.before = _kept(before)
    _put(found, after)
    _tell("agec.entry-changed", found, actor)
    return found


@command
def remove_entry(entry_id: int, *, actor: Actor) -> AgecEntry:
    """Take a line out of the ledger; it can come back. NotFound for another's; done twice changes nothing."""
    found = _locked(entry_id, actor)
    if found.removed_at is None:
        found.removed_at = clock.now()
        _tell("agec.entry-removed", found, actor)
    return found


@command
def restore_entry(entry_id: int, *, actor: Actor) -> AgecEntry:
    """Undo the last change of a line: it comes back, or says again what it said. Conflict: nothing to undo."""
    found = _locked(entry_id, actor)
    if found.removed_at is not None:
        found.removed_at = None
    elif found.before is not None:
        before, found.before = _told(found.before), _kept(_values(found))
        _put(found, before)
    else:
        raise Conflict(N_("There is nothing to undo on this line."), code="agec.nothing-to-undo")
    _tell("agec.entry-restored", found, actor)
    return found


@command
def set_totals(
    year: int, category: str, total_cents: int | None, reused_cents: int | None, *, actor: Actor
) -> AgecYear | None:
    """Say in two figures what was spent in all (purchases made here included) and reused elsewhere.

    They stand in for the year's lines of that category; both None clears them. Refused: one without the other;
    an unknown category; a year out of bounds.
    """
    own = policy.require_keeper(actor)
    _check_place(year, category)
    found = session().scalars(
        sa.select(AgecYear).where(
            AgecYear.organisation_id == own, AgecYear.year == year, AgecYear.category == category
        ).with_for_update()
    ).one_or_none()  # fmt: skip
    if total_cents is None and reused_cents is None:
        _clear(found, own, actor)
        return None
    for name, cents in (("total_cents", total_cents), ("reused_cents", reused_cents)):
        if cents is None or not 0 <= cents <= MOST_CENTS:
            raise Invalid(N_("Enter an amount in euros, for example 180.50."), field=name)
    if found is None:
        found = AgecYear(organisation_id=own, year=year, category=category)
        session().add(found)
    found.total_cents, found.reused_cents = total_cents or 0, reused_cents or 0
    found.set_at = clock.now()
    session().flush()
    facts = {"year": year, "category": category, "total_cents": total_cents, "reused_cents": reused_cents}
    journal.append(journal.Act(actor), organisation_stream(own), "agec.totals-set", facts=facts)
    return found


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a line within their bounds, or Invalid naming the field. The year is that of the day, if any."""
    day, year = values.get("day"), values.get("year")
    if day is not None:
        if day > clock.today():
            raise Invalid(N_("Enter a date of today at the latest."), field="day")
        year = day.year
    if year is None:
        raise Invalid(N_("Enter the date, or the year."), field="day")
    _check_place(year, values.get("category") or "")
    made: dict[str, Any] = {"year": year, "category": values["category"], "day": day}
    for name in AMOUNTS:
        cents = values.get(name) or 0
        if abs(cents) > MOST_CENTS or (name == "gift_cents" and cents < 0):
            raise Invalid(N_("Enter an amount in euros, for example 180.50."), field=name)
        made[name] = cents
    for name in ("reused_cents", "recycled_cents"):
        if abs(made[name]) > abs(made["amount_cents"]) or made[name] * made["amount_cents"] < 0:
            raise Invalid(N_("This is a part of the amount: it cannot be more."), field=name)
    if not any(made[name] for name in AMOUNTS):
        raise Invalid(N_("Enter an amount other than zero."), field="amount_cents")
    for name, most in TEXTS.items():
        made[name] = " ".join((values.get(name) or "").split())[:most]
    return made


def fingerprint(values: Mapping[str, Any]) -> str:
    """What tells the same line of two files: all it says but its comment."""
    told = [str(values[name]) for name in VALUES if name != "comment"]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


def _check_place(year: int, category: str) -> None:
    if not EARLIEST <= year <= clock.today().year:
        raise Invalid(
            N_("Enter a year between %(first)s and %(last)s."),
            field="year",
            first=EARLIEST,
            last=clock.today().year,
        )
    if category not in CODES:
        raise Invalid(N_("Choose an answer."), field="category")


def _clear(found: AgecYear | None, own: int, actor: Actor) -> None:
    if found is None:
        return
    facts = {"year": found.year, "category": found.category}
    session().delete(found)
    session().flush()
    journal.append(journal.Act(actor), organisation_stream(own), "agec.totals-cleared", facts=facts)


def _locked(entry_id: int, actor: Actor) -> AgecEntry:
    own = policy.require_keeper(actor)
    found = lock(AgecEntry, AgecEntry.id == entry_id)
    if found is None or found.organisation_id != own:
        raise NotFound(UNKNOWN)
    return found


def _put(found: AgecEntry, values: Mapping[str, Any]) -> None:
    for name in VALUES:
        setattr(found, name, values[name])
    found.fingerprint = fingerprint(values)


def _values(found: AgecEntry) -> dict[str, Any]:
    return {name: getattr(found, name) for name in VALUES}


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "day": values["day"].isoformat() if values["day"] else None}


def _told(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {**kept, "day": date.fromisoformat(kept["day"]) if kept["day"] else None}


def _tell(event: str, found: AgecEntry, actor: Actor) -> None:
    """Codes and cents only: what is written in a line never enters the journal."""
    facts = {"entry": found.id, "year": found.year, "category": found.category}
    facts |= {name: getattr(found, name) for name in AMOUNTS}
    journal.append(journal.Act(actor), organisation_stream(found.organisation_id), event, facts=facts)
