"""Reads of the journal: a stream, a unit's life, an act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event, EventCommitment, EventRange, EventUnit


@dataclass(frozen=True, slots=True)
class Told:
    """An event in short: what, when, by which organisation, on how many units."""

    type: str
    act_id: str
    organisation_id: int | None
    occurred_at: datetime
    units: int
    via: str = "self"
    uid: str = ""


class Lived(NamedTuple):
    """An event of a unit's life; `sound` when its stored bytes give its stored hash."""

    id: int
    type: str
    stream: str
    seq: int
    occurred_at: datetime
    hash: str
    sound: bool


def told_of_stream(stream: str) -> list[Told]:
    """The events of a stream in order, counted by the database: one statement, no payload read."""
    ranged = sa.func.coalesce(sa.func.sum(EventRange.last - EventRange.first + 1), 0)
    in_ranges = sa.select(ranged).where(EventRange.event_id == Event.id).scalar_subquery()
    statement = (
        sa.select(
            Event.type,
            Event.act_id,
            Event.organisation_id,
            Event.occurred_at,
            sa.func.count(EventUnit.unit_id) + in_ranges,
            Event.via,
            Event.uid,
        )
        .outerjoin(EventUnit, EventUnit.event_id == Event.id)
        .where(Event.stream == stream)
        .group_by(Event.id)
        .order_by(Event.seq)
    )
    return [Told(*row) for row in session().execute(statement)]


def events_of_stream(stream: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
    """Events of one stream in order, from `seq` > after."""
    statement = (
        sa.select(Event).where(Event.stream == stream, Event.seq > after).order_by(Event.seq).limit(limit)
    )
    return session().scalars(statement).all()


def events_of_unit(unit_id: int) -> Sequence[Event]:
    """Every event that speaks of a unit, in recording order over its streams."""
    statement = sa.select(Event).where(speaks_of(unit_id)).order_by(Event.recorded_at, Event.id)
    return session().scalars(statement).all()


def verified_life(unit_id: int) -> list[Lived]:
    """The events that speak of a unit as `events_of_unit`, each one's bytes hashed again: a light reading of them."""
    return [
        Lived(*row[:-1], p.digest(row[-1]) == row[-2]) for row in session().execute(_LIFE, {"unit": unit_id})
    ]


def speaks_of(unit_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """The criterion that an event has a pair with this unit, written one by one or in a range."""
    single = sa.select(EventUnit.event_id).where(EventUnit.unit_id == unit_id)
    ranged = sa.select(EventRange.event_id).where(EventRange.last >= unit_id, EventRange.first <= unit_id)
    return Event.id.in_(single.union(ranged))  # one list: an OR of two would read the whole journal


@contextmanager
def all_events(chunk: int = 1000) -> Iterator[Iterable[Event]]:
    """The whole journal in the order of its ids, streamed."""
    with streamed(sa.select(Event).order_by(Event.id), chunk) as rows:
        yield rows.scalars()


def body(event: Event) -> dict[str, Any]:
    """The payload of an event as a mapping."""
    return json.loads(event.payload)


def persons_of(event_ids: Sequence[int]) -> dict[int, int]:
    """Event id → person id, where the person has not been forgotten."""
    statement = sa.select(EventCommitment.event_id, EventCommitment.value).where(
        EventCommitment.event_id.in_(event_ids), EventCommitment.name == "person"
    )
    return {event_id: int(value) for event_id, value in session().execute(statement)}


_LIFE = (  # written once: building it costs more than asking it
    sa.select(Event.id, Event.type, Event.stream, Event.seq, Event.occurred_at, Event.hash, Event.payload)
    .where(speaks_of(sa.bindparam("unit", type_=sa.Integer)))
    .order_by(Event.recorded_at, Event.id)
)
