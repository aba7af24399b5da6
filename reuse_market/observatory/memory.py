"""Counts of the whole service that a process keeps until the journal has moved, or for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.traceability.models import Event

FRESH_S = 60  # after that it is counted again, whatever the journal says: events may commit out of order
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept:
    database: object
    head: int
    at: float
    value: Any


_kept: dict[str, _Kept] = {}


def recent(name: str, count: Callable[[], T]) -> T:
    """What `count` says, or said when nothing had happened since. Every change of a unit writes an event."""
    head = db.session().scalar(sa.select(sa.func.max(Event.id))) or 0
    last = _kept.get(name)
    if last is None or (last.database, last.head) != (db.database(), head) or _is_old(last):
        last = _kept[name] = _Kept(db.database(), head, time.monotonic(), count())
    value: T = last.value
    return value


def forget() -> None:
    """Count everything again at the next question: after rows were put in past the journal (measures)."""
    _kept.clear()


def _is_old(last: _Kept) -> bool:
    return time.monotonic() - last.at > FRESH_S
