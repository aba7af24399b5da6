"""Checking the chains: what `flask journal verify` says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event, EventCommitment, EventRange, EventUnit, StreamHead


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken: which rule, on what, and why."""

    rule: str
    subject: str
    reason: str


def verify_chains() -> list[Fault]:
    """Check every stream: bytes, hashes, gapless sequence, links, columns, commitments, heads, pairs.

    Sees an edit, a deletion in the middle, a reordering, a shifted column. A cut tail whose head was
    repaired, or a consistent rewrite, is only seen by checkpoints held by others.
    """
    faults: list[Fault] = []
    heads: dict[str, tuple[int, str]] = {}
    last: tuple[str, int, str, str] | None = None
    rows = session().scalars(
        sa.select(Event).order_by(Event.stream, Event.seq).execution_options(yield_per=1000)
    )
    for event in rows:
        if last is None or last[0] != event.stream:
            last = (event.stream, 0, p.GENESIS, "")
        faults += _check_event(event, last)
        last = (event.stream, event.seq, event.hash, p.stamp(event.recorded_at))
        heads[event.stream] = (event.seq, event.hash)
    return faults + _check_heads(heads) + _check_commitments() + _check_pairs()


def _check_event(event: Event, last: tuple[str, int, str, str]) -> list[Fault]:
    subject = f"{event.stream}#{event.seq}"
    faults: list[Fault] = []

    def fault(rule: str, reason: str) -> None:
        faults.append(Fault(rule, subject, reason))

    if p.digest(event.payload) != event.hash:
        fault("journal.hash", "the stored bytes do not give the stored hash")
    if event.seq != last[1] + 1:
        fault("journal.sequence", f"expected {last[1] + 1}, found {event.seq}")
    try:
        body: dict[str, Any] = json.loads(event.payload)
    except ValueError:
        fault("journal.bytes", "the payload is not JSON")
        return faults
    if p.canonical(body) != event.payload:
        fault("journal.bytes", "the payload is not canonical")
    if body.get("prev") != last[2]:
        fault("journal.link", "the event does not follow the one before it")
    for column, value in _columns(event).items():
        if body.get(column) != value:
            fault("journal.column", f"column {column} differs from the payload")
    if body.get("actor") != {"organisation": event.organisation_id, "via": event.via}:
        fault("journal.column", "the actor's columns differ from the payload")
    if str(body.get("recorded_at")) < last[3]:
        fault("journal.time", "recorded before the event it follows")
    if str(body.get("occurred_at")) > str(body.get("recorded_at")):
        fault("journal.time", "dated after its recording")
    return faults


def _columns(event: Event) -> dict[str, Any]:
    return {
        "id": event.uid,
        "stream": event.stream,
        "seq": event.seq,
        "type": event.type,
        "act_id": event.act_id,
        "occurred_at": p.stamp(event.occurred_at),
        "recorded_at": p.stamp(event.recorded_at),
    }


def _check_heads(found: dict[str, tuple[int, str]]) -> list[Fault]:
    kept = {h.stream: (h.seq, h.hash) for h in session().scalars(sa.select(StreamHead)) if h.seq}
    return [
        Fault("journal.head", stream, f"head says {kept.get(stream)}, chain ends at {found.get(stream)}")
        for stream in sorted(set(kept) | set(found))
        if kept.get(stream) != found.get(stream)
    ]


def _check_commitments() -> list[Fault]:
    faults = []
    rows = session().execute(
        sa.select(EventCommitment, Event)
        .join(Event, Event.id == EventCommitment.event_id)
        .execution_options(yield_per=1000)
    )
    for kept, event in rows:
        marks = json.loads(event.payload).get("commitments", {})
        if marks.get(kept.name) != p.commitment(kept.value, kept.key):
            faults.append(
                Fault(
                    "journal.commitment", f"{event.stream}#{event.seq}", f"value of {kept.name} was changed"
                )
            )
    return faults


def _check_pairs() -> list[Fault]:
    """event_unit and event_range must be exactly what the payloads say."""
    faults = []
    kept: dict[int, list[list[int]]] = {}
    for event_id, unit_id in session().execute(sa.select(EventUnit.event_id, EventUnit.unit_id)):
        kept.setdefault(event_id, []).append([unit_id, unit_id])
    ranged = sa.select(EventRange.event_id, EventRange.first, EventRange.last)
    for event_id, first, last in session().execute(ranged):
        kept.setdefault(event_id, []).append([first, last])
    rows = session().execute(
        sa.select(Event.id, Event.stream, Event.seq, Event.payload).execution_options(yield_per=1000)
    )
    for event_id, stream, seq, stored in rows:
        if json.loads(stored).get("units", []) != p.merged(kept.pop(event_id, [])):
            faults.append(Fault("journal.pairs", f"{stream}#{seq}", "the pairs differ from the payload"))
    faults += [Fault("journal.pairs", f"event {event_id}", "pairs without an event") for event_id in kept]
    return faults
