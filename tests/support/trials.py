"""What a database administrator may do to the journal and to what is read from it, drawn at random.

Each trial changes one thing before the last checkpoint and names the rules that must speak up, at the least. It
gives False where this database has nothing to try it on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import Base, session
from reuse_market.traceability import log, payload
from tests.support.tampering import broken_by

Trial = Callable[[Random], bool]
Change = Callable[[Random, Any], Any]


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def _rows(name: str, *where: Any) -> list[Any]:
    table = _table(name)
    return list(session().execute(sa.select(table).where(*where).order_by(*table.primary_key)))


def _drawn(rng: Random, name: str, *where: Any) -> Any:
    found = _rows(name, *where)
    return rng.choice(found) if found else None


def _put(into: str, row: Any, **values: Any) -> None:
    table = _table(into)
    mine = [column == getattr(row, column.name) for column in table.primary_key]
    session().execute(sa.update(table).where(*mine).values(**values))


def _drop(name: str, *where: Any) -> None:
    session().execute(sa.delete(_table(name)).where(*where))


def edit(name: str, column: str, change: Change, *, where: Callable[[sa.Table], Any] | None = None) -> Trial:
    """Another value in a column of a row drawn."""

    def trial(rng: Random) -> bool:
        row = _drawn(rng, name, *([where(_table(name))] if where is not None else []))
        if row is not None:
            _put(name, row, **{column: change(rng, getattr(row, column))})
        return row is not None

    return trial


def gone(name: str) -> Trial:
    """A row drawn is deleted."""

    def trial(rng: Random) -> bool:
        row, table = _drawn(rng, name), _table(name)
        if row is not None:
            _drop(name, *(column == getattr(row, column.name) for column in table.primary_key))
        return row is not None

    return trial


def _hex(length: int) -> Change:
    return lambda rng, _old: rng.randbytes(length // 2).hex()


def _plus(rng: Random, old: int | None) -> int:
    return (old or 0) + rng.randint(1, 9)


def _earlier(rng: Random, old: Any) -> Any:
    return old - timedelta(milliseconds=rng.randint(1, 10**9))


def _other(*codes: str) -> Change:
    return lambda rng, old: rng.choice([code for code in codes if code != old])


def _byte(rng: Random, old: bytes) -> bytes:
    at = rng.randrange(len(old))
    return old[:at] + bytes([old[at] ^ (1 << rng.randrange(7))]) + old[at + 1 :]


def _sign(rng: Random, old: str) -> str:
    """Another letter somewhere before the signature's last group, where every bit counts."""
    at = rng.choice([n for n, letter in enumerate(old[:-6]) if letter.isalnum()])
    return old[:at] + ("A" if old[at] != "A" else "B") + old[at + 1 :]


def _forget(event_id: int) -> None:
    for name in ("event_unit", "event_range", "event_commitment", "log_pending"):
        _drop(name, _table(name).c.event_id == event_id)


def event_gone(rng: Random) -> bool:
    """An event and what hangs on it; its entry stays."""
    row = _drawn(rng, "event")
    _forget(row.id)
    _drop("event", _table("event").c.id == row.id)
    return True


def event_and_entry_gone(rng: Random) -> bool:
    """Both, in the middle of the log."""
    entries = _rows("log_entry")
    entry = rng.choice(entries[:-1])
    _drop("log_entry", _table("log_entry").c.position == entry.position)
    _forget(entry.event_id)
    _drop("event", _table("event").c.id == entry.event_id)
    return True


def tail_gone(rng: Random) -> bool:
    """The end of the log: events, entries, nodes; heads repaired. Only what was signed says it was longer."""
    entries = _rows("log_entry")
    size = len(entries) - rng.randint(1, min(40, len(entries) - 1))
    _drop("log_entry", _table("log_entry").c.position >= size)
    for entry in entries[size:]:
        _forget(entry.event_id)
        _drop("event", _table("event").c.id == entry.event_id)
    _drop("log_node", _table("log_node").c.level > 0)
    _nodes()
    _heads()
    return True


def tail_and_checkpoints_gone(rng: Random) -> bool:
    """The same, and every checkpoint with it: what stands beside the key remembers."""
    tail_gone(rng)
    _drop("checkpoint", sa.true())
    return True


