"""Appending to the journal. Only inside a command: row change and event share one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import in_command, kept, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event, EventCommitment, EventRange, EventUnit, StreamHead

UNITS_PER_EVENT = 1000
HEADS = "heads of streams"
Sealed = Mapping[str, tuple[str, str, str]]
_Row = tuple[Event, Sequence[int], Sequence[Sequence[int]], Sealed]


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
    found = p.merged(ranges) if ranges else p.ranges(unit_ids)
    session().flush()
    head = replace(_locked_head(stream))
    event, sealed = _made(
        act,
        head,
        event_type,
        found,
        change,
        facts,
        commitments=commitments,
        corrects=corrects,
        occurred_at=occurred_at,
    )
    _write(head, [(event, unit_ids, found if ranges else [], sealed)])
    return event


@dataclass(frozen=True, slots=True)
class Part:
    """One event of several of the same act on one stream, as `append` takes it; `event_type` where it has its own."""

    unit_ids: Sequence[int]
    change: Mapping[str, Any] | None
    facts: Mapping[str, Any]
    event_type: str = ""
    commitments: Mapping[str, str] | None = None


@dataclass(slots=True)
class _Head:
    """Where a stream stands: the last event of it, in a row locked until commit."""

    stream: str
    seq: int
    hash: str
    recorded_at: datetime | None


def append_many(act: Act, stream: str, event_type: str, parts: Sequence[Part]) -> list[Event]:
    """The same events, one after the other, as `append` part by part; written in a few statements."""
    if not in_command():
        raise RuntimeError("the journal is written only inside a command")
    if any(len(part.unit_ids) > UNITS_PER_EVENT for part in parts):
        raise ValueError("at most 1,000 units an event")
    session().flush()
    head = replace(_locked_head(stream))
    rows: list[_Row] = []
    for part in parts:
        event, sealed = _made(
            act, head, part.event_type or event_type, p.ranges(part.unit_ids), part.change, part.facts,
            commitments=part.commitments,
        )  # fmt: skip
        rows.append((event, part.unit_ids, [], sealed))
    _write(head, rows)
    return [row[0] for row in rows]


def append_all(
    act: Act, stream: str, event_type: str, unit_ids: Iterable[int], **details: Any
) -> list[Event]:
    """As many events of the same act as the units need (1,000 each); one event when there are none."""
    ids = sorted(set(unit_ids))
    chunks = [ids[i : i + UNITS_PER_EVENT] for i in range(0, len(ids), UNITS_PER_EVENT)] or [[]]
    return [append(act, stream, event_type, unit_ids=chunk, **details) for chunk in chunks]


def _locked_head(stream: str) -> _Head:
    """The head, locked; read once a command, as nobody else moves it meanwhile."""
    heads: dict[str, _Head] = kept().setdefault(HEADS, {})
    if stream not in heads:
        connection = session().connection()  # nothing mapped is read or written: past the session
        row = connection.execute(_HEAD, {"of": stream}).one_or_none()
        if row is None:
            connection.execute(_BEGIN, {"of": stream, "genesis": p.GENESIS})
            row = connection.execute(_HEAD, {"of": stream}).one()
        heads[stream] = _Head(stream, *row)
    return heads[stream]


def _made(
    act: Act, head: _Head, event_type: str, units: list[list[int]], change: Mapping[str, Any] | None,
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
        occurred_at=p.as_stamped(occurred),
        recorded_at=p.as_stamped(recorded),
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


def _write(head: _Head, rows: Sequence[_Row]) -> None:
    """Events just made, in their order, their pairs, ranges and commitments, and the head: a few statements."""
    if not rows:
        return
    connection = session().connection()
    columns = [{name: getattr(event, name) for name in COLUMNS} for event, *_ in rows]
    if len(rows) == 1:
        rows[0][0].id = connection.execute(_EVENT_ALONE, columns[0]).scalar_one()
    else:
        for (event, *_), key in zip(rows, connection.scalars(_EVENT, columns), strict=True):
            event.id = key
    connection.execute(_MOVE, {"of": head.stream, "n": head.seq, "mark": head.hash, "at": head.recorded_at})
    pairs = [{"event_id": event.id, "unit_id": i} for event, ids, _, _ in rows for i in sorted(set(ids))]
    ranges = [
        {"event_id": event.id, "first": first, "last": last}
        for event, _, found, _ in rows
        for first, last in found
    ]
    secrets = [
        {"event_id": event.id, "name": name, "value": value, "key": key}
        for event, _, _, sealed in rows
        for name, (value, _, key) in sealed.items()
    ]
    for (alone, many), values in ((_PAIR, pairs), (_RANGE, ranges), (_SECRET, secrets)):
        if len(values) == 1:
            connection.execute(alone, values[0])
        elif values:
            connection.execute(many, values).close()
    kept()[HEADS][head.stream] = head  # not before: an act that is refused half-way has moved nothing


def _tables() -> tuple[Any, Any, Any, Any, Any]:
    models = (StreamHead, Event, EventUnit, EventRange, EventCommitment)
    return tuple(model.__table__ for model in models)  # type: ignore[return-value]  # mapped classes have tables


# Written once: a statement built anew for each event costs more than the event.
_head, _event, _unit, _range, _secret = _tables()
COLUMNS = tuple(column.name for column in _event.columns if column.name != "id")
_HEAD = (
    sa.select(_head.c.seq, _head.c.hash, _head.c.recorded_at)
    .where(_head.c.stream == sa.bindparam("of"))
    .with_for_update()
)
_BEGIN = sa.text(
    "INSERT INTO stream_head (stream, seq, hash) VALUES (:of, 0, :genesis) ON CONFLICT (stream) DO NOTHING"
)
_MOVE = (
    sa.update(_head)
    .where(_head.c.stream == sa.bindparam("of"))
    .values(seq=sa.bindparam("n"), hash=sa.bindparam("mark"), recorded_at=sa.bindparam("at"))
)
_EVENT_ALONE = sa.insert(_event).returning(_event.c.id)
_EVENT = sa.insert(_event).returning(_event.c.id, sort_by_parameter_order=True)
# For one row, and for many: RETURNING makes these one statement, PostgreSQL is not asked a thousand times
_PAIR, _RANGE, _SECRET = (
    (sa.insert(table).inline(), sa.insert(table).returning(table.c.event_id))
    for table in (_unit, _range, _secret)
)
