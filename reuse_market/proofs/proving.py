"""Proof files: events, their place in the signed log, the checkpoint that covers them, and a seal.

`verify.py` checks what is made here. The seal is a signed note that states what a file holds, so that one event
taken out of it, or the last ones cut, is seen by whoever reads it (docs/adr/0020).
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.proofs.verify import EXPORT, PROOF, SEAL
from reuse_market.traceability import checkpoints, keys, log, notes, tree
from reuse_market.traceability.log_models import Checkpoint, LogEntry
from reuse_market.traceability.models import Event

CHUNK = 500
PENDING = N_("No checkpoint covers these events yet: come back in an hour.")
Reads = Callable[[Event], bool]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Covered:
    """A checkpoint, and the positions of the events it covers, by event id."""

    checkpoint: Checkpoint
    positions: dict[int, int]


def everything(_event: Event) -> bool:
    """For those who may read every event: the command line, the overseers."""
    return True


def proof(
    subject: str, events: Sequence[Event], reads: Reads = everything, *, fresh: bool = True
) -> Document:
    """The proof file of these events; `reads` says which texts this reader gets (the others stay fingerprints).

    `fresh`: a checkpoint is made first when the newest event has none. Without it, the events that no checkpoint
    covers yet are left out and counted under `left_out`. Refused: nothing is covered yet.
    """
    found = covered(events, fresh=fresh)
    kept = [event for event in events if event.id in found.positions]
    if not kept:
        raise Conflict(
            N_("No checkpoint covers these events yet: come back in an hour."), code="proof.pending"
        )
    return _document(PROOF, subject, kept, found, reads) | {"left_out": len(events) - len(kept)}


def export(stream: str, events: Sequence[Event], reads: Reads = everything) -> Document:
    """The whole stream, from its first event; a checkpoint is made first when the newest event has none."""
    return _document(EXPORT, stream, events, covered(events, fresh=True), reads)


def covered(events: Sequence[Event], *, fresh: bool) -> Covered:
    """The latest checkpoint (made now when `fresh` and one is missing) and what it covers of these events."""
    latest = checkpoints.latest()
    positions = _positions(events, latest)
    if fresh and len(positions) < len({event.id for event in events}):
        latest = checkpoints.make("proof")
        positions = _positions(events, latest)
    if latest is None:
        raise Conflict(PENDING, code="proof.pending")
    return Covered(latest, positions)


def seal(kind: str, subject: str, count: int, digest: bytes, checkpoint: Checkpoint) -> str:
    """The signed note that says: this file of this kind holds exactly this, and goes with that checkpoint.

    Refused when another key signs by now: the next checkpoint brings both together again.
    """
    key = keys.signing_key(first=False)
    if key.public.vkey != checkpoint.key:
        raise Conflict(
            N_("A new key signs since today: come back after the next checkpoint."), code="proof.key"
        )
    told = (SEAL, kind, subject, str(count), base64.b64encode(digest).decode(), str(checkpoint.size))
    return notes.sign("\n".join(told) + "\n", key)


def written(document: Document) -> bytes:
    """A file's bytes: one line a member, so that a person can read it."""
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _document(kind: str, subject: str, events: Sequence[Event], found: Covered, reads: Reads) -> Document:
    size = found.checkpoint.size
    node = functools.cache(log.Stored().complete)
    marks = hashlib.sha256(b"".join(bytes.fromhex(event.hash) for event in events)).digest()
    return {
        "format": kind,
        "subject": subject,
        "key": found.checkpoint.key,
        "checkpoint": found.checkpoint.note,
        "seal": seal(kind, subject, len(events), marks, found.checkpoint),
        "events": [
            _entry(event, found.positions[event.id], size, node, told=reads(event)) for event in events
        ],
    }


def _entry(
    event: Event, position: int, size: int, node: Callable[[int, int], bytes], *, told: bool
) -> dict[str, Any]:
    path = [tree.range_root(*one, node).hex() for one in tree.inclusion_ranges(position, size)]
    text = event.payload.decode("ascii") if told else None
    return {"payload": text, "hash": event.hash, "position": position, "inclusion": path}


def _positions(events: Sequence[Event], checkpoint: Checkpoint | None) -> dict[int, int]:
    if checkpoint is None:
        return {}
    ids = sorted({event.id for event in events})
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        statement = sa.select(LogEntry.event_id, LogEntry.position).where(
            LogEntry.event_id.in_(ids[start : start + CHUNK]), LogEntry.position < checkpoint.size
        )
        found |= dict(session().execute(statement).all())
    return found
