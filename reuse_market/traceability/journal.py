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
from reuse_market.traceability.models import Event, EventCommitment, EventUnit, StreamHead

UNITS_PER_EVENT = 1000


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
    change: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    commitments: Mapping[str, str] | None = None,
    corrects: str | None = None,
    occurred_at: datetime | None = None,
) -> Event:
    """Append one event (at most 1,000 units) to `stream` and return its row.

    `change` says what the act does to its units (state, owner, custodian, regime, engagements opened and
    closed), so that a replay needs no knowledge of event types. `facts` are codes and integers.
    `commitments` are values kept beside and forgettable; the actor's person is always one of them.
    Refused: a date after its recording; text that is not a code.
    """
    if not in_command():
        raise RuntimeError("the journal is written only inside a command")
    if len(unit_ids) > UNITS_PER_EVENT:
        raise ValueError("at most 1,000 units an event")
    head = _locked_head(stream)
    recorded = max(clock.now(), head.recorded_at) if head.recorded_at else clock.now()
    occurred = occurred_at or act.occurred_at or recorded
    if occurred > recorded:
        raise Invalid(N_("An act cannot be dated after it is recorded."), field="occurred_at")
    secret = dict(commitments or {})
    if act.actor.person_id is not None:
        secret["person"] = str(act.actor.person_id)
    if act.actor.on_behalf_id is not None:
        secret["on_behalf"] = str(act.actor.on_behalf_id)
    sealed = {name: (value, *p.commit_value(value)) for name, value in secret.items()}
    body: dict[str, Any] = {
        "v": p.VERSION,
        "id": uuid.uuid4().hex,
        "act_id": act.act_id,
        "stream": stream,
        "seq": head.seq + 1,
        "prev": head.hash,
        "type": event_type,
        "actor": {"organisation": act.actor.organisation_id, "via": act.actor.via},
        "occurred_at": p.stamp(occurred),
        "recorded_at": p.stamp(recorded),
        "units": p.ranges(unit_ids),
        "change": dict(change) if change else None,
        "facts": dict(facts or {}),
        "commitments": {name: mark for name, (_, mark, _) in sealed.items()},
        "corrects": corrects,
    }
    p.check(
        {"stream": stream, "type": event_type, "change": body["change"], "facts": body["facts"]}, "payload"
    )
    stored = p.canonical(body)
    event = Event(
        uid=body["id"],
        stream=stream,
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
    session().add(event)
    head.seq, head.hash, head.recorded_at = event.seq, event.hash, event.recorded_at
    session().flush()
    _write_side_rows(event, unit_ids, sealed)
    return event


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


def _write_side_rows(
    event: Event, unit_ids: Sequence[int], sealed: Mapping[str, tuple[str, str, str]]
) -> None:
    if unit_ids:
        session().execute(
            sa.insert(EventUnit), [{"event_id": event.id, "unit_id": i} for i in sorted(set(unit_ids))]
        )
    if sealed:
        session().execute(
            sa.insert(EventCommitment),
            [{"event_id": event.id, "name": n, "value": v, "key": k} for n, (v, _, k) in sealed.items()],
        )