def entries_swapped(rng: Random) -> bool:
    """Two events change places in the log."""
    one, two = rng.sample(_rows("log_entry"), 2)
    _put("log_entry", one, event_id=-1, leaf="")
    _put("log_entry", two, event_id=one.event_id, leaf=one.leaf)
    _put("log_entry", one, event_id=two.event_id, leaf=two.leaf)
    _drop("log_node", _table("log_node").c.level > 0)
    _nodes()
    return True


def sequence_swapped(rng: Random) -> bool:
    """Two events of a stream change places."""
    pair = _of_one_stream(rng)
    if pair is None:
        return False
    one, two = pair
    _put("event", one, seq=-1)
    _put("event", two, seq=one.seq)
    _put("event", one, seq=two.seq)
    return True


def words_swapped(rng: Random) -> bool:
    """Two events of a stream say what the other said, hash and all."""
    pair = _of_one_stream(rng)
    if pair is None:
        return False
    one, two = pair
    _put("event", one, payload=two.payload, hash=two.hash)
    _put("event", two, payload=one.payload, hash=one.hash)
    return True


def inserted_beside_the_log(rng: Random) -> bool:
    """One event more at the end of a stream, rightly chained, that was never in the log."""
    _insert(rng)
    return True


def inserted_into_the_log(rng: Random) -> bool:
    """One more, and a place made for it in the middle of the log."""
    event_id, leaf = _insert(rng)
    entries = _rows("log_entry")
    at = rng.randrange(len(entries))
    _drop("log_entry", _table("log_entry").c.position >= at)
    moved = [(at, event_id, leaf), *((one.position + 1, one.event_id, one.leaf) for one in entries[at:])]
    session().execute(
        sa.insert(_table("log_entry")),
        [{"position": position, "event_id": of, "leaf": told} for position, of, told in moved],
    )
    _drop("log_node", _table("log_node").c.level > 0)
    _nodes()
    return True


def chain_rewritten(rng: Random) -> bool:
    """An event says something else, and everything after it is made to fit: hashes, links, head, log, nodes."""
    return _rewritten(rng, lambda body: body["facts"].update(forged=rng.randint(0, 999)))


def time_shifted(rng: Random) -> bool:
    """An event is recorded earlier, in its bytes and its column, and the rest made to fit."""

    def earlier(body: dict[str, Any]) -> None:
        body["recorded_at"] = body["occurred_at"] = "2020-01-01T00:00:00.000Z"

    return _rewritten(rng, earlier, recorded_at=EARLY, occurred_at=EARLY)


def rewritten_with_its_checkpoints(rng: Random) -> bool:
    """The same, and the roots of the checkpoints with it: their notes cannot be signed again."""
    chain_rewritten(rng)
    for row in _rows("checkpoint"):
        _put("checkpoint", row, root=log.root(row.size).hex())
    return True


def _of_one_stream(rng: Random) -> tuple[Any, Any] | None:
    events = _table("event")
    counted = sa.select(events.c.stream).group_by(events.c.stream).having(sa.func.count() > 1)
    streams = sorted(session().scalars(counted))
    if not streams:
        return None
    one, two = rng.sample(_rows("event", events.c.stream == rng.choice(streams)), 2)
    return one, two


def _rewritten(rng: Random, change: Callable[[dict[str, Any]], None], **columns: Any) -> bool:
    first = _drawn(rng, "event")
    following = _rows("event", _table("event").c.stream == first.stream, _table("event").c.seq >= first.seq)
    before = None
    for row in sorted(following, key=lambda one: one.seq):
        body = json.loads(row.payload)
        if before is None:
            change(body)
        else:
            body["prev"] = before
        stored = payload.canonical(body)
        before = payload.digest(stored)
        _put("event", row, payload=stored, hash=before, **(columns if row.id == first.id else {}))
        _entry(row.id, before)
    _drop("log_node", _table("log_node").c.level > 0)
    _nodes()
    _heads()
    return True


def _entry(event_id: int, leaf: str) -> None:
    table = _table("log_entry")
    session().execute(sa.update(table).where(table.c.event_id == event_id).values(leaf=leaf))


