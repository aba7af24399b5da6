"""The planner alone: every limit kept, the same plan again, near the optimum of small cases, bounded in its process."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest

from reuse_market.collection.rounds.planning import library, process, savings
from reuse_market.collection.rounds.planning.problem import Answer, Problem, Route, Stop, Van, answer

VANS = (Van((60, 400_000, 900), 3),)


def drawn(seed, size, vans=VANS, **more):
    chance = random.Random(seed)
    spots = [(chance.randint(0, 20_000), chance.randint(0, 20_000)) for _ in range(size + 1)]
    metres = [[abs(a - c) + abs(b - d) for c, d in spots] for a, b in spots]
    seconds = [[m // 8 for m in row] for row in metres]
    stops = tuple(
        Stop(
            (chance.randint(1, 20), chance.randint(1, 60) * 1000, chance.randint(1, 200)),
            opens,
            opens + 9_000,
            900,
        )
        for opens in (chance.randint(28_000, 50_000) for _ in range(size))
    )
    return Problem(metres, seconds, stops, vans, **({"starts": 27_000, "ends": 70_000} | more))


def faults(problem, found):
    """What a plan breaks; written apart from the planner's own checks."""
    broken = []
    seen = sorted([stop for route in found.routes for stop in route.stops] + list(found.dropped))
    if seen != list(range(1, problem.size + 1)):
        broken.append("each stop once")
    for van, one in enumerate(problem.vans):
        if sum(route.van == van for route in found.routes) > one.count:
            broken.append("more vans than there are")
    for route in found.routes:
        now, here = problem.starts, 0
        for stop in route.stops:
            place = problem.stops[stop - 1]
            now = max(now + problem.seconds[here][stop], place.opens)
            if now > place.closes:
                broken.append("late")
            if place.vans is not None and route.van not in place.vans:
                broken.append("a van that may not go there")
            now, here = now + place.service, stop
        if now + problem.seconds[here][0] > problem.ends:
            broken.append("home late")
        for dimension, limit in enumerate(problem.vans[route.van].capacity):
            if limit is not None and sum(problem.stops[s - 1].demand[dimension] for s in route.stops) > limit:
                broken.append("overloaded")
    return broken


@pytest.mark.parametrize("seed", range(12))
def test_savings_keep_every_limit_and_say_the_same_again(seed):
    vans = (Van((40, None, 700), 1), Van((None, 300_000, None), 2))
    problem = drawn(seed, 14, vans)
    barred = tuple(replace(s, vans=(1,)) if n % 4 == 0 else s for n, s in enumerate(problem.stops))
    problem = replace(problem, stops=barred)
    found = savings.plan(problem)
    assert faults(problem, found) == []
    assert savings.plan(problem) == found
    assert Answer.from_json(found.to_json()) == found
    assert Problem.from_json(problem.to_json()) == problem


def test_the_judge_of_plans_sees_each_fault():
    problem = drawn(1, 3, (Van((1, None, None), 1),), ends=27_001)
    bad = answer(problem, [Route(0, (1, 2)), Route(0, (3,))], "savings")
    assert {"overloaded", "home late", "more vans than there are"} <= set(faults(problem, bad))
    assert "each stop once" in faults(problem, replace(bad, dropped=(1,)))
    assert "a van that may not go there" in faults(
        replace(problem, stops=tuple(replace(s, vans=()) for s in problem.stops)), bad
    )


@pytest.mark.parametrize("seed", range(8))
def test_one_van_is_near_the_shortest_of_all_orders(seed):
    problem = drawn(seed, 6, (Van((None, None, None)),))
    problem = replace(
        problem, stops=tuple(replace(s, opens=0, closes=86_400) for s in problem.stops), ends=86_400
    )
    best = min(problem.length(order) for order in permutations(range(1, 7)))
    found = savings.plan(problem)
    assert found.dropped == ()
    assert best <= found.metres <= best * 1.08


def test_what_no_van_can_take_is_left_out():
    problem = drawn(3, 5, (Van((10, None, None), 1),))
    problem = replace(problem, stops=(Stop((11, 0, 0)), *problem.stops[1:]))
    assert 1 in savings.plan(problem).dropped


@pytest.mark.skipif(not library.present(), reason="the routing library is not installed: savings alone plan")
def test_the_library_keeps_every_limit_and_is_never_worse():
    problem = replace(drawn(5, 18), effort=300)
    alone = savings.plan(problem)
    found = process.plan(problem)
    assert faults(problem, found) == []
    assert found.merit <= alone.merit
    assert process.plan(problem) == found


def test_a_process_out_of_time_or_of_memory_is_told(monkeypatch):
    problem = drawn(9, 200, (Van((None, None, None), 60),))
    with pytest.raises(process.Unplanned) as late:
        process.plan(problem, seconds=1)
    assert late.value.reason == "late"
    with pytest.raises(process.Unplanned) as broken:
        process.plan(problem, megabytes=1)
    assert broken.value.reason == "broken"
    monkeypatch.setattr(process, "SLACK", 0.01)
    with pytest.raises(process.Unplanned) as slow:
        process.plan(problem, seconds=0)
    assert slow.value.reason == "late"
