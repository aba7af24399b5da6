"""Appending to the journal. Only inside a command: row change and event share one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import in_command, lock, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event, EventCommitment, EventRange, EventUnit, StreamHead

UNITS_PER_EVENT = 1000
Sealed = Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Act:
    """What every event of one act shares. `person` and other personal values go in as commitments only."""

    actor: Actor
    act_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    occurred_at: datetime | None = None


def append(
    act: Act,
    stream: str,
    event_type: str,
    *,
    unit_ids: Sequence[int] = (),
    ranges: Sequence[Sequence[int]] = (),
    change: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    commitments: Mapping[str, str] | None = None,
    corrects: str | None = None,
    occurred_at: datetime | None = None,
) -> Event:
    """Append one event (at most 1,000 units, or any number as `ranges` of ids) and return its row.

    `change` says what the act does to its units (state, owner, custodian, regime, engagements opened and
    closed), so that a replay needs no knowledge of event types. `facts` are codes and integers.
    `commitments` are values kept beside and forgettable; the actor's person is always one of them.
    Refused: a date after its recording; text that is not a code.
    """
    if not in_command():
        raise RuntimeError("the journal is written only inside a command")
    if len(unit_ids) > UNITS_PER_EVENT or (unit_ids and ranges):
        raise ValueError("at most 1,000 units an event, or ranges of them")
    head = _locked_head(stream)
    event, sealed = _made(
        act, head, event_type, p.merged(ranges) if ranges else p.ranges(unit_ids), change, facts,
        commitments=commitments, corrects=corrects, occurred_at=occurred_at,
    )  # fmt: skip
    session().add(event)
    session().flush()
    _write_side_rows([(event, unit_ids, p.merged(ranges) if ranges else [], sealed)])
    return event


@dataclass(frozen=True, slots=True)
class Part:
    """One event of several of the same act and kind on one stream, as `append` takes it."""

    unit_ids: Sequence[int]
    change: Mapping[str, Any] | None
    facts: Mapping[str, Any]


def append_many(act: Act, stream: str, event_type: str, parts: Sequence[Part]) -> list[Event]:
    """The same events, one after the other, as `append` part by part; written in a few statements."""
    if not in_command():
        raise RuntimeError("the journal is written only inside a command")
    if any(len(part.unit_ids) > UNITS_PER_EVENT for part in parts):
        raise ValueError("at most 1,000 units an event")
    head = _locked_head(stream)
    rows: list[tuple[Event, Sequence[int], Sequence[Sequence[int]], Sealed]] = []
    for part in parts:
        made = _made(act, head, event_type, p.ranges(part.unit_ids), part.change, part.facts)
        rows.append((made[0], part.unit_ids, [], made[1]))
    session().add_all([row[0] for row in rows])
    session().flush()
    _write_side_rows(rows)
    return [row[0] for row in rows]


def append_all(
    act: Act, stream: str, event_type: str, unit_ids: Iterable[int], **details: Any
) -> list[Event]:
    """As many events of the same act as the units need (1,000 each); one event when there are none."""
    ids = sorted(set(unit_ids))
    chunks = [ids[i : i + UNITS_PER_EVENT] for i in range(0, len(ids), UNITS_PER_EVENT)] or [[]]
    return [append(act, stream, event_type, unit_ids=chunk, **details) for chunk in chunks]


def _locked_head(stream: str) -> StreamHead:
    head = lock(StreamHead, StreamHead.stream == stream)
    if head is None:
        session().execute(
            sa.text(
                "INSERT INTO stream_head (stream, seq, hash) VALUES (:s, 0, :h) ON CONFLICT (stream) DO NOTHING"
            ),
            {"s": stream, "h": p.GENESIS},
        )
        head = lock(StreamHead, StreamHead.stream == stream)
    return head


def _made(
    act: Act, head: StreamHead, event_type: str, units: list[list[int]], change: Mapping[str, Any] | None,
    facts: Mapping[str, Any] | None, *, commitments: Mapping[str, str] | None = None, corrects: str | None = None,
    occurred_at: datetime | None = None,
) -> tuple[Event, Sealed]:  # fmt: skip
    """The next event of a locked stream, its head moved on; not written yet."""
    recorded = max(clock.now(), head.recorded_at) if head.recorded_at else clock.now()
    occurred = occurred_at or act.occurred_at or recorded
    if occurred > recorded:
        raise Invalid(N_("An act cannot be dated after it is recorded."), field="occurred_at")
    sealed = _sealed(act, commitments)
    body: dict[str, Any] = {
        "v": p.VERSION,
        "id": uuid.uuid4().hex,
        "act_id": act.act_id,
        "stream": head.stream,
        "seq": head.seq + 1,
        "prev": head.hash,
        "type": event_type,
        "actor": {"organisation": act.actor.organisation_id, "via": act.actor.via},
        "occurred_at": p.stamp(occurred),
        "recorded_at": p.stamp(recorded),
        "units": units,
        "change": dict(change) if change else None,
        "facts": dict(facts or {}),
        "commitments": {name: mark for name, (_, mark, _) in sealed.items()},
        "corrects": corrects,
    }
    told = {"stream": head.stream, "type": event_type, "change": body["change"], "facts": body["facts"]}
    p.check(told, "payload")
    stored = p.canonical(body)
    event = Event(
        uid=body["id"],
        stream=head.stream,
        seq=body["seq"],
        type=event_type,
        act_id=act.act_id,
        organisation_id=act.actor.organisation_id,
        via=act.actor.via,
        occurred_at=p.read_stamp(body["occurred_at"]),
        recorded_at=p.read_stamp(body["recorded_at"]),
        payload=stored,
        hash=p.digest(stored),
    )
    head.seq, head.hash, head.recorded_at = event.seq, event.hash, event.recorded_at
    return event, sealed


def _sealed(act: Act, commitments: Mapping[str, str] | None) -> Sealed:
    """Name → (value, commitment, key) of what may be forgotten; the actor's person always among them."""
    secret = dict(commitments or {})
    if act.actor.person_id is not None:
        secret["person"] = str(act.actor.person_id)
    if act.actor.on_behalf_id is not None:
        secret["on_behalf"] = str(act.actor.on_behalf_id)
    return {name: (value, *p.commit_value(value)) for name, value in secret.items()}


def _write_side_rows(rows: Sequence[tuple[Event, Sequence[int], Sequence[Sequence[int]], Sealed]]) -> None:
    """The pairs, ranges and commitments of events just written."""
    pairs = [{"event_id": event.id, "unit_id": i} for event, ids, _, _ in rows for i in sorted(set(ids))]
    ranges = [
        {"event_id": event.id, "first": first, "last": last}
        for event, _, found, _ in rows
        for first, last in found
    ]
    kept = [
        {"event_id": event.id, "name": name, "value": value, "key": key}
        for event, _, _, sealed in rows
        for name, (value, _, key) in sealed.items()
    ]
    if pairs:  # RETURNING makes many rows of one statement: PostgreSQL is not asked a thousand times
        table: Any = EventUnit.__table__
        session().execute(sa.insert(table).returning(table.c.event_id), pairs).close()
    for model, values in ((EventRange, ranges), (EventCommitment, kept)):
        if values:
            session().execute(sa.insert(model), values)