def _insert(rng: Random) -> tuple[int, str]:
    """A copy of an event after the last of its stream. (Its id, its hash.)"""
    events = _table("event")
    drawn = _drawn(rng, "event")
    last = max(_rows("event", events.c.stream == drawn.stream), key=lambda one: one.seq)
    uid, number = rng.randbytes(16).hex(), session().scalar(sa.select(sa.func.max(events.c.id))) + 1
    body = json.loads(last.payload) | {"id": uid, "seq": last.seq + 1, "prev": last.hash, "units": []}
    body["change"] = None if body.get("change") is None else {}
    stored = payload.canonical(body)
    copy = dict(last._mapping) | {"id": number, "uid": uid, "seq": last.seq + 1, "payload": stored}
    session().execute(sa.insert(events).values(copy | {"hash": payload.digest(stored)}))
    _drop("log_pending", sa.true())
    _heads()
    return number, payload.digest(stored)


def _nodes() -> None:
    """Whoever forges a log forges what is kept for quick proofs too."""
    log._keep_nodes(0, log.size())


def _heads() -> None:
    """Every head where its chain now ends."""
    ends = {row.stream: row for row in sorted(_rows("event"), key=lambda one: one.seq)}
    for head in _rows("stream_head"):
        if head.stream in ends:
            _put("stream_head", head, seq=ends[head.stream].seq, hash=ends[head.stream].hash)
        else:
            _drop("stream_head", _table("stream_head").c.stream == head.stream)


