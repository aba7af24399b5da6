"""Sharing a lot at closing: how long the solver takes in its own process, and whether it says the same again."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.measuring import Figure, Goal, measure, once
from reuse_market.claims.sharing import process
from reuse_market.claims.sharing.problem import Ask, Problem

LINES = 50
QUICK = Goal("value", "<=", 2)
SAME = Goal("value", "<=", 0)


def lot(seed: int, claims: int, priced: bool) -> Problem:
    """A contended lot: 50 lines of 1 to 60 devices, each claim on most of them, a third with a minimum.

    A sale's prices are what the product makes of one amount a claim: shares in proportion to the values.
    """
    chance = random.Random(seed)  # noqa: S311 - a measure
    left = {line: chance.randint(1, 60) for line in range(1, LINES + 1)}
    values = {line: chance.choice([50_00, 80_00, 120_00, 200_00]) for line in left}
    asks = []
    for number in range(claims):
        lines = {line: chance.randint(1, left[line]) for line in left if chance.random() < 0.7}
        pays = chance.randint(100, 160)  # percent of the value
        asks.append(Ask(
            f"DEM-2026-{number:04}", lines, {line: values[line] * pays // 100 for line in lines},
            minimum=chance.choice([1, 1, 20, 80]), favoured=chance.random() < 0.3, received=chance.randint(0, 600),
            capacity=chance.choice([120, 240, 600, 1200]), km=chance.randint(1, 60),
        ))  # fmt: skip
    return Problem(left, tuple(asks), seed=seed, reserved=chance.choice([0, 200]), priced=priced)


@measure("sharing", size=40)
def sharing(size: int) -> Iterator[Figure]:
    """A lot of 50 lines × `size` claims, process start and reasons included: gift and sale, the worse of five lots."""
    for name, priced in (("gift", False), ("sale", True)):
        problems = [lot(seed, size, priced) for seed in range(5)]
        slowest, differences = 0.0, 0
        for problem in problems:
            told: list[dict[str, object]] = []
            found = once(lambda problem=problem, told=told: told.append(process.solve(problem)))  # type: ignore[misc]
            again = process.solve(problem)
            same = all(told[0][name] == again[name] for name in ("units", "rules"))
            differences += told[0]["status"] != "optimal" or not same
            slowest = max(slowest, found.wall_s)
        yield Figure(f"sharing-{name}", slowest, "s, the slowest of 5", goal=QUICK)
        yield Figure(
            f"sharing-{name}-again", differences, "lots unproven or shared otherwise on re-run", goal=SAME
        )
