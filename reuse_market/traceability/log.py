"""The transparency log: one RFC 6962 tree over all committed events, in the order of their positions.

The leaf of an event is the 32 bytes of its hash. Positions are given after commit, by any number of sequencers
one at a time, and never move.
"""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel.db import command, database, in_command, session
from reuse_market.traceability import tree
from reuse_market.traceability.log_models import LogEntry, LogNode, LogPending
from reuse_market.traceability.models import Event

BATCH = 20_000
TILE_BITS, TILE = tree.TILE_BITS, tree.TILE
ADVISORY_LOCK = 7_264_111  # any number, the same for every node: one sequences or signs, the others wait


def position_of(event_id: int) -> int | None:
    """The place of an event in the log, from 0; None while it has none."""
    return session().scalar(sa.select(LogEntry.position).where(LogEntry.event_id == event_id))


def size() -> int:
    """How many events have their position."""
    last = session().scalar(sa.select(sa.func.max(LogEntry.position)))
    return 0 if last is None else last + 1


def first() -> str:
    """The leaf (hex) of the first entry, by which a log is known; empty while there is none."""
    return session().scalar(sa.select(LogEntry.leaf).where(LogEntry.position == 0)) or ""


def pending() -> int:
    """How many committed events still wait for a position."""
    return session().scalar(sa.select(sa.func.count()).select_from(LogPending)) or 0


def entries() -> int:
    """How many events are committed: the size of the log once each has its position. What a page counts, it counts
    at that entry."""
    waiting = sa.select(sa.func.count()).select_from(LogPending).scalar_subquery()
    return session().scalar(sa.select(sa.func.coalesce(sa.func.max(LogEntry.position) + 1, 0) + waiting)) or 0


def root(at: int) -> bytes:
    """The root (32 bytes) of the log's first `at` entries. ValueError when it has not so many."""
    _check(at)
    return tree.range_root(0, at, Stored().complete)


def inclusion(position: int, at: int) -> list[bytes]:
    """The hashes that prove the entry at `position` to be in the log of size `at`."""
    _check(at)
    stored = Stored()
    return [tree.range_root(*one, stored.complete) for one in tree.inclusion_ranges(position, at)]


def consistency(old: int, new: int) -> list[bytes]:
    """The hashes that prove the log of size `new` to begin with that of size `old`."""
    _check(new)
    stored = Stored()
    return [tree.range_root(*one, stored.complete) for one in tree.consistency_ranges(old, new)]


def sequence(limit: int = BATCH) -> int:
    """Give positions to at most `limit` committed events that have none; return how many.

    In order of (recorded, id) of what is committed now. Refused inside a command: its own events are not
    committed yet.
    """
    if in_command():
        raise RuntimeError("positions are given to committed events only, not inside a command")
    if not session().scalar(sa.select(LogPending.event_id).limit(1)):
        return 0
    return _sequence(limit)


def sequence_all() -> int:
    """Give a position to every committed event; return how many got theirs here."""
    total = 0
    while (done := sequence()) > 0:
        total += done
    return total


@command
def _sequence(limit: int) -> int:
    alone()
    base = size()
    rank = sa.func.row_number().over(order_by=(Event.recorded_at, Event.id)) - 1 + base
    waiting = (
        sa.select(rank.label("position"), Event.id.label("event_id"), Event.hash.label("leaf"))
        .where(Event.id.in_(sa.select(LogPending.event_id)))  # a join SQLite would begin at all events
        .order_by(Event.recorded_at, Event.id)
        .limit(limit)
    )
    session().execute(sa.insert(LogEntry).from_select(["position", "event_id", "leaf"], waiting))
    taken = sa.select(LogEntry.event_id).where(LogEntry.position >= base)
    session().execute(
        sa.delete(LogPending).where(LogPending.event_id.in_(taken)),
        execution_options={"synchronize_session": False},
    )
    after = size()
    _keep_nodes(base, after)
    return after - base


def alone() -> None:
    """Inside a command: wait until nobody else sequences or signs. SQLite's writer is alone already."""
    if not database().is_sqlite:
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))


class Stored:
    """The tree as the tables hold it, read by tiles of 256 hashes; each tile once."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def complete(self, level: int, index: int) -> bytes:
        """The root of the index-th complete subtree of 2^level leaves."""
        height, rest = divmod(level, TILE_BITS)
        first = index << rest
        hashes = self._tile(height, first >> TILE_BITS)
        start = first % TILE
        return tree.complete(hashes[start : start + (1 << rest)])

    def _tile(self, height: int, number: int) -> list[bytes]:
        key = (height, number)
        if key not in self._tiles:
            self._tiles[key] = _hashes(height, number * TILE, (number + 1) * TILE)
        return self._tiles[key]


def _hashes(height: int, first: int, end: int) -> list[bytes]:
    """Leaf hashes (height 0) or kept nodes from `first` to before `end`."""
    if height == 0:
        rows = session().scalars(
            sa.select(LogEntry.leaf)
            .where(LogEntry.position >= first, LogEntry.position < end)
            .order_by(LogEntry.position)
        )
        return [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in rows]
    nodes = session().scalars(
        sa.select(LogNode.hash)
        .where(LogNode.level == height, LogNode.place >= first, LogNode.place < end)
        .order_by(LogNode.place)
    )
    return [bytes.fromhex(node) for node in nodes]


def _keep_nodes(before: int, after: int) -> None:
    """Write the roots of the subtrees of 256, 65,536, … leaves that became complete."""
    height = 1
    while after >> (TILE_BITS * height):
        first, end = before >> (TILE_BITS * height), after >> (TILE_BITS * height)
        rows = [
            {
                "level": height,
                "place": place,
                "hash": tree.complete(_hashes(height - 1, place * TILE, (place + 1) * TILE)).hex(),
            }
            for place in range(first, end)
        ]
        if rows:
            session().execute(sa.insert(LogNode), rows)
        height += 1


def _check(at: int) -> None:
    if not 0 <= at <= size():
        raise ValueError("the log has not so many entries")
