"""Checking the journal: what `flask journal verify` says. Chains here, the log in verify_log.py."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from reuse_market.kernel import db
from reuse_market.traceability import beside, reading
from reuse_market.traceability import payload as p
from reuse_market.traceability.reading import NEW_STREAM, Joint, Last, Reading, Row

APART = 100_000  # entries a process of its own is worth starting for
FIRST_ID, LAST_ID = -(2**63) + 1, 2**63 - 1
MANY = 64  # runs of ids up to which what lies between them is looked up one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken: which rule, on what, and why."""

    rule: str
    subject: str
    reason: str


@dataclass(slots=True)
class Looking:
    """A database looked at in one snapshot, by the driver's own cursor: a million rows go through it."""

    cursor: Any
    sqlite: bool

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a statement (integers only are written into it)."""
        self.cursor.execute(statement)
        return list(self.cursor.fetchall())

    def one(self, statement: str) -> Any:
        """The only value of a statement."""
        return self.ask(statement)[0][0]


@contextmanager
def looking() -> Iterator[Looking]:
    """Look at what this thread's session sees: one snapshot of its own, unless a transaction is under way."""
    sqlite = db.database().is_sqlite
    reading_now = db.session()
    alone = not reading_now.in_transaction()
    if sqlite or not alone:
        connection = reading_now.connection()
    else:
        connection = reading_now.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor() if sqlite else driver.cursor(binary=True)
    try:
        with _mapped(cursor) if sqlite and alone else nullcontext():
            yield Looking(cursor, sqlite)
    finally:
        cursor.close()


@contextmanager
def _mapped(cursor: Any) -> Iterator[None]:
    """Look at SQLite's file in place, where its build allows it; afterwards as before."""
    before = cursor.execute("PRAGMA mmap_size").fetchone()
    cursor.execute(f"PRAGMA mmap_size = {reading.MAPPED}").fetchall()
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA mmap_size = {before[0] if before else 0}").fetchall()


def verify_chains(*, processes: int | None = None, apart_from: int = APART) -> list[Fault]:
    """Check the whole journal: bytes, hashes, sequence, links, columns, commitments, heads, pairs, and the log.

    Sees an edit, a deletion in the middle, a reordering, a shifted column; and, against the signed checkpoints,
    a cut tail or a consistent rewrite of what they cover. From `apart_from` entries a process on, it is read by
    as many `processes` as the machine has cores.
    """
    from reuse_market.traceability.verify_log import verify_log

    alone = db.session().in_transaction()  # what is not committed yet is seen by this connection only
    with looking() as look:
        return verify_log(look, 1 if alone else processes or os.cpu_count() or 1, apart_from)


def check_streams(look: Looking, readings: Sequence[Reading], later: Sequence[Row]) -> list[Fault]:
    """Join what was read of the log's events, add `later` ones without a position, and compare with the heads."""
    faults: list[Fault] = []
    heads: dict[str, Last] = {}
    for part in readings:
        for joint in part.opened:
            faults += _check_joint(joint, heads.get(joint.stream, NEW_STREAM))
        for row, before in part.odd:
            if row.payload is not None:
                faults += check_event(look, row, before)
        heads |= part.streams
    for row in later:
        faults += check_event(look, row, heads.get(row.stream, NEW_STREAM))
        heads[row.stream] = (row.seq, row.hash, row.recorded_at)
    pairs = sum(part.pairs for part in readings) + sum(len(_singles(look, row.id)) for row in later)
    return faults + _check_heads(look, heads) + _check_orphans(look, pairs)


def check_event(look: Looking, row: Row, before: Last) -> list[Fault]:
    """What is wrong with one event that follows `before` on its stream: read as JSON, compared key by key."""
    faults: list[Fault] = []

    def fault(rule: str, reason: str) -> None:
        faults.append(Fault(rule, f"{row.stream}#{row.seq}", reason))

    if not isinstance(row.payload, bytes):
        fault("journal.bytes", "the payload is not made of bytes")
        return faults
    if p.digest(row.payload) != row.hash:
        fault("journal.hash", "the stored bytes do not give the stored hash")
    if row.seq != before[0] + 1:
        fault("journal.sequence", f"expected {before[0] + 1}, found {row.seq}")
    for name in beside.unbound(look.cursor, row.id, row.payload):
        fault("journal.commitment", f"value of {name} was changed")
    try:
        body: dict[str, Any] = json.loads(row.payload)
    except ValueError:
        fault("journal.bytes", "the payload is not JSON")
        return faults
    if not isinstance(body, dict) or p.canonical(body) != row.payload:
        fault("journal.bytes", "the payload is not canonical")
        return faults
    if body.get("prev") != before[1]:
        fault("journal.link", "the event does not follow the one before it")
    for column, value in _columns(row).items():
        if body.get(column) != value:
            fault("journal.column", f"column {column} differs from the payload")
    if body.get("actor") != {"organisation": row.organisation, "via": row.via}:
        fault("journal.column", "the actor's columns differ from the payload")
    if str(row.recorded_at) < str(before[2]):
        fault("journal.time", "recorded before the event it follows")
    if str(body.get("occurred_at")) > str(body.get("recorded_at")):
        fault("journal.time", "dated after its recording")
    if body.get("units", []) != _pairs(look, row.id):
        fault("journal.pairs", "the pairs differ from the payload")
    return faults