EARLY = datetime(2020, 1, 1, tzinfo=UTC)
UNIT, HELD = {"replay.unit"}, {"replay.engagement"}
COLUMN, PAIRS, SIGNED = {"journal.column"}, {"journal.pairs"}, {"log.checkpoint"}
# What is done → the trial, and the rules that must name it.
TRIALS: dict[str, tuple[Trial, set[str]]] = {
    "event.id": (edit("event", "id", lambda rng, old: old + 10**6), {"log.entry"}),
    "event.uid": (edit("event", "uid", _hex(32)), COLUMN),
    "event.stream": (edit("event", "stream", lambda rng, old: f"lot/LOT-1999-{rng.randint(1000, 9999)}"), COLUMN),
    "event.seq": (edit("event", "seq", lambda rng, old: old + 1000), COLUMN),
    "event.type": (edit("event", "type", _other("lot.closed", "unit.ready", "pickup.collected")), COLUMN),
    "event.act_id": (edit("event", "act_id", _hex(32)), COLUMN),
    "event.organisation_id": (edit("event", "organisation_id", _plus), COLUMN),
    "event.via": (edit("event", "via", _other("self", "operator", "token", "link")), COLUMN),
    "event.occurred_at": (edit("event", "occurred_at", _earlier), COLUMN),
    "event.recorded_at": (edit("event", "recorded_at", _earlier), COLUMN),
    "event.payload": (edit("event", "payload", _byte), {"journal.hash"}),
    "event.hash": (edit("event", "hash", _hex(64)), {"journal.hash", "log.entry"}),
    "event gone": (event_gone, {"log.entry"}),
    "event and entry gone": (event_and_entry_gone, {"log.gap", "log.checkpoint"}),
    "tail gone": (tail_gone, {"log.checkpoint", "log.kept"}),
    "tail and checkpoints gone": (tail_and_checkpoints_gone, {"log.kept"}),
    "entries swapped": (entries_swapped, SIGNED),
    "sequence swapped": (sequence_swapped, COLUMN),
    "words swapped": (words_swapped, {"journal.column", "log.entry"}),
    "inserted beside the log": (inserted_beside_the_log, {"log.missing"}),
    "inserted into the log": (inserted_into_the_log, SIGNED),
    "chain rewritten": (chain_rewritten, SIGNED),
    "time shifted": (time_shifted, SIGNED),
    "rewritten with its checkpoints": (rewritten_with_its_checkpoints, {"log.signature", "log.kept"}),
    "event_unit.unit_id": (edit("event_unit", "unit_id", lambda rng, old: old + 10**6), PAIRS),
    "event_unit gone": (gone("event_unit"), PAIRS),
    "event_range.last": (edit("event_range", "last", _plus), PAIRS),
    "event_range gone": (gone("event_range"), PAIRS),
    "event_commitment.value": (edit("event_commitment", "value", _hex(8)), {"journal.commitment"}),
    "event_commitment.key": (edit("event_commitment", "key", _hex(64)), {"journal.commitment"}),
    "event_commitment.name": (edit("event_commitment", "name", lambda rng, old: "x"), {"journal.commitment"}),
    "stream_head.seq": (edit("stream_head", "seq", _plus), {"journal.head"}),
    "stream_head.hash": (edit("stream_head", "hash", _hex(64), where=lambda t: t.c.seq > 0), {"journal.head"}),
    "log_entry.leaf": (edit("log_entry", "leaf", _hex(64)), {"log.entry", "log.checkpoint"}),
    "log_entry.position": (edit("log_entry", "position", lambda rng, old: old + 10**6), {"log.gap"}),
    "log_node.hash": (edit("log_node", "hash", _hex(64)), {"log.node"}),
    "checkpoint.root": (edit("checkpoint", "root", _hex(64)), {"log.checkpoint", "log.signature"}),
    "checkpoint.note": (edit("checkpoint", "note", _sign), {"log.signature"}),
    "checkpoint.size": (edit("checkpoint", "size", lambda rng, old: max(1, old - rng.randint(1, 20))), SIGNED),
    "checkpoint.key": (edit("checkpoint", "key", _sign), {"log.signature"}),
    "log_key gone": (gone("log_key"), {"log.signature"}),
    "unit.state": (edit("unit", "state", _other("in_use", "discarded")), UNIT),
    "unit.owner_id": (edit("unit", "owner_id", _plus), UNIT),
    "unit.custodian_id": (edit("unit", "custodian_id", _plus), UNIT),
    "unit.regime": (edit("unit", "regime", _other("gift", "sale")), UNIT),
    "unit.stream": (edit("unit", "stream", lambda rng, old: "fleet/404"), UNIT),
    "unit.erased_at": (edit("unit", "erased_at", lambda rng, old: EARLY), UNIT),
    "unit.tested_at": (edit("unit", "tested_at", lambda rng, old: EARLY), UNIT),
    "unit gone": (gone("unit"), UNIT),
    "engagement.reference": (edit("engagement", "reference", lambda rng, old: "LOT-1999-0001"), HELD),
    "engagement.line": (edit("engagement", "line", _plus), HELD),
    "engagement.party_id": (edit("engagement", "party_id", _plus), HELD),
    "engagement.extra": (edit("engagement", "extra", lambda rng, old: not old), HELD),
    "engagement gone": (gone("engagement"), HELD),
    "lot_line.declared": (
        edit("lot_line", "declared", _plus, where=lambda t: t.c.lot_id.in_(_published())), {"lot.balance"},
    ),
    "claim_line.awarded": (edit("claim_line", "awarded", _plus), {"claim.balance"}),
    "claim.state": (edit("claim", "state", _other("declined", "released")), {"claim.told"}),
    "organisation.state": (edit("organisation", "state", _other("suspended", "refused")), {"organisation.told"}),
    "document.sha256": (edit("document", "sha256", _hex(64)), {"document.told"}),
    "document.kind": (edit("document", "kind", lambda rng, old: f"x-{old}"[:40]), {"document.told"}),
    "document gone": (gone("document"), {"document.told"}),
}  # fmt: skip


def _published() -> sa.Select[Any]:
    lots = _table("lot")
    return sa.select(lots.c.id).where(lots.c.published_at.is_not(None))


def tried(rng: Random, name: str) -> set[str] | None:
    """The rules that speak up after the trial; None when there was nothing to try it on. All is undone."""
    done = []
    found = broken_by(lambda: done.append(TRIALS[name][0](rng)))
    return found if done == [True] else None


def missed(rng: Random, count: int) -> dict[str, Any]:
    """`count` trials drawn (each kind once before any comes again): name → (seed, rules found) where one expected
    did not speak up."""
    wrong: dict[str, Any] = {}
    done, names = 0, list(TRIALS)
    while done < count:
        rng.shuffle(names)
        for name in names:
            seed = rng.randrange(2**32)
            found = tried(Random(seed), name)
            done += found is not None
            if found is not None and not TRIALS[name][1] <= found:
                wrong[name] = (seed, sorted(found))
            if done == count:
                break
    return wrong
