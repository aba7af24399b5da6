"""Reading the whole journal once, quickly: every stored byte is hashed once, and its columns compared with it.

The bytes are canonical, so the places of the keys in them are known: what the columns say is written out and
compared with the beginning and the end of the bytes, without making objects of them. Whatever does not look as
expected is read again slowly (verify.py), which finds out what is wrong with it, or that nothing is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
    units: str | None


class Last(NamedTuple):
    """Where a stream stands while it is read."""

    seq: int
    hash: str
    recorded_at: str


NEW_STREAM = Last(0, p.GENESIS, "")


Peaks = list[tuple[int, bytes]]  # complete subtrees that make up a part of a tile: (leaves, root)


@dataclass(slots=True)
class Reading:
    """What was found in a run of positions that starts on a tile, to be joined with its neighbours."""

    first: int
    count: int = 0
    streams: dict[str, Last] = field(default_factory=dict)
    opened: list[Row] = field(default_factory=list)  # first of its stream in this run, and not its first of all
    odd: list[tuple[Row, Last]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)  # (position expected, position found)
    tiles: list[bytes] = field(default_factory=list)
    marks: dict[int, Peaks] = field(default_factory=dict)  # size → what stands after its last complete tile


def columns(sqlite: bool) -> str:
    """The SELECT list of `Row`, of `log_entry l` and `event e`."""
    if sqlite:
        occurred, recorded = (
            f"substr(e.{name}, 1, 10) || 'T' || substr(e.{name}, 12, 12) || 'Z'"
            for name in ("occurred_at", "recorded_at")
        )
    else:
        occurred, recorded = (
            f"to_char(e.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            for name in ("occurred_at", "recorded_at")
        )
    pairs = (
        "(SELECT CASE WHEN count(*) = 0 THEN '[]' WHEN max(u.unit_id) - min(u.unit_id) + 1 = count(*) "
        "THEN '[[' || min(u.unit_id) || ',' || max(u.unit_id) || ']]' END "
        "FROM event_unit u WHERE u.event_id = e.id)"
    )
    return (
        "l.position, l.leaf, e.id, e.uid, e.stream, e.seq, e.type, e.act_id, "
        f"coalesce(CAST(e.organisation_id AS TEXT), 'null'), e.via, {occurred}, {recorded}, e.payload, e.hash, {pairs}"
    )


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
        leaves = _follow(reading, cursor.fetchall(), careful_from)
        for size in wanted:
            if start < size <= stop:
                at = size - start
                reading.marks[size] = peaks(leaves[at - at % log.TILE : at])
        whole = len(leaves) - len(leaves) % log.TILE
        for tile in range(0, whole, log.TILE):
            reading.tiles.append(tree.complete(leaves[tile : tile + log.TILE]))
    return reading


def peaks(leaves: list[bytes]) -> Peaks:
    """The complete subtrees of less than a tile of leaf hashes, largest first."""
    found: Peaks = []
    start = 0
    while start < len(leaves):
        count = 1 << ((len(leaves) - start).bit_length() - 1)
        found.append((count, tree.complete(leaves[start : start + count])))
        start += count
    return found


def _follow(reading: Reading, rows: list[tuple[Any, ...]], careful_from: int) -> list[bytes]:
    """Compare these rows and give their leaf hashes. The loop that a million events go through: kept flat."""
    sha256, domain, leaf_prefix, unhex = hashlib.sha256, p.DOMAIN, tree.LEAF, bytes.fromhex
    streams = reading.streams
    leaves: list[bytes] = []
    expected = reading.first + reading.count
    reading.count += len(rows)
    for row in rows:
        position, leaf, _, uid, stream, seq, kind, act, who, via, occurred, recorded, stored, kept, units = row
        if position != expected:
            reading.gaps.append((expected, position))
            expected = position
        expected += 1
        leaves.append(sha256(leaf_prefix + unhex(leaf)).digest())
        if stored is None:
            reading.odd.append((Row(*row), NEW_STREAM))
            continue
        before = streams.get(stream) or _opening(reading, Row(*row))
        text = str(stored, "latin-1")
        if not (
            sha256(domain + stored).hexdigest() == kept == leaf
            and position < careful_from
            and seq == before[0] + 1
            and before[2] <= recorded >= occurred
            and text.endswith(
                f',"id":"{uid}","occurred_at":"{occurred}","prev":"{before[1]}","recorded_at":"{recorded}",'
                f'"seq":{seq},"stream":"{stream}","type":"{kind}","units":{units},"v":1}}'
            )
            and text.startswith(f'{{"act_id":"{act}","actor":{{"organisation":{who},"via":"{via}"}},"change":')
        ):
            reading.odd.append((Row(*row), before))
        streams[stream] = Last(seq, kept, recorded)
    return leaves


def _opening(reading: Reading, row: Row) -> Last:
    """The place before a stream's first event of this run: known when it is the first of all, else judged later."""
    if row.seq == 1:
        return NEW_STREAM
    reading.opened.append(row)
    return Last(row.seq - 1, told_prev(row), "")


def told_prev(row: Row) -> str:
    """The `prev` that the bytes themselves tell, so that the rest of the event can be compared."""
    marker = b'"prev":"'
    at = row.payload.rfind(marker)
    return row.payload[at + len(marker) : at + len(marker) + 64].decode("latin-1") if at >= 0 else ""