def _columns(row: Row) -> dict[str, Any]:
    return {
        "id": row.uid,
        "stream": row.stream,
        "seq": row.seq,
        "type": row.type,
        "act_id": row.act_id,
        "occurred_at": reading.stamp(str(row.occurred_at)),
        "recorded_at": reading.stamp(str(row.recorded_at)),
    }


def _check_joint(joint: Joint, before: Last) -> list[Fault]:
    """The place where a stream goes on from one run of positions to the next."""
    subject = f"{joint.stream}#{joint.seq}"
    faults = []
    if joint.seq != before[0] + 1:
        faults.append(Fault("journal.sequence", subject, f"expected {before[0] + 1}, found {joint.seq}"))
    if joint.prev != before[1]:
        faults.append(Fault("journal.link", subject, "the event does not follow the one before it"))
    if str(joint.recorded_at) < str(before[2]):
        faults.append(Fault("journal.time", subject, "recorded before the event it follows"))
    return faults


def without_position(look: Looking, size: int, parts: Sequence[Reading]) -> list[Row]:
    """Events after the log's first `size` entries, in the order of their streams; those of `parts` have their place.

    Those that wait are looked up. Only when that does not account for every event, the whole journal is searched.
    """
    select, placed = (
        f"SELECT {reading.columns(look.sqlite)} FROM",
        "LEFT JOIN log_entry l ON l.event_id = e.id",
    )
    beyond, order = f"(l.position IS NULL OR l.position >= {size})", "ORDER BY e.stream, e.seq"
    few = "log_pending w CROSS JOIN event e"  # in this order: SQLite would begin at all events
    rows = look.ask(f"{select} {few} {placed} WHERE w.event_id = e.id AND {beyond} {order}")
    if sum(part.events for part in parts) + len(rows) != _events(look, parts):
        rows = look.ask(f"{select} event e {placed} WHERE {beyond} {order}")
    return [Row(*row) for row in rows]


def _events(look: Looking, parts: Sequence[Reading]) -> int:
    """How many events there are: only those are counted again that `parts` do not know in whole runs of ids."""
    known, gaps, after = 0, [], FIRST_ID
    for low, high in sorted(run for part in parts for run in part.whole):
        if low < after:  # told twice: nothing is known
            return int(look.one("SELECT count(*) FROM event"))
        known += high - low + 1
        gaps += [(after, low - 1)] if low > after else []
        after = high + 1
    gaps.append((after, LAST_ID))
    if len(gaps) > MANY:
        return int(look.one("SELECT count(*) FROM event"))
    return known + sum(
        look.one(f"SELECT count(*) FROM event WHERE id BETWEEN {low} AND {high}") for low, high in gaps
    )


def _singles(look: Looking, event_id: int) -> list[tuple[Any, ...]]:
    return look.ask(f"SELECT unit_id, unit_id FROM event_unit WHERE event_id = {event_id}")


def _pairs(look: Looking, event_id: int) -> list[list[int]]:
    """The pairs kept of an event, as its payload writes them."""
    ranged = look.ask(f"SELECT first, last FROM event_range WHERE event_id = {event_id}")
    return p.merged([*_singles(look, event_id), *ranged])


def _check_heads(look: Looking, found: dict[str, Last]) -> list[Fault]:
    kept = {
        s: (seq, hashed) for s, seq, hashed in look.ask("SELECT stream, seq, hash FROM stream_head") if seq
    }
    ends = {stream: last[:2] for stream, last in found.items()}
    if kept == ends:
        return []
    return [
        Fault("journal.head", stream, f"head says {kept.get(stream)}, chain ends at {ends.get(stream)}")
        for stream in sorted(set(kept) | set(ends))
        if kept.get(stream) != ends.get(stream)
    ]


def _check_orphans(look: Looking, pairs: int) -> list[Fault]:
    """Pairs of an event that is not there; those one by one are searched only where there are more than `pairs`."""
    tables = ["event_range"]
    if look.one("SELECT count(*) FROM event_unit") != pairs:
        tables.append("event_unit")
    faults = []
    for table in tables:
        orphans = look.ask(
            f"SELECT DISTINCT event_id FROM {table} WHERE event_id NOT IN (SELECT id FROM event) ORDER BY event_id"
        )
        faults += [
            Fault("journal.pairs", f"event {orphan}", "pairs without an event") for (orphan,) in orphans
        ]
    return faults
