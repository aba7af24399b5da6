"""Who gets what when many needs look at the same devices: the most devices served, ceilings held. Pure.

A flow of least cost in integers: structure's room → need → supply. It serves as many devices as can be; among
the ways to do so it serves what is wanted soonest first and spends on each need the least capable device that
fits, so that a big one stays for who asks for it. What is still equal falls by lot, drawn from `seed`.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from reuse_market.reservations.needs.matching import ORDER, SIZES, Supply, Wanted, fits

ENDLESS = 10**9
STEPS = {"ram_mb": 4096, "storage_mb": 128_000, "screen_tenths": 10}  # one step of waste each
PRICE_STEP, ANY_PRICE = 5_000, 20_000  # cents: what is cheaper than one would pay is kept for who cannot
MOST_WASTE = 99
PATIENCE = timedelta(days=14)  # how long before its day a need takes what is more than it asks


@dataclass(frozen=True, slots=True)
class Claimant:
    """A need that takes part: what it wants, and whose ceiling bears on it ("" for nobody's)."""

    key: str
    wanted: Wanted
    structure: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """`units` of a supply for a need."""

    need: str
    supply: str
    units: int


@dataclass(slots=True)
class _Net:
    """Edges in pairs: edge ^ 1 is its way back."""

    to: list[int] = field(default_factory=list)
    room: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    out: list[list[int]] = field(default_factory=list)

    def node(self) -> int:
        self.out.append([])
        return len(self.out) - 1

    def edge(self, start: int, end: int, room: int, cost: int = 0) -> int:
        self.out[start].append(len(self.to))
        self.out[end].append(len(self.to) + 1)
        self.to += [end, start]
        self.room += [room, 0]
        self.cost += [cost, -cost]
        return len(self.to) - 2


def allocate(
    needs: Sequence[Claimant],
    supplies: Sequence[Supply],
    ceilings: Mapping[tuple[str, str], int] | None = None,
    *,
    seed: int = 0,
    on: date | None = None,
    allowed: Mapping[str, frozenset[str]] | None = None,
) -> list[Given]:
    """Share supplies among needs. `ceilings`: (structure, kind) → devices it may still get; without: no limit.

    `on`: the day, from which patience counts; without, nobody waits for a better fit.
    `allowed`: supply key → structures it may go to (the law, asked beforehand); without: all. The same
    arguments give the same shares, whatever the order they come in.
    """
    needs = sorted(needs, key=lambda one: one.key)
    supplies = sorted((one for one in supplies if one.units > 0), key=lambda one: one.key)
    net, links = _Net(), {}
    source, sink = net.node(), net.node()
    rooms: dict[tuple[str, str], int] = {}
    shelves = {one.key: net.node() for one in supplies}
    for one in supplies:
        net.edge(shelves[one.key], sink, one.units)
    ranks = _ranks(needs, seed)
    for need in needs:
        start = _room(net, rooms, source, (need.structure, need.wanted.kind), ceilings or {})
        here = net.node()
        net.edge(start, here, need.wanted.units, ranks[need.key] * (MOST_WASTE + 1))
        for one in supplies:
            if _may(need, one, allowed) and _now(need.wanted, one, on):
                edge = net.edge(here, shelves[one.key], ENDLESS, waste(need.wanted, one))
                links[edge] = (need.key, one.key)
    _fill(net, source, sink)
    return [
        Given(need, supply, net.room[edge ^ 1])
        for edge, (need, supply) in links.items()
        if net.room[edge ^ 1]
    ]


def waste(wanted: Wanted, supply: Supply) -> int:
    """How much more than asked a supply is, in steps; what is not ready costs more than any waste."""
    steps = 0
    for name in SIZES:
        has, least = getattr(supply, name), getattr(wanted, name)
        steps += max(0, ((has or 0) - (least or 0)) // STEPS[name])
    if supply.price_cents is not None and supply.source == "ready":
        most = ANY_PRICE if wanted.max_price_cents is None else wanted.max_price_cents
        steps += max(0, most - supply.price_cents) // PRICE_STEP
    return min(MOST_WASTE // 3, steps) + ORDER.index(supply.source) * (MOST_WASTE // 5)


def _now(wanted: Wanted, supply: Supply, on: date | None) -> bool:
    """Whether it fits without waste, or waiting longer would be too long."""
    if on is None or wanted.wanted_by is None or wanted.wanted_by < on + PATIENCE:
        return True
    return waste(wanted, supply) == 0


def _may(need: Claimant, one: Supply, allowed: Mapping[str, frozenset[str]] | None) -> bool:
    if one.kind != need.wanted.kind or any(reason.blocks for reason in fits(need.wanted, one)):
        return False
    return allowed is None or one.key not in allowed or need.structure in allowed[one.key]


def _room(
    net: _Net, rooms: dict[tuple[str, str], int], source: int, key: tuple[str, str],
    ceilings: Mapping[tuple[str, str], int],
) -> int:  # fmt: skip
    """The node of a structure's room for a kind; without a ceiling, the source itself."""
    if key not in ceilings:
        return source
    if key not in rooms:
        rooms[key] = net.node()
        net.edge(source, rooms[key], max(0, ceilings[key]))
    return rooms[key]


def _ranks(needs: Sequence[Claimant], seed: int) -> dict[str, int]:
    """Need → its place: wanted soonest first, then the hardest to serve, then by lot."""
    chance = random.Random(seed)  # noqa: S311 - a tie-break that anybody can draw again
    lots = {one.key: chance.random() for one in needs}
    placed = sorted(
        needs, key=lambda one: (one.wanted.wanted_by or date.max, -_hard(one.wanted), lots[one.key])
    )
    return {one.key: place for place, one in enumerate(placed)}


def _hard(wanted: Wanted) -> int:
    """How little there is that a need can take: its minimums in steps, a low price as two more each."""
    steps = sum((getattr(wanted, name) or 0) // STEPS[name] for name in SIZES)
    return steps + (0 if wanted.max_price_cents is None else 2 if wanted.max_price_cents else 4)


def _fill(net: _Net, source: int, sink: int) -> None:
    """The greatest flow of least cost, by shortest augmenting paths."""
    while True:
        came = _path(net, source, sink)
        if came is None:
            return
        edges, node = [], sink
        while node != source:
            edges.append(came[node])
            node = net.to[came[node] ^ 1]
        units = min(net.room[edge] for edge in edges)
        for edge in edges:
            net.room[edge] -= units
            net.room[edge ^ 1] += units


def _path(net: _Net, source: int, sink: int) -> list[int] | None:
    """The cheapest way with room left: the edge each node is reached by; None when there is none."""
    far = [ENDLESS] * len(net.out)
    came, waiting = [-1] * len(net.out), [False] * len(net.out)
    far[source], queue = 0, deque([source])
    while queue:
        node = queue.popleft()
        waiting[node] = False
        for edge in net.out[node]:
            end, cost = net.to[edge], far[node] + net.cost[edge]
            if net.room[edge] > 0 and cost < far[end]:
                far[end], came[end] = cost, edge
                if not waiting[end]:
                    waiting[end] = True
                    queue.append(end)
    return came if came[sink] >= 0 else None
