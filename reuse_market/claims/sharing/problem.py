"""What is shared, in plain integers: the problem, the objectives in their order, and the draw.

Everything here is arithmetic over what was asked; docs/sharing.md says the same in words. Knows no database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

STEPS = 20  # a request is weighed for fairness in at most so many steps
Cell = tuple[str, int]  # (claim, line)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one claim asks, of the lines it may have: line → units, and line → cents for one device.

    `minimum`: at least so many in all, or nothing. `favoured`: among those the reserved share is kept for.
    `received`, `capacity`: units of the last 12 months, and units a year (both of the organisation).
    """

    claim: str
    lines: dict[int, int]
    prices: dict[int, int] = field(default_factory=dict)
    minimum: int = 1
    favoured: bool = False
    received: int = 0
    capacity: int = 1
    km: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Line → units left, and who asks. `reserved` units go to the favoured alone; `cap` per claim; `priced`: a sale."""

    left: dict[int, int]
    asks: tuple[Ask, ...]
    seed: int = 0
    reserved: int = 0
    cap: int | None = None
    priced: bool = False

    def most(self, ask: Ask) -> int:
        """What this claim can have at most: what it asks of what is left, under the cap."""
        total = sum(min(count, self.left.get(line, 0)) for line, count in ask.lines.items())
        return total if self.cap is None else min(total, self.cap)

    @property
    def open_to_all(self) -> int:
        """How many units those whom nothing is kept for may have together."""
        return max(0, sum(self.left.values()) - self.reserved)

    def objectives(self) -> tuple[str, ...]:
        """The rules in their strict order; the price is the first of a sale, and no rule elsewhere."""
        return (*(("price",) if self.priced else ()), "units", "fairness", "distance", "draw")

    def to_json(self) -> dict[str, Any]:
        """The problem as JSON takes it: `of_json` gives it back."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Problem:
        """What `to_json` told: JSON makes the lines' numbers into words."""
        values = dict(told) | {"left": _numbers(told["left"])}
        values["asks"] = tuple(
            Ask(**(one | {"lines": _numbers(one["lines"]), "prices": _numbers(one["prices"])}))
            for one in told["asks"]
        )
        return cls(**values)


def tranches(ask: Ask, most: int) -> list[tuple[int, int]]:
    """(units, load) of each step of a request: the load is what its organisation would have received over 12
    months at the end of the step, in thousandths of what it can take in a year."""
    size = -(-most // STEPS)
    found, reached = [], 0
    while reached < most:
        count = min(size, most - reached)
        reached += count
        found.append((count, 1000 * (ask.received + reached) // max(1, ask.capacity)))
    return found


def load(ask: Ask, most: int, units: int) -> int:
    """What `units` for this claim cost in fairness: each weighs the load of its step."""
    total = 0
    for count, weight in tranches(ask, most):
        taken = min(count, units)
        total, units = total + taken * weight, units - taken
    return total


def draw(seed: int, *what: object) -> int:
    """A number anybody can draw again: the first 8 bytes of SHA-256 of "seed/…", as an integer."""
    text = "/".join(str(one) for one in (seed, *what))
    return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()[:8], "big")


def drawn_order(seed: int, claims: Iterable[str]) -> list[str]:
    """The claims in the order of the draw, the luckiest first."""
    return sorted(claims, key=lambda claim: (draw(seed, claim), claim))


def luck(problem: Problem) -> dict[Cell, int]:
    """The points of one unit in the draw: the claim's place first, then a number per line."""
    order = drawn_order(problem.seed, (ask.claim for ask in problem.asks))
    place = {claim: len(order) - at for at, claim in enumerate(order)}
    return {
        (ask.claim, line): 1000 * place[ask.claim] + draw(problem.seed, ask.claim, line) % 1000
        for ask in problem.asks
        for line in ask.lines
    }


def worth(problem: Problem, given: Mapping[Cell, int]) -> tuple[int, ...]:
    """What a share is worth by each objective, in order, the greater the better."""
    points = luck(problem)
    by_claim = {ask.claim: sum(given.get((ask.claim, line), 0) for line in ask.lines) for ask in problem.asks}
    price = sum(
        count * ask.prices.get(line, 0)
        for ask in problem.asks
        for line in ask.lines
        if (count := given.get((ask.claim, line), 0))
    )
    costs = sum(load(ask, problem.most(ask), by_claim[ask.claim]) for ask in problem.asks)
    km = sum(ask.km for ask in problem.asks if by_claim[ask.claim])
    lucky = sum(count * points[cell] for cell, count in given.items() if count)
    told = {
        "price": price,
        "units": sum(by_claim.values()),
        "fairness": -costs,
        "distance": -km,
        "draw": lucky,
    }
    return tuple(told[name] for name in problem.objectives())


def possible(problem: Problem, given: Mapping[Cell, int]) -> bool:
    """Whether a share keeps every limit: what is asked, what is left, minimums, cap, the reserved share."""
    asks = {ask.claim: ask for ask in problem.asks}
    if any(not 0 <= n <= asks[claim].lines.get(line, 0) for (claim, line), n in given.items()):
        return False
    by_line: dict[int, int] = {}
    for (_claim, line), count in given.items():
        by_line[line] = by_line.get(line, 0) + count
    if any(count > problem.left.get(line, 0) for line, count in by_line.items()):
        return False
    totals = {claim: sum(n for (c, _line), n in given.items() if c == claim) for claim in asks}
    if any(n and not asks[claim].minimum <= n <= problem.most(asks[claim]) for claim, n in totals.items()):
        return False
    return sum(n for claim, n in totals.items() if not asks[claim].favoured) <= problem.open_to_all


def _numbers(told: Mapping[str, int]) -> dict[int, int]:
    return {int(line): count for line, count in told.items()}
