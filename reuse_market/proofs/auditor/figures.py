"""Every figure again, from the events alone: those of the log's first N entries, replayed from zero.

Nothing is read but the journal: a present state that somebody altered does not change what is told here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.streams import streamed
from reuse_market.kernel.words import N_
from reuse_market.lots.balances import Balance, place
from reuse_market.proofs.auditor.telling import Heard, fates, public
from reuse_market.proofs.replay import Replayed, fold
from reuse_market.traceability import log, payload
from reuse_market.traceability import queries as journal
from reuse_market.traceability.log_models import LogEntry
from reuse_market.traceability.models import Event, EventRange, EventUnit

CHUNK = 500
# Destination → the states of the devices counted there, once they have left their holder.
DESTINATIONS: dict[str, tuple[str, ...]] = {
    "provided": ("provided",),
    "recycled": ("recycled",),
    "parts": ("parts",),
    "waste": ("waste",),
    "in_workshop": ("in_workshop",),
    "in_stock": ("ready", "held"),
    "in_transit": ("collected",),
    "missing": ("missing",),
}


@dataclass(frozen=True, slots=True)
class Own:
    """One organisation's: devices it let go by fate, and batches of waste removed with the devices in them."""

    fates: dict[str, int]
    exits: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the first `size` entries of the log say: lots with their balance, devices by destination.

    `exits`: batches of waste removed and the devices in them. `public`: the figures of the home page. `own`: when
    one organisation was asked for, the fates of what it let go and the exits of its own register.
    """

    size: int
    lots: dict[str, Balance] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    exits: tuple[int, int] = (0, 0)
    public: dict[str, int] = field(default_factory=dict)
    own: Own | None = None


def entries() -> int:
    """How many events are committed: the size of the log once each has its position."""
    return log.entries()


def checked(size: int | None) -> int:
    """A size the log has or has had; the present one by default. Invalid beyond."""
    now = log.size()
    if size is None:
        return now
    if not 0 <= size <= now:
        raise Invalid(
            N_("The log has %(size)s entries: choose a number from 0 to that."), field="n", size=now
        )
    return size


def at(size: int, organisation_id: int | None = None) -> Figures:
    """Every figure of the log's first `size` entries; those of one organisation too when asked."""
    heard = Heard()

    def bodies() -> Generator[dict[str, Any], None, None]:
        with closing(_bodies(size)) as told:
            for body in told:
                heard.hear(body)
                yield body

    with closing(bodies()) as told:
        units, _broken = fold(told)
    states = Counter(unit.state for unit in units.values())
    totals = {name: sum(states[state] for state in held) for name, held in DESTINATIONS.items()}
    own = None
    if organisation_id is not None:
        own = Own(fates(heard, units, organisation_id), heard.removed(organisation_id))
    return Figures(size, _balances(units), totals, heard.removed(), public(heard, units), own)


def lot(reference: str, size: int) -> Balance:
    """The balance of one lot at that size. NotFound when the log knew no such lot yet."""
    found = _balances(units_of_lot(reference, size)).get(reference)
    if found is None:
        raise NotFound(N_("This lot does not exist."))
    return found


def places(reference: str, size: int) -> list[tuple[int, str, bool]]:
    """(device, the count of the balance it belongs to, found in addition) of each device of the lot at that size."""
    return [
        (unit_id, place(outcome, unit.state or ""), extra)
        for unit_id, unit in sorted(units_of_lot(reference, size).items())
        for of, outcome, extra in _engaged(unit)
        if of == reference
    ]


def units_of_lot(reference: str, size: int) -> dict[int, Replayed]:
    """The devices of a lot as the log's first `size` entries tell them."""
    stream = f"lot/{reference}"
    of_stream = (
        sa.select(Event)
        .join(LogEntry, LogEntry.event_id == Event.id)
        .where(Event.stream == stream, LogEntry.position < size)
        .order_by(Event.seq)
    )
    rows = session().scalars(of_stream)
    told, _broken = fold([journal.body(event) for event in rows], entering=True)
    ids = sorted(
        unit_id for unit_id, unit in told.items() if any(one[0] == reference for one in _engaged(unit))
    )
    units, _broken = fold(_bodies_of(ids, size), entering=True)
    return {unit_id: units[unit_id] for unit_id in ids if unit_id in units}


def _balances(units: Mapping[int, Replayed]) -> dict[str, Balance]:
    """The balance of every lot these units were in."""
    counts: dict[str, Counter[str]] = {}
    for unit in units.values():
        for reference, outcome, extra in _engaged(unit):
            of = counts.setdefault(reference, Counter())
            of[place(outcome, unit.state or "")] += 1
            of["extra" if extra else "declared"] += 1
    return {
        reference: Balance(of.pop("declared", 0), of.pop("extra", 0), **of)
        for reference, of in sorted(counts.items())
    }


def _engaged(unit: Replayed) -> Iterator[tuple[str, str | None, bool]]:
    """(lot, outcome: None while open, found in addition) of each time the unit was in a lot."""
    held = unit.open.get("lot")
    if held:
        yield held[0], None, held[3]
    for key, count in unit.closed.items():
        if key[0] == "lot":
            yield from ((key[1], key[-1], key[4]) for _ in range(count))


def _bodies(size: int) -> Generator[dict[str, Any], None, None]:
    """The payloads of the first `size` entries, in the order they were written."""
    statement = (
        sa.select(Event.payload)
        .join(LogEntry, LogEntry.event_id == Event.id)
        .where(LogEntry.position < size)
        .order_by(Event.id)
    )
    with streamed(statement) as rows:
        for stored in rows.scalars():
            yield json.loads(stored)


def _bodies_of(unit_ids: Sequence[int], size: int) -> Iterable[dict[str, Any]]:
    """The payloads that speak of these units, narrowed to them, in the order they were written."""
    wanted, ids = set(unit_ids), set()
    for start in range(0, len(unit_ids), CHUNK):
        some = unit_ids[start : start + CHUNK]
        ids |= set(session().scalars(sa.select(EventUnit.event_id).where(EventUnit.unit_id.in_(some))))
    if unit_ids:
        spans = sa.select(EventRange.event_id).where(
            EventRange.first <= max(unit_ids), EventRange.last >= min(unit_ids)
        )
        ids |= set(session().scalars(spans))
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        statement = (
            sa.select(Event.payload)
            .join(LogEntry, LogEntry.event_id == Event.id)
            .where(LogEntry.position < size, Event.id.in_(ordered[start : start + CHUNK]))
            .order_by(Event.id)
        )
        for stored in session().scalars(statement):
            body = json.loads(stored)
            mine = sorted(wanted.intersection(payload.members(body["units"])))
            yield body | {"units": payload.ranges(mine)}


def devices_of(event: Event) -> int:
    """How many devices an event speaks of."""
    return _count(journal.body(event))


def _count(body: Mapping[str, Any]) -> int:
    return sum(last - first + 1 for first, last in body["units"])
