"""Reading the whole journal once, quickly: every stored byte is hashed once, and its columns compared with it.

The bytes are canonical, so the places of the keys in them are known: what the columns say is written out and
compared with the beginning and the end of the bytes, without making objects of them. Whatever does not look as
expected is read again slowly (verify.py), which finds out what is wrong with it, or that nothing is.
No SQLAlchemy here: a process that reads one run (apart.py) starts in the time of the driver alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reuse_market.traceability import beside, tree
from reuse_market.traceability import payload as p

MAPPED = 1 << 36  # bytes of SQLite's file to look at in place: copying its pages costs a tenth of the reading
SLICE = 2_048  # positions asked for at a time, in whole tiles: few enough to be sorted in memory


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
    organisation: int | None
    via: str
    occurred: str | None  # None: when it was recorded
    recorded_at: str
    payload: bytes
    hash: str

    @property
    def occurred_at(self) -> str:
        """When it happened, as the columns tell it."""
        return self.recorded_at if self.occurred is None else self.occurred


class Joint(NamedTuple):
    """A stream's first event of a run that is not its first of all: what it says of the one before it."""

    stream: str
    seq: int
    prev: str
    recorded_at: str


Last = tuple[
    int, str, str
]  # where a stream stands while it is read: seq, hash, recorded as the column tells it
NEW_STREAM: Last = (0, p.GENESIS, "")
Peaks = list[tuple[int, bytes]]  # complete subtrees that make up a part of a tile: (leaves, root)


@dataclass(slots=True)
class Reading:
    """What was found in a run of positions that starts on a tile, to be joined with its neighbours."""

    first: int
    count: int = 0  # entries
    events: int = 0  # entries whose event is there
    pairs: int = 0  # pairs of those events
    whole: list[tuple[int, int]] = field(default_factory=list)  # ids, first to last, of which none is missing
    streams: dict[str, Last] = field(default_factory=dict)
    opened: list[Joint] = field(default_factory=list)
    odd: list[tuple[Row, Last]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)  # (position expected, position found)
    tiles: list[bytes] = field(default_factory=list)
    marks: dict[int, Peaks] = field(default_factory=dict)  # size → what stands after its last complete tile


def columns(sqlite: bool) -> str:
    """The SELECT list of `Row`, of `log_entry l` and `event e`; dates as SQLite writes them."""
    occurred, recorded = (
        f"e.{name}" if sqlite else f"to_char(e.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        for name in ("occurred_at", "recorded_at")
    )
    return (
        "l.position, l.leaf, e.id, e.uid, e.stream, e.seq, e.type, e.act_id, e.organisation_id, e.via, "
        f"CASE WHEN e.occurred_at = e.recorded_at THEN NULL ELSE {occurred} END, {recorded}, e.payload, e.hash"
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
        of_slice = f"l.position >= {start} AND l.position < {stop}"
        # + 0: of the bare column PostgreSQL would walk along its index, from the first event of all to this slice
        cursor.execute(f"SELECT min(event_id + 0), max(event_id + 0) FROM log_entry l WHERE {of_slice}")
        low, high = cursor.fetchone()
        span = (
            f"BETWEEN {low or 0} AND {high or 0}"  # told again of the events: no plan then reads all of them
        )
        pairs, values = beside.pairs(cursor, span, stop - start), beside.values(cursor, span)
        cursor.execute(
            f"SELECT {listed} FROM log_entry l LEFT JOIN event e ON e.id = l.event_id AND e.id {span} "
            f"WHERE {of_slice} ORDER BY l.position"
        )
        known = reading.events
        leaves = _follow(reading, cursor, pairs, values, careful_from)
        if low is not None and reading.events - known == high - low + 1:
            reading.whole.append((low, high))
        reading.pairs += pairs.total - pairs.left()
        for size in wanted:
            if start < size <= stop:
                at = size - start
                reading.marks[size] = peaks(leaves[at - at % tree.TILE : at])
        for tile in range(0, len(leaves) - len(leaves) % tree.TILE, tree.TILE):
            reading.tiles.append(tree.complete(leaves[tile : tile + tree.TILE]))
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


def _follow(
    reading: Reading, rows: Iterable[tuple[Any, ...]], paired: beside.Pairs, values: dict[int, str], careful_from: int
) -> list[bytes]:  # fmt: skip
    """Compare these rows and give their leaf hashes. The loop that a million events go through: kept flat."""
    sha256, domain, leaf_prefix, streams = hashlib.sha256, p.DOMAIN, tree.LEAF, reading.streams
    single, several, standing, value = paired.single.pop, paired.several.pop, streams.get, values.get
    leaves: list[bytes] = []
    expected = reading.first + reading.count
    for at, row in enumerate(rows):  # each let go of at once: what is read stays in the processor's memory
        place, leaf, number, uid, stream, seq, kind, act, who, via, occurred, recorded, stored, kept = row
        if place != expected:
            reading.gaps.append((expected, place))
        expected = place + 1
        before = NEW_STREAM
        try:
            found = sha256(domain + stored).digest()
            mark = found.hex()
            leaves.append(sha256(leaf_prefix + (found if mark == leaf else bytes.fromhex(leaf))).digest())
            before = standing(stream) or _opening(reading, row)
            text = stored.decode()
            told = f"{recorded[:10]}T{recorded[11:23]}Z"
            done = told if occurred is None else f"{occurred[:10]}T{occurred[11:23]}Z"
            unit = single(number, None)
            units = several(number, "[]") if unit is None else f"[[{unit},{unit}]]"
            sound = (
                mark == kept == leaf
                and place < careful_from
                and seq == before[0] + 1
                and before[2] <= recorded
                and recorded[23:] == "000"
                and (occurred is None or (occurred < recorded and occurred[23:] == "000"))
                and text.endswith(
                    f',"id":"{uid}","occurred_at":"{done}","prev":"{before[1]}","recorded_at":"{told}",'
                    f'"seq":{seq},"stream":"{stream}","type":"{kind}","units":{units},"v":1}}'
                )
                and text.startswith(
                    f'{{"act_id":"{act}","actor":{{"organisation":{"null" if who is None else who},"via":"{via}"}},'
                    '"change":'
                )
                and value(number, "") in text
            )
            reading.events += 1
        except (TypeError, ValueError):  # its event is gone, or a column holds what it never can
            sound = False
            reading.events += number is not None
            if len(leaves) == at:
                leaves.append(_leaf(leaf))
        if not sound:
            reading.odd.append((Row(*row), before))
        if number is not None:
            streams[stream] = (seq, kept, recorded)
    reading.count += len(leaves)
    return leaves


def _leaf(told: Any) -> bytes:
    """The leaf hash of an entry without its event, whatever it holds."""
    try:
        return tree.leaf_hash(bytes.fromhex(told))
    except (TypeError, ValueError):
        return tree.leaf_hash(str(told).encode())


def _opening(reading: Reading, row: tuple[Any, ...]) -> Last:
    """The place before a stream's first event of this run: known when it is the first of all, else judged later."""
    stream, seq, recorded, stored = row[4], row[5], row[11], row[12]
    if seq == 1:
        return NEW_STREAM
    prev = told_prev(stored)
    reading.opened.append(Joint(stream, seq, prev, recorded))
    return seq - 1, prev, ""


def told_prev(stored: bytes) -> str:
    """The `prev` that the bytes themselves tell, so that the rest of the event can be compared."""
    marker = b'"prev":"'
    at = stored.rfind(marker)
    return stored[at + len(marker) : at + len(marker) + 64].decode("latin-1") if at >= 0 else ""
