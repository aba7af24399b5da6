"""What stands beside an event and is told by its bytes: its pairs with units, and the values that are still kept.

Read by the driver's cursor for a run of event ids at once; `span` is a piece of SQL, "BETWEEN 1 AND 9".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from reuse_market.traceability import payload as p

NEVER = "\n"  # canonical bytes have no line
FEW = 4  # pairs an event up to which they are read one by one; beyond, the database counts them
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))  # RFC 2104: ipad, opad
_INNER_REST, _OUTER_REST = b"\x36" * 32, b"\x5c" * 32  # a key of 32 bytes fills half of a block of SHA-256


@dataclass(slots=True)
class Pairs:
    """Pairs by event id: the unit where it is one; else the ranges as the payload writes them ("" if unknown)."""

    total: int
    single: dict[int, int] = field(default_factory=dict)
    several: dict[int, str] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def left(self) -> int:
        """How many pairs nobody took: their event was not in the run."""
        return len(self.single) + sum(self.counts[event_id] for event_id in self.several)


def pairs(cursor: Any, span: str, events: int) -> Pairs:
    """The pairs of a run of events."""
    cursor.execute(
        f"SELECT event_id, unit_id FROM event_unit WHERE event_id {span} ORDER BY event_id LIMIT {FEW * events + 1}"
    )
    rows = cursor.fetchall()
    if len(rows) > FEW * events:
        return _counted(cursor, span)
    found = Pairs(len(rows), dict(rows))
    if len(found.single) < len(rows):
        for event_id, group in groupby(rows, itemgetter(0)):
            units = [unit for _, unit in group]
            if len(units) > 1:
                del found.single[event_id]
                found.several[event_id] = json.dumps(p.ranges(units), separators=(",", ":"))
                found.counts[event_id] = len(units)
    return found


def _counted(cursor: Any, span: str) -> Pairs:
    """The same where they are very many: those that are one range are told without reading each of them."""
    cursor.execute(
        "SELECT event_id, min(unit_id), max(unit_id), count(*) FROM event_unit "
        f"WHERE event_id {span} GROUP BY event_id"
    )
    found = Pairs(0)
    for event_id, low, high, count in cursor.fetchall():
        found.several[event_id] = f"[[{low},{high}]]" if high - low + 1 == count else ""
        found.counts[event_id] = count
        found.total += count
    return found


def values(cursor: Any, span: str) -> dict[int, str]:
    """Event id → what its bytes hold when all its kept values are the committed ones; NEVER where one is strange.

    Whoever does not find it (one of several may be forgotten) asks `unbound` which value it is.
    """
    cursor.execute(f"SELECT event_id, name, value, key FROM event_commitment WHERE event_id {span}")
    kept = cursor.fetchall()
    try:
        marks = _commitments(kept)
    except (TypeError, ValueError):  # a key or value of a kind that was never written
        return dict.fromkeys([one[0] for one in kept], NEVER)
    told = {one[0]: f'"{one[1]}":"{mark}"' for one, mark in zip(kept, marks, strict=True)}
    if len(told) < len(kept):
        several: dict[int, list[str]] = {}
        for one, mark in zip(kept, marks, strict=True):
            several.setdefault(one[0], []).append(f'"{one[1]}":"{mark}"')
        told = {event_id: ",".join(sorted(texts)) for event_id, texts in several.items()}
    return told


def unbound(cursor: Any, event_id: int, stored: bytes) -> list[str]:
    """Names of the kept values of an event whose commitment does not stand in its bytes."""
    cursor.execute(f"SELECT name, value, key FROM event_commitment WHERE event_id = {event_id} ORDER BY name")
    return [name for name, value, key in cursor.fetchall() if not _bound(name, value, key, stored)]


def _commitments(kept: Sequence[tuple[int, str, str, str]]) -> list[str]:
    """HMAC-SHA256 (hex) of each value under its key, the keys of all made ready at once."""
    keys = bytes.fromhex("".join([one[3] for one in kept]))
    if len(keys) != 32 * len(kept) or any(len(one[3]) != 64 for one in kept):
        raise ValueError("a key has not 32 bytes")
    sha256, rest, after, inner, outer = (
        hashlib.sha256, _INNER_REST, _OUTER_REST, keys.translate(_INNER), keys.translate(_OUTER),
    )  # fmt: skip
    return [
        sha256(
            outer[at : at + 32] + after + sha256(inner[at : at + 32] + rest + one[2].encode()).digest()
        ).hexdigest()
        for at, one in zip(range(0, len(keys), 32), kept, strict=True)
    ]


def _bound(name: Any, value: Any, key: Any, stored: bytes) -> bool:
    try:
        return f'"{name}":"{p.commitment(value, key)}"'.encode() in stored
    except (TypeError, ValueError, AttributeError):
        return False
