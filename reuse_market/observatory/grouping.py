"""What may be told of many holders' counts: each device in exactly one group, each group of at least 3 holders.

Published numbers are these groups and nothing else; every total is a sum of them. Whoever adds and subtracts
published numbers gets sums of whole groups again, so no difference can tell less than a group (ADR 0012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import isqrt

FEWEST_HOLDERS = 3  # under this, a figure would tell one holder's stock to another (theft, business secrecy)
REST = 10  # beyond its two largest holders, a group holds at least one part in REST of the largest
WORTH = 4  # to count a device, at most so many others may lose the name of their kind or commune
STEP = 5  # published numbers are rounded to it
SEVERAL = ""  # the kind, quarter or commune of a group that spans several


@dataclass(frozen=True, slots=True)
class Cell:
    """What one holder has of a kind, in a quarter and a commune. `low` and `high` bound an estimate."""

    kind: str
    quarter: str
    commune: str
    holder: int
    devices: int
    low: int
    high: int


@dataclass(slots=True)
class Group:
    """Cells counted together. `below`, `above`: squares of the distances to their ends, added up."""

    kind: str
    quarter: str
    commune: str
    holders: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    below: int = 0
    above: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def devices(self) -> int:
        """How many devices, exactly."""
        return sum(self.holders.values())

    def add(self, cell: Cell) -> None:
        """Count one more cell of the same kind, quarter and commune."""
        self.holders[cell.holder] += cell.devices
        self.below += (cell.devices - cell.low) ** 2
        self.above += (cell.high - cell.devices) ** 2
        self.cells.append(cell)


@dataclass(frozen=True, slots=True)
class Row:
    """A published group, rounded: the only thing that leaves."""

    state: str
    kind: str
    quarter: str
    commune: str
    devices: int
    low: int
    high: int


def groups(cells: Iterable[Cell], *, even: bool = True) -> list[Group]:
    """The finest groups this method finds that may each be told; what fits in none is left out altogether.

    `even`: no holder may outweigh the others either (REST). Order of what is given up in a group: the kind inside
    a commune, else the commune of a kind, then both, last the quarter.
    """
    by_quarter: dict[str, dict[tuple[str, str], Group]] = defaultdict(dict)
    for cell in cells:
        if cell.devices > 0:
            held = by_quarter[cell.quarter]
            place = (cell.kind, cell.commune)
            if place not in held:
                held[place] = Group(cell.kind, cell.quarter, cell.commune)
            held[place].add(cell)
    kept: list[Group] = []
    left: list[Group] = []
    for quarter in sorted(by_quarter):
        ordered = [by_quarter[quarter][place] for place in sorted(by_quarter[quarter])]
        told, rest = _of_quarter(ordered, even)
        kept += told
        left += rest
    if left and may_be_told(pooled := _joined(left), even):
        kept.append(pooled)
    return kept


def may_be_told(group: Group, even: bool = True) -> bool:
    """At least FEWEST_HOLDERS; `even`: the second largest cannot work out the largest within a tenth (p % rule)."""
    if len(group.holders) < FEWEST_HOLDERS:
        return False
    first, second = sorted(group.holders.values(), reverse=True)[:2]
    return not even or (group.devices - first - second) * REST >= first


def rounded(group: Group, state: str) -> Row:
    """The group as it is published: to the nearest STEP, the interval of an estimate outwards."""
    near = (group.devices + STEP // 2) // STEP * STEP
    low, high = _ends(group.devices, group.below, group.above)
    low, high = (low if group.below else near), (high if group.above else near)
    return Row(state, group.kind, group.quarter, group.commune, near, min(low, near), max(high, near))


def exact(group: Group, state: str) -> Row:
    """The group as it is, for what each holder has made public itself."""
    devices = group.devices
    return Row(state, group.kind, group.quarter, group.commune, devices, devices, devices)


def spread(rows: Iterable[Row]) -> tuple[int, int, int]:
    """(devices, low, high) of published rows together; their errors are taken as independent."""
    rows = list(rows)
    devices = sum(row.devices for row in rows)
    below = sum((row.devices - row.low) ** 2 for row in rows)
    above = sum((row.high - row.devices) ** 2 for row in rows)
    return (devices, *_ends(devices, below, above))


def _ends(devices: int, below: int, above: int) -> tuple[int, int]:
    """Both ends, rounded outwards; where nothing is estimated, the number itself."""
    low = max(devices - _root_up(below), 0) // STEP * STEP if below else devices
    high = -(-(devices + _root_up(above)) // STEP) * STEP if above else devices
    return low, high


def _of_quarter(cells: list[Group], even: bool) -> tuple[list[Group], list[Group]]:
    """(groups that may be told, the rest) of one quarter."""
    told, rest = _split(cells, even)
    for key in (lambda one: one.commune, lambda one: one.kind, lambda one: ""):
        pooled, rest = _pooled(rest, key, even)
        told += pooled
    left: list[Group] = []
    while rest and not _taken_in(told, rest, even):
        # one holder's many devices would hide all the others: they stand aside
        left.append(rest.pop(max(range(len(rest)), key=lambda at: rest[at].devices)))
    return told, left


def _taken_in(told: list[Group], rest: list[Group], even: bool) -> bool:
    """Count `rest` together with the groups that lose least by it; False, nothing changed, when it is not worth it."""
    over, kept, cost = _joined(rest), list(told), 0
    worth = over.devices * WORTH
    while not may_be_told(over, even):
        if not kept or cost > worth:
            return False
        nearest = min(kept, key=lambda one: _loss(one, over))
        kept.remove(nearest)
        cost += nearest.devices
        over = _joined([over, nearest])
    if cost > worth:
        return False
    told[:] = [*kept, over]
    return True


def _split(found: list[Group], even: bool) -> tuple[list[Group], list[Group]]:
    return [one for one in found if may_be_told(one, even)], [
        one for one in found if not may_be_told(one, even)
    ]


def _pooled(rest: list[Group], key: Callable[[Group], str], even: bool) -> tuple[list[Group], list[Group]]:
    """Those of `rest` that may be told once counted with all that share their key, and the others as they were."""
    pools: dict[str, list[Group]] = defaultdict(list)
    for one in rest:
        pools[key(one)].append(one)
    told: list[Group] = []
    left: list[Group] = []
    for _key, pool in sorted(pools.items()):
        together = _joined(pool)
        if may_be_told(together, even):
            told.append(together)
        else:
            left += pool
    return told, left


def _loss(one: Group, over: Group) -> tuple[int, int, str, str]:
    """What is given up when `one` takes the rest in: devices times the names they lose. Ties fall by name."""
    names = ((one.kind, over.kind), (one.commune, over.commune))
    lost = sum(mine not in (SEVERAL, theirs) for mine, theirs in names)
    return one.devices * lost, one.devices, one.kind, one.commune


def _joined(found: list[Group]) -> Group:
    """All of them as one group; a name they do not share becomes SEVERAL."""

    def common(names: Iterable[str]) -> str:
        distinct = set(names)
        return distinct.pop() if len(distinct) == 1 else SEVERAL

    made = Group(
        common(one.kind for one in found),
        common(one.quarter for one in found),
        common(one.commune for one in found),
    )
    for one in found:
        for cell in one.cells:
            made.add(cell)
    return made


def _root_up(square: int) -> int:
    """The square root, rounded up."""
    return isqrt(square - 1) + 1 if square > 0 else 0
