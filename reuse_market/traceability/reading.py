"""Reading the whole journal once, quickly: every stored byte is hashed once, and its columns compared with it.

The bytes are canonical, so the places of the keys in them are known: what the columns say is written out and
compared with the beginning and the end of the bytes, without making objects of them. Whatever does not look as
expected is read again slowly (verify.py), which finds out what is wrong with it, or that nothing is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reuse_market.kernel import db
from reuse_market.traceability import log, tree
from reuse_market.traceability import payload as p

SLICE = 16_384  # positions read at a time: some ten megabytes


class Row(NamedTuple):
    """One entry of the log with its event, as the driver gives it; event fields are None where it is gone."""

    position: int | None
    leaf: str | None
    id: int
    uid: str
    stream: str
    seq: int
    type: str
    act_id: str
    organisation: str
    via: str
    occurred_at: str
    recorded_at: str
    payload: bytes
    hash: str


Last = tuple[
    int, str, str
]  # where a stream stands while it is read: seq, hash, recorded as the column tells it
NEW_STREAM: Last = (0, p.GENESIS, "")
Peaks = list[tuple[int, bytes]]  # complete subtrees that make up a part of a tile: (leaves, root)


@dataclass(slots=True)
class Reading:
    """What was found in a run of positions that starts on a tile, to be joined with its neighbours."""

    first: int
    count: int = 0
    streams: dict[str, Last] = field(default_factory=dict)
    opened: list[Row] = field(
        default_factory=list
    )  # first of its stream in this run, and not its first of all
    odd: list[tuple[Row, Last]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)  # (position expected, position found)
    unbound: list[tuple[str, int, str]] = field(default_factory=list)  # kept values that were changed
    tiles: list[bytes] = field(default_factory=list)
    marks: dict[int, Peaks] = field(default_factory=dict)  # size → what stands after its last complete tile


def columns(sqlite: bool) -> str:
    """The SELECT list of `Row`, of `log_entry l` and `event e`; dates as SQLite writes them."""
    occurred, recorded = (
        f"e.{name}" if sqlite else f"to_char(e.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        for name in ("occurred_at", "recorded_at")
    )
    return (
        "l.position, l.leaf, e.id, e.uid, e.stream, e.seq, e.type, e.act_id, "
        f"coalesce(CAST(e.organisation_id AS TEXT), 'null'), e.via, {occurred}, {recorded}, e.payload, e.hash"
    )


def stamp(told: str) -> str:
    """A date as the columns tell it, written as in a payload."""
    return f"{told[:10]}T{told[11:23]}Z" if told[23:] == "000" else told


def read(cursor: Any, sqlite: bool, first: int, end: int, careful_from: int, sizes: Iterable[int]) -> Reading:
    """Read positions [first, end): hash the bytes, compare the columns, follow the chains, build the tree.

    From `careful_from` on (what no checkpoint covers) every event is also handed over to be read slowly. `sizes`
    are the sizes of the log whose root is wanted.
    """
    reading = Reading(first)
    listed, wanted = columns(sqlite), sorted(size for size in sizes if first < size <= end)
    for start in range(first, end, SLICE):
        stop = min(start + SLICE, end)
        cursor.execute(
            f"SELECT {listed} FROM log_entry l LEFT JOIN event e ON e.id = l.event_id "
            f"WHERE l.position >= {start} AND l.position < {stop} ORDER BY l.position"
        )
        rows = cursor.fetchall()
        leaves = _follow(reading, rows, units_of(cursor, rows), careful_from)
        reading.unbound += unbound(cursor, rows)
        for size in wanted:
            if start < size <= stop:
                at = size - start
                reading.marks[size] = peaks(leaves[at - at % log.TILE : at])
        whole = len(leaves) - len(leaves) % log.TILE
        for tile in range(0, whole, log.TILE):
            reading.tiles.append(tree.complete(leaves[tile : tile + log.TILE]))
    return reading


def read_apart(url: str, first: int, end: int, careful_from: int, sizes: list[int]) -> Reading:
    """The same in a process of its own, on a connection of its own."""
    database = db.Database(url)
    try:
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            cursor = driver.cursor() if database.is_sqlite else driver.cursor(binary=True)
            try:
                return read(cursor, database.is_sqlite, first, end, careful_from, sizes)
            finally:
                cursor.close()
    finally:
        database.engine.dispose()


def units_of(cursor: Any, rows: Sequence[Sequence[Any]]) -> dict[int, str]:
    """Event id → its pairs as the payload writes them, where they are one run of ids; "" where they are several."""
    span = _span(rows)
    if span is None:
        return {}
    cursor.execute(
        "SELECT event_id, min(unit_id), max(unit_id), count(*) FROM event_unit "
        f"WHERE event_id BETWEEN {span[0]} AND {span[1]} GROUP BY event_id"
    )
    return {
        event_id: f"[[{low},{high}]]" if high - low + 1 == count else ""
        for event_id, low, high, count in cursor.fetchall()
    }


def unbound(cursor: Any, rows: Sequence[Sequence[Any]]) -> list[tuple[str, int, str]]:
    """(stream, seq, name) of the kept values whose commitment does not stand in the bytes of their event."""
    span = _span(rows)
    if span is None:
        return []
    found = {row[2]: row for row in rows}
    cursor.execute(
        "SELECT event_id, name, value, key FROM event_commitment "
        f"WHERE event_id BETWEEN {span[0]} AND {span[1]}"
    )
    wrong = []
    for event_id, name, value, key in cursor.fetchall():
        row = found.get(event_id)
        if row is not None and f'"{name}":"{p.commitment(value, key)}"'.encode() not in row[12]:
            wrong.append((row[4], row[5], name))
    return wrong


def _span(rows: Sequence[Sequence[Any]]) -> tuple[int, int] | None:
    """The lowest and highest event id of these rows; None without any."""
    ids = [row[2] for row in rows if row[2] is not None]
    return (min(ids), max(ids)) if ids else None


def peaks(leaves: list[bytes]) -> Peaks:
    """The complete subtrees of less than a tile of leaf hashes, largest first."""
    found: Peaks = []
    start = 0
    while start < len(leaves):
        count = 1 << ((len(leaves) - start).bit_length() - 1)
        found.append((count, tree.complete(leaves[start : start + count])))
        start += count
    return found


def _follow(
    reading: Reading, rows: list[tuple[Any, ...]], paired: dict[int, str], careful_from: int
) -> list[bytes]:
    """Compare these rows and give their leaf hashes. The loop that a million events go through: kept flat."""
    sha256, domain, leaf_prefix, unhex, pairs = hashlib.sha256, p.DOMAIN, tree.LEAF, bytes.fromhex, paired.get
    streams = reading.streams
    leaves: list[bytes] = []
    expected = reading.first + reading.count
    reading.count += len(rows)
    for row in rows:
        place, leaf, number, uid, stream, seq, kind, act, who, via, occurred, recorded, stored, kept = row
        if place != expected:
            reading.gaps.append((expected, place))
            expected = place
        expected += 1
        leaves.append(sha256(leaf_prefix + unhex(leaf)).digest())
        if stored is None:
            reading.odd.append((Row(*row), NEW_STREAM))
            continue
        before = streams.get(stream) or _opening(reading, Row(*row))
        text = str(stored, "latin-1")
        done = f"{occurred[:10]}T{occurred[11:23]}Z"
        told = done if recorded == occurred else f"{recorded[:10]}T{recorded[11:23]}Z"
        if not (
            sha256(domain + stored).hexdigest() == kept == leaf
            and place < careful_from
            and seq == before[0] + 1
            and before[2] <= recorded >= occurred
            and text.endswith(
                f',"id":"{uid}","occurred_at":"{done}","prev":"{before[1]}","recorded_at":"{told}",'
                f'"seq":{seq},"stream":"{stream}","type":"{kind}","units":{pairs(number, "[]")},"v":1}}'
            )
            and text.startswith(
                f'{{"act_id":"{act}","actor":{{"organisation":{who},"via":"{via}"}},"change":'
            )
            and recorded.endswith("000")
            and occurred.endswith("000")
        ):
            reading.odd.append((Row(*row), before))
        streams[stream] = (seq, kept, recorded)
    return leaves


def _opening(reading: Reading, row: Row) -> Last:
    """The place before a stream's first event of this run: known when it is the first of all, else judged later."""
    if row.seq == 1:
        return NEW_STREAM
    reading.opened.append(row)
    return row.seq - 1, told_prev(row), ""


def told_prev(row: Row) -> str:
    """The `prev` that the bytes themselves tell, so that the rest of the event can be compared."""
    marker = b'"prev":"'
    at = row.payload.rfind(marker)
    return row.payload[at + len(marker) : at + len(marker) + 64].decode("latin-1") if at >= 0 else ""
