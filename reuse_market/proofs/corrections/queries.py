"""Reads of corrections: those of a stream, one by its event, what is asked of an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.correction_models import Correction
from reuse_market.proofs.corrections.table import CORRECTABLE
from reuse_market.refurbishing.models import RemovalBatch, WasteRecord
from reuse_market.traceability import payload
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event, EventUnit

NO_EVENT = N_("This event does not exist.")


def event(uid: str) -> Event:
    """An event by its id; NotFound."""
    found = session().scalars(sa.select(Event).where(Event.uid == uid[:32])).one_or_none()
    if found is None:
        raise NotFound(NO_EVENT)
    return found


def newest(event_id: int) -> Correction | None:
    """The correction of an event that holds or waits, else the last one that did not come to be."""
    rows = session().scalars(
        sa.select(Correction).where(Correction.event_id == event_id).order_by(Correction.id.desc())
    )
    found = rows.all()
    return next((one for one in found if one.state in ("proposed", "approved")), found[0] if found else None)


def seen(uid: str, actor: Actor) -> tuple[Event, Correction]:
    """An event and its correction, for its two sides and those who oversee; NotFound otherwise."""
    of = event(uid)
    found = newest(of.id)
    if found is None or not (
        oversees(actor) or actor.is_org(found.asked_by_id) or actor.is_org(found.other_id)
    ):
        raise NotFound(NO_EVENT)
    return of, found


def of_stream(stream: str) -> dict[str, Correction]:
    """Event id (the long one) → the correction that holds, for the events of a stream."""
    statement = (
        sa.select(Event.uid, Correction)
        .join(Event, Event.id == Correction.event_id)
        .where(Event.stream == stream, Correction.state == "approved")
    )
    return dict(session().execute(statement).all())


def has_correctable(stream: str, actor: Actor) -> bool:
    """Whether the organisation has acts of its own in a stream that may be corrected."""
    return bool(session().scalar(sa.select(sa.exists().where(*_own(stream, actor)))))


def correctable(
    stream: str, actor: Actor, *, offset: int, limit: int
) -> Sequence[tuple[Event, Correction | None]]:
    """The organisation's own acts of a stream that may be corrected, newest first, each with its correction."""
    statement = (
        sa.select(Event).where(*_own(stream, actor)).order_by(Event.id.desc()).offset(offset).limit(limit)
    )
    return _with_corrections(session().scalars(statement).all())


def _with_corrections(events: Sequence[Event]) -> list[tuple[Event, Correction | None]]:
    rows = session().scalars(
        sa.select(Correction)
        .where(Correction.event_id.in_([one.id for one in events]))
        .order_by(Correction.state.in_(("proposed", "approved")), Correction.id)
    )
    last = {row.event_id: row for row in rows}
    return [(one, last.get(one.id)) for one in events]


def of_removal(batch: RemovalBatch, *, offset: int, limit: int) -> list[tuple[Event, Correction | None]]:
    """The acts of a removal its organisation may correct: that it took place, then what its devices weigh."""
    removed = sa.select(Event).where(
        Event.stream == f"organisation/{batch.organisation_id}", Event.type == "batch.removed"
    )
    found = [
        one for one in session().scalars(removed) if journal.body(one)["facts"]["batch"] == batch.reference
    ]
    of_units = (
        sa.select(Event)
        .join(EventUnit, EventUnit.event_id == Event.id)
        .join(WasteRecord, WasteRecord.unit_id == EventUnit.unit_id)
        .where(WasteRecord.batch_id == batch.id, Event.type == "unit.waste-declared")
        .where(Event.organisation_id == batch.organisation_id)
        .order_by(Event.id)
        .distinct()
    )
    told = [*found, *session().scalars(of_units)][offset : offset + limit]
    return _with_corrections(told)


def _own(stream: str, actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    types = tuple(CORRECTABLE)
    own = Event.organisation_id == actor.organisation_id
    return (Event.stream == stream, Event.type.in_(types), own)


def rank(of: Event, unit_id: int) -> int:
    """How many events of the same type this unit had before this one."""
    statement = (
        sa.select(sa.func.count())
        .select_from(EventUnit)
        .join(Event, Event.id == EventUnit.event_id)
        .where(EventUnit.unit_id == unit_id, Event.type == of.type, Event.id < of.id)
    )
    return int(session().scalar(statement) or 0)


def facts(of: Event) -> tuple[dict[str, Any], list[int]]:
    """What an event says, and its units."""
    body = journal.body(of)
    return body["facts"], list(payload.members(body["units"]))
