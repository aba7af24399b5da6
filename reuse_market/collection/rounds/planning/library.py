"""The routing library (PyVRP, optional): hybrid search, seeded, stopped by a number of iterations.

A clock would stop it at another place on another machine; a number of iterations gives the same plan again.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from reuse_market.collection.rounds.planning.problem import NO_LIMIT, Answer, Problem, Route, answer

LONGEST_S = 60.0  # a safety, far beyond what the iterations take
FORBIDDEN = 10**9  # metres and seconds to a place a van may not go to
LEFT_OUT = 10**8  # metres one drives rather than leave a stop out


def present() -> bool:
    """Whether the library is installed."""
    return find_spec("pyvrp") is not None


def iterations(stops: int) -> int:
    """How long the search lasts: what 60 stops get in 2 s and 200 in 10 s, with room to spare."""
    return 1200 + 6 * stops


def plan(problem: Problem, known: Answer) -> Answer | None:
    """The library's routes, searched from the `known` ones; None when it found none that keeps every limit."""
    from pyvrp import Route as Driven
    from pyvrp import Solution, SolveParams, solve
    from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

    data = _data(problem, required=not known.dropped)
    start = Solution(data, [Driven(data, [stop - 1 for stop in one.stops], one.van) for one in known.routes])
    limit = problem.effort or iterations(problem.size)
    until = MultipleCriteria([MaxIterations(limit), MaxRuntime(LONGEST_S)])
    found = solve(data, until, seed=problem.seed, collect_stats=False, display=False, params=SolveParams(),
                  initial_solution=start)  # fmt: skip
    return _answer(problem, found) if found.is_feasible() else None


def _data(problem: Problem, *, required: bool) -> Any:
    import numpy as np
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType

    metres, seconds, profiles, of_van = _profiles(problem, np)
    dimensions = [d for d in range(3) if any(van.capacity[d] is not None for van in problem.vans)]
    return ProblemData(
        [Location(0, 0)] * (problem.size + 1),
        [
            Client(
                place, pickup=[stop.demand[d] for d in dimensions], service_duration=stop.service,
                tw_early=stop.opens, tw_late=stop.closes, prize=0 if required else LEFT_OUT,
                required=required,
            )
            for place, stop in enumerate(problem.stops, 1)
        ],
        [Depot(0)],
        [
            VehicleType(
                van.count, [min(van.limits[d], NO_LIMIT) for d in dimensions], tw_early=problem.starts,
                tw_late=problem.ends, profile=of_van[index],
            )
            for index, van in enumerate(problem.vans)
        ],
        [metres[p] for p in range(profiles)],
        [seconds[p] for p in range(profiles)],
    )  # fmt: skip


def _profiles(problem: Problem, np: Any) -> tuple[list[Any], list[Any], int, list[int]]:
    """One pair of matrices per set of stops a van may not go to, and which pair each van has."""
    barred = [
        tuple(
            place
            for place, stop in enumerate(problem.stops, 1)
            if stop.vans is not None and van not in stop.vans
        )
        for van in range(len(problem.vans))
    ]
    kinds = sorted(set(barred))
    metres: list[Any] = []
    seconds: list[Any] = []
    for places in kinds:
        for told, made in ((problem.metres, metres), (problem.seconds, seconds)):
            matrix = np.array(told, dtype=np.int64)
            for place in places:
                matrix[:, place] = matrix[place, :] = FORBIDDEN
                matrix[place, place] = 0
            made.append(matrix)
    return metres, seconds, len(kinds), [kinds.index(places) for places in barred]


def _answer(problem: Problem, found: Any) -> Answer:
    """Only routes that a van may really drive are kept: a forbidden place is driven to at no price."""
    routes = []
    for route in found.best.routes():
        stops = tuple(activity.idx + 1 for activity in route if activity.is_client())
        if problem.carries(stops, route.vehicle_type()) and problem.on_time(stops):
            routes.append(Route(route.vehicle_type(), stops))
    return answer(problem, routes, "pyvrp")
