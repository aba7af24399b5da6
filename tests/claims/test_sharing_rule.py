"""The rule of a share, in integers: the solver against an enumeration of every possible share, on small cases.

The enumeration weighs shares by the sentences of docs/sharing.md, written again here: nothing of it comes from the
program that is judged, but the draw's numbers.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from reuse_market.claims.sharing import process
from reuse_market.claims.sharing.problem import Ask, Problem, draw, drawn_order
from reuse_market.claims.sharing.solver import solve

LIMIT_MS = 30_000


def small(seed: int) -> Problem:
    """Two or three claims on one to three lines of a few units."""
    chance = random.Random(seed)
    left = {line: chance.randint(1, 4) for line in range(1, chance.randint(1, 3) + 1)}
    asks = []
    for number in range(chance.randint(2, 3)):
        wanted = [line for line in left if chance.random() < 0.8] or [1]
        lines = {line: chance.randint(1, left[line] + 1) for line in wanted}
        asks.append(Ask(
            f"DEM-2026-{number:04}", lines, {line: chance.choice([100, 200, 250]) for line in lines},
            minimum=chance.choice([1, 1, 2, 4]), favoured=chance.random() < 0.4, received=chance.choice([0, 5, 5, 30]),
            capacity=chance.choice([60, 60, 120]), km=chance.choice([3, 3, 12]),
        ))  # fmt: skip
    total = sum(left.values())
    return Problem(left, tuple(asks), seed=seed, reserved=chance.choice([0, 0, total // 3]),
                   cap=chance.choice([None, None, 3]), priced=chance.random() < 0.5)  # fmt: skip


def every_share(problem: Problem) -> list[dict[tuple[str, int], int]]:
    """All the shares that keep the limits, one by one."""
    cells = [(ask, line) for ask in problem.asks for line in ask.lines]
    ranges = [range(min(ask.lines[line], problem.left[line]) + 1) for ask, line in cells]
    found = []
    for numbers in itertools.product(*ranges):
        given = {(ask.claim, line): n for (ask, line), n in zip(cells, numbers, strict=True)}
        if any(
            sum(n for (_c, at), n in given.items() if at == line) > left
            for line, left in problem.left.items()
        ):
            continue
        totals = {ask.claim: sum(given[ask.claim, line] for line in ask.lines) for ask in problem.asks}
        if any(0 < totals[a.claim] < a.minimum for a in problem.asks):
            continue
        if problem.cap is not None and max(totals.values()) > problem.cap:
            continue
        others = sum(totals[a.claim] for a in problem.asks if not a.favoured)
        if others > sum(problem.left.values()) - problem.reserved:
            continue
        found.append(given)
    return found


def merit(problem: Problem, given: dict[tuple[str, int], int]) -> tuple[int, ...]:
    """What a share is worth, rule after rule: price (a sale), units, fairness, kilometres, draw."""
    price = units = unfair = km = luck = 0
    order = drawn_order(problem.seed, [ask.claim for ask in problem.asks])
    for ask in problem.asks:
        total = sum(given[ask.claim, line] for line in ask.lines)
        most = sum(min(n, problem.left[line]) for line, n in ask.lines.items())
        most = most if problem.cap is None else min(most, problem.cap)
        step = -(-most // 20)
        for nth in range(1, total + 1):
            end = min(most, -(-nth // step) * step)
            unfair += 1000 * (ask.received + end) // ask.capacity
        units, km = units + total, km + (ask.km if total else 0)
        for line in ask.lines:
            count = given[ask.claim, line]
            price += count * ask.prices[line]
            luck += count * (
                1000 * (len(order) - order.index(ask.claim)) + draw(problem.seed, ask.claim, line) % 1000
            )
    told = (units, -unfair, -km, luck)
    return (price, *told) if problem.priced else told


def found_by(problem: Problem, **options: Any) -> dict[tuple[str, int], int]:
    answer = solve(problem, LIMIT_MS)
    assert (answer.status, answer.why_known) == ("optimal", True)
    blank = {(ask.claim, line): 0 for ask in problem.asks for line in ask.lines}
    return blank | {(claim, line): n for claim, line, n in answer.units}


@pytest.mark.parametrize("block", range(6))
def test_no_share_is_better_than_the_solvers(block):
    """60 random small cases a block, every one against all its possible shares."""
    for seed in range(60 * block, 60 * block + 60):
        problem = small(seed)
        every = every_share(problem)
        best = max(merit(problem, one) for one in every)
        found = found_by(problem)
        assert found in every, f"case {seed}: a limit is broken"
        assert merit(problem, found) == best, f"case {seed}"


def test_each_rule_decides_where_the_earlier_ones_are_equal_and_is_told():
    def two(first: dict[str, Any], second: dict[str, Any], **of_all: Any) -> tuple[int, int, dict[str, str]]:
        ask = Ask("DEM-2026-0001", {1: 6}, {1: 100}, capacity=60, km=5)
        asks = (replace(ask, **first), replace(ask, claim="DEM-2026-0002", **second))
        answer = solve(Problem({1: 6}, asks, **of_all), LIMIT_MS)
        had = {claim: n for claim, _line, n in answer.units}
        return had.get("DEM-2026-0001", 0), had.get("DEM-2026-0002", 0), answer.rules

    assert two({}, {"prices": {1: 101}}, priced=True) == (0, 6, {"DEM-2026-0001": "price"})
    assert two({}, {"prices": {1: 101}})[:2] == (3, 3)  # no sale: the price is no rule
    assert two({"minimum": 6, "received": 600}, {"lines": {1: 5}})[:2] == (6, 0)  # more units first
    assert two({"minimum": 6, "received": 600}, {"lines": {1: 5}})[2] == {"DEM-2026-0002": "limit"}
    assert two({"received": 60}, {}) == (0, 6, {"DEM-2026-0001": "fairness"})
    assert two({"minimum": 6}, {"minimum": 6, "km": 4}) == (0, 6, {"DEM-2026-0001": "limit"})
    assert two({}, {"favoured": True}, reserved=6) == (0, 6, {"DEM-2026-0001": "limit"})
    assert two({}, {}, cap=2) == (2, 2, {"DEM-2026-0001": "stock", "DEM-2026-0002": "stock"})


def test_the_draw_follows_its_seed_and_the_process_gives_the_same_again():
    asks = tuple(Ask(f"DEM-2026-{n:04}", {1: 1}, capacity=60) for n in range(5))
    winners = set()
    for seed in range(12):
        problem = Problem({1: 1}, asks, seed=seed)
        ((winner, _line, _n),) = solve(problem, LIMIT_MS).units
        assert winner == drawn_order(seed, [ask.claim for ask in asks])[0]
        winners.add(winner)
    assert len(winners) > 2
    problem = small(7)
    told = [process.solve(problem) for _again in range(2)]
    assert told[0]["units"] == told[1]["units"] == [list(one) for one in solve(problem, LIMIT_MS).units]
    assert (
        Problem.of_json(problem.to_json() | {"left": {str(k): v for k, v in problem.left.items()}}) == problem
    )


def test_out_of_time_is_said():
    answer = solve(small(1), 0)
    assert (answer.status, answer.units, answer.reached) == ("feasible", [], 0)


def test_shares_of_one_price_are_kept_whole():
    """Cents of the size of a lot of lorries: no rounding of the solver may cost a cent."""
    asks = tuple(
        Ask(f"DEM-2026-{n:04}", {1: 500, 2: 500}, {1: 9_999_990 + n, 2: 1}, capacity=100) for n in range(8)
    )
    problem = Problem({1: 500, 2: 499}, asks, priced=True, seed=3)
    answer = solve(problem, LIMIT_MS)
    assert {(claim, n) for claim, line, n in answer.units if line == 1} == {("DEM-2026-0007", 500)}
    assert sum(Fraction(n) for _claim, line, n in answer.units if line == 2) == 499
