"""Rounds: how near the planner comes to the best known, how fast, and what a person driving on to the nearest loses.

The instances are the project's own, drawn by a seed: stops and a depot on a square of 1,000 by 1,000, demands of 1
to 100, rounded straight distances, vehicles in plenty. The best known of each was found by long runs of the library
(several seeds, minutes each), so it is an upper bound of the optimum, not a proven one: `BEST`.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from resource import RUSAGE_CHILDREN, getrusage

from bench.databases import connected
from bench.measuring import Figure, Goal, Timing, measure
from reuse_market.collection.rounds.planning import library, process, savings
from reuse_market.collection.rounds.planning.problem import Problem, Stop, Van
from reuse_market.kernel import db
from reuse_market.places import roads
from reuse_market.places.geo import Point
from reuse_market.places.queries import communes
from tests.support.world import World

BEST = {60: 10_430, 200: 54_413}  # metres of the best plan known of `instance(size)`
CAPACITY = {60: 500, 200: 300}
GOALS = {60: (1.0, 2.0), 200: (3.0, 10.0)}  # percent, seconds
FALLBACK = 8.0
DAYS = 50
LESS = 15.0  # percent of kilometres


def instance(size: int) -> Problem:
    """The instance of `size` stops, the same for ever."""
    chance = random.Random(size)  # noqa: S311 – a measure
    places = [(chance.randint(0, 1000), chance.randint(0, 1000)) for _ in range(size + 1)]
    metres = [[round(math.dist(one, other)) for other in places] for one in places]
    stops = tuple(Stop((chance.randint(1, 100), 0, 0)) for _ in range(size))
    vans = math.ceil(sum(stop.demand[0] for stop in stops) / CAPACITY[size]) + 2
    return Problem(metres, metres, stops, (Van((CAPACITY[size], None, None), vans),), ends=10**7)


@measure("rounds", size=200)
def near_the_best(size: int) -> Iterator[Figure]:
    """The planner in its own process, then its dependency-free method alone, beside the best known."""
    for stops in (n for n in BEST if n <= size):
        problem, (percent, seconds) = instance(stops), GOALS[stops]
        if library.present():
            begun, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
            found = process.plan(problem)
            taken, after = time.perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
            worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            gap = 100 * (found.metres / BEST[stops] - 1)
            yield Figure(f"rounds-{stops}-gap", gap, "% over the best known", "best known", BEST[stops],
                         Goal("value", "<=", percent))  # fmt: skip
            yield Figure(
                f"rounds-{stops}-time", taken, "s, process included", goal=Goal("value", "<=", seconds),
                timing=Timing(taken, worked),
            )  # fmt: skip
        begun = time.perf_counter()
        alone = savings.plan(problem)
        taken = time.perf_counter() - begun
        gap = 100 * (alone.metres / BEST[stops] - 1)
        yield Figure(f"rounds-{stops}-fallback-gap", gap, "% over the best known", "best known", BEST[stops],
                     Goal("value", "<=", FALLBACK))  # fmt: skip
        yield Figure(f"rounds-{stops}-fallback-time", taken, "s")


@measure("rounds-days", size=DAYS)
def against_the_nearest(size: int) -> Iterator[Figure]:
    """`size` random days of the territory: 25 stops, three vans, against going on to the nearest each time."""
    with connected("sqlite"), db.scope():
        World.begin()
        towns = [commune.point for commune in communes()]
        days = [day(number, towns) for number in range(size)]
    planned = nearest = left = 0
    for problem in days:
        found, naive = savings.plan(problem), savings.nearest_neighbour(problem)
        left += len(found.dropped) + len(naive.dropped)
        planned, nearest = planned + found.metres, nearest + naive.metres
    yield Figure("rounds-days-fewer-km", 100 * (1 - planned / nearest), "% fewer kilometres than on to the nearest",
                 "kilometres on to the nearest", nearest / 1000, Goal("value", ">=", LESS))  # fmt: skip
    yield Figure("rounds-days-left-out", left, "stops left out by either", goal=Goal("value", "<=", 0))


def day(number: int, towns: list[Point]) -> Problem:
    """A day drawn by its number: stops spread around the communes' town halls, 5 to 30 devices each."""
    chance = random.Random(f"day {number}")  # noqa: S311 – a measure
    places = [_around(chance.choice(towns), chance) for _ in range(26)]
    found = roads.estimated(places)
    stops = tuple(Stop((units := chance.randint(5, 30), units * 4_000, 0), service=900) for _ in range(25))
    return Problem(found.metres, found.seconds, stops, (Van((200, 900_000, None), 3),), 25_200, 72_000)


def _around(point: Point, chance: random.Random) -> Point:
    return Point(
        point.latitude + chance.randint(-9_000, 9_000), point.longitude + chance.randint(-12_000, 12_000)
    )
