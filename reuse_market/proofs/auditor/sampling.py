"""A sample anybody can draw again: the same seed and the same size of the log give the same draw.

Draw number k is SHA-256 of "parc-commun/sample/1:SEED:WHAT:N:k", read as a number, modulo what there is to draw
from; what was drawn already, or does not exist, is passed over (docs/audit.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.proofs.finding import Found, told
from reuse_market.traceability.log_models import LogEntry
from reuse_market.traceability.models import Event, EventRange, EventUnit
from reuse_market.units.models import Unit

MOST = 200
WHAT = ("events", "units")
TRIES = 50  # draws a row wanted, before giving up: identifiers have gaps
PREFIX = "parc-commun/sample/1"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry of the log in the sample."""

    position: int
    uid: str
    type: str
    stream: str
    occurred_at: datetime
    hash: str


def numbers(seed: str, what: str, size: int, among: int) -> Iterator[int]:
    """The draws, from 0 to `among` - 1, repeats included, without end; none when there is nothing to draw from."""
    k = 0
    while among > 0:
        said = f"{PREFIX}:{seed}:{what}:{size}:{k}".encode()
        yield int.from_bytes(hashlib.sha256(said).digest(), "big") % among
        k += 1


def events(seed: str, count: int, size: int) -> list[Drawn]:
    """`count` entries of the log's first `size`, in the order drawn."""
    _check(seed, count)
    chosen = _distinct(seed, "events", size, size, count, lambda _number: True)
    columns = (LogEntry.position, Event.uid, Event.type, Event.stream, Event.occurred_at, Event.hash)
    statement = (
        sa.select(*columns)
        .join(Event, Event.id == LogEntry.event_id)
        .where(LogEntry.position.in_(chosen), LogEntry.position < size)
    )
    found = {row.position: Drawn(*row) for row in session().execute(statement)}
    return [found[position] for position in chosen if position in found]


def units(seed: str, count: int, size: int) -> list[Found]:
    """`count` devices the log's first `size` entries speak of, in the order drawn (by their number)."""
    _check(seed, count)
    chosen = [
        number + 1
        for number in _distinct(seed, "units", size, _last_unit(size), count, lambda n: _known(n + 1, size))
    ]
    rows = {unit.id: unit for unit in session().scalars(sa.select(Unit).where(Unit.id.in_(chosen)))}
    return told([rows[unit_id] for unit_id in chosen if unit_id in rows])


def _distinct(
    seed: str, what: str, size: int, among: int, count: int, fits: Callable[[int], bool]
) -> list[int]:
    seen: set[int] = set()
    chosen: list[int] = []
    for tried, number in enumerate(numbers(seed, what, size, among)):
        if len(chosen) >= min(count, among) or tried >= TRIES * count:
            break
        if number not in seen and fits(number):
            chosen.append(number)
        seen.add(number)
    return chosen


def _last_unit(size: int) -> int:
    """The highest number of a device the log's first `size` entries speak of."""
    before = sa.select(LogEntry.event_id).where(LogEntry.position < size)
    single = session().scalar(sa.select(sa.func.max(EventUnit.unit_id)).where(EventUnit.event_id.in_(before)))
    ranged = session().scalar(sa.select(sa.func.max(EventRange.last)).where(EventRange.event_id.in_(before)))
    return max(single or 0, ranged or 0)


def _known(unit_id: int, size: int) -> bool:
    """Whether the log's first `size` entries speak of this device."""
    single = sa.select(EventUnit.event_id).where(EventUnit.unit_id == unit_id)
    ranged = sa.select(EventRange.event_id).where(EventRange.first <= unit_id, EventRange.last >= unit_id)
    known = sa.select(LogEntry.position).where(
        LogEntry.event_id.in_(single.union(ranged)), LogEntry.position < size
    )
    return session().scalar(known.limit(1)) is not None


def _check(seed: str, count: int) -> None:
    if not seed.strip():
        raise Invalid(N_("Say which seed to draw with."), field="seed")
    if not 1 <= count <= MOST:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="count", most=MOST)
