"""Which available units close a gap at the least cost: a bounded sum over integers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

FINEST = 200_000  # steps the search may take: beyond, prices are rounded down to a coarser step
MOST_GROUPS = 25


@dataclass(frozen=True, slots=True)
class Supply:
    """An identical group: its key, how many are ready, the price of one in cents before tax."""

    key: str
    units: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Taken:
    """So many units of a group."""

    key: str
    units: int
    cents: int


def alone(supply: Supply, missing_cents: int) -> int | None:
    """How many units of this group alone close the gap, or None when it has not enough."""
    needed = -(-missing_cents // supply.price_cents)
    return needed if needed <= supply.units else None


def cheapest(supplies: Sequence[Supply], missing_cents: int) -> list[Taken] | None:
    """The combination that costs least and still reaches `missing_cents`; None when all of it is not enough.

    Among the MOST_GROUPS with the most to offer. Reachable sums are the bits of one integer; counts are split in
    powers of two. The step is what divides every price (exact), or coarser where the gap is too wide for it:
    prices are then rounded down to it, so that what is found still reaches the gap.
    """
    usable = sorted((s for s in supplies if s.price_cents > 0 and s.units > 0),
                    key=lambda s: (-s.units * s.price_cents, s.key))[:MOST_GROUPS]  # fmt: skip
    if missing_cents <= 0:
        return []
    if sum(s.units * s.price_cents for s in usable) < missing_cents:
        return None
    dearest = max(s.price_cents for s in usable)
    step = max(gcd(*(s.price_cents for s in usable)), -(-(missing_cents + dearest) // FINEST))
    goal = -(-missing_cents // step)
    parts = [part for supply in usable for part in _parts(supply, goal, step)]
    reached = [1]
    for _supply, _count, size in parts:
        reached.append((reached[-1] | (reached[-1] << size)) & ((1 << (goal + dearest // step + 1)) - 1))
    above = reached[-1] >> goal
    if not above:
        return _trimmed([Taken(s.key, s.units, s.units * s.price_cents) for s in usable], missing_cents)
    at = goal + ((above & -above).bit_length() - 1)
    return _trimmed(_told(parts, reached, at), missing_cents)


def _parts(supply: Supply, goal: int, step: int) -> list[tuple[Supply, int, int]]:
    """A group's units as parcels of 1, 2, 4… units, never more than close the gap alone."""
    size = max(supply.price_cents // step, 1)
    left, parcel, found = min(supply.units, -(-goal // size)), 1, []
    while left > 0:
        count = min(parcel, left)
        found.append((supply, count, count * size))
        left, parcel = left - count, parcel * 2
    return found


def _told(parts: Sequence[tuple[Supply, int, int]], reached: Sequence[int], at: int) -> list[Taken]:
    """Walk back through the sums: which parcels made `at`."""
    units: dict[str, int] = {}
    prices = {supply.key: supply.price_cents for supply, _count, _size in parts}
    for index in range(len(parts) - 1, -1, -1):
        supply, count, size = parts[index]
        if not reached[index] >> at & 1:
            units[supply.key] = units.get(supply.key, 0) + count
            at -= size
    return [Taken(key, count, count * prices[key]) for key, count in sorted(units.items())]


def _trimmed(taken: Sequence[Taken], missing_cents: int) -> list[Taken]:
    """Without the units a coarse step took for nothing: the dearest first."""
    surplus, kept = sum(one.cents for one in taken) - missing_cents, []
    for one in sorted(taken, key=lambda one: (-one.cents // one.units, one.key)):
        price = one.cents // one.units
        spare = min(one.units, surplus // price)
        surplus -= spare * price
        if one.units > spare:
            kept.append(Taken(one.key, one.units - spare, (one.units - spare) * price))
    return sorted(kept, key=lambda one: one.key)
