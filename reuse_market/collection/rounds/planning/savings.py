"""The dependency-free planner: savings (Clarke and Wright 1964), then moves between and inside routes.

Deterministic: the same problem gives the same routes. Three shapes of the saving are tried (Yellow 1970), the
best kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reuse_market.collection.rounds.planning.problem import Answer, Problem, Route, answer

SHAPES = (1.0, 0.8, 1.2)
NEAR = 12  # neighbours a move looks at
PASSES = 30
Tour = tuple[int, ...]


def plan(problem: Problem) -> Answer:
    """Routes by savings, mended by local search; what no van can take is dropped."""
    best: Answer | None = None
    for shape in SHAPES:
        routes = _improve(problem, _placed(problem, _merged(problem, shape)))
        found = answer(problem, routes, "savings")
        best = found if best is None or found.merit < best.merit else best
    assert best is not None
    return best


def nearest_neighbour(problem: Problem) -> Answer:
    """What a person does without a plan: always on to the nearest stop that still fits. For comparison."""
    left, routes = set(range(1, problem.size + 1)), []
    for van, one in enumerate(problem.vans):
        for _each in range(one.count):
            tour: Tour = ()
            while left:
                here = tour[-1] if tour else 0
                fits = (s for s in sorted(left, key=lambda s: (problem.metres[here][s], s))
                        if _fits(problem, (*tour, s), van))  # fmt: skip
                following = next(fits, None)
                if following is None:
                    break
                tour += (following,)
                left.discard(following)
            routes.append(Route(van, tour))
    return answer(problem, routes, "nearest")


def _merged(problem: Problem, shape: float) -> list[Tour]:
    """One route a stop, joined end to start while it saves metres and some van can drive the whole."""
    metres, stops = problem.metres, range(1, problem.size + 1)
    pairs = sorted(
        ((metres[i][0] + metres[0][j] - shape * metres[i][j], i, j) for i in stops for j in stops if i != j),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    of: dict[int, Tour] = {stop: (stop,) for stop in stops}
    for saved, i, j in pairs:
        if saved <= 0:
            break
        one, other = of[i], of[j]
        if one is other or i not in (one[0], one[-1]) or j not in (other[0], other[-1]):
            continue
        one = one if one[-1] == i else one[::-1]
        other = other if other[0] == j else other[::-1]
        joined = one + other
        if _somehow(problem, joined):
            of.update(dict.fromkeys(joined, joined))
    return sorted(set(of.values()))


def _somehow(problem: Problem, tour: Tour) -> bool:
    return problem.on_time(tour) and any(problem.carries(tour, van) for van in range(len(problem.vans)))


def _fits(problem: Problem, tour: Tour, van: int) -> bool:
    return problem.carries(tour, van) and problem.on_time(tour)


def _placed(problem: Problem, tours: list[Tour]) -> list[Route]:
    """Each route to the smallest van that can drive it, the fullest first; the rest is put in where it fits."""
    vans = [van for van, one in enumerate(problem.vans) for _each in range(one.count)]
    vans.sort(key=lambda van: (problem.vans[van].limits, van))
    routes: list[Route] = []
    homeless: list[int] = []
    for tour in sorted(tours, key=lambda tour: (-len(tour), tour)):
        van = next((van for van in vans if _fits(problem, tour, van)), None)
        if van is None:
            homeless += tour
        else:
            vans.remove(van)
            routes.append(Route(van, tour))
    routes += [Route(van, ()) for van in vans]
    for stop in sorted(homeless, key=lambda stop: (problem.stops[stop - 1].closes, stop)):
        _insert(problem, routes, stop)
    return routes


def _insert(problem: Problem, routes: list[Route], stop: int) -> None:
    """Put a stop where it costs least and fits; nowhere: it stays out."""
    best: tuple[int, int, Tour] | None = None
    for index, route in enumerate(routes):
        before = problem.length(route.stops)
        for place in range(len(route.stops) + 1):
            tour = (*route.stops[:place], stop, *route.stops[place:])
            cost = problem.length(tour) - before
            if (best is None or cost < best[0]) and _fits(problem, tour, route.van):
                best = (cost, index, tour)
    if best is not None:
        routes[best[1]] = Route(routes[best[1]].van, best[2])


def _improve(problem: Problem, routes: list[Route]) -> list[Route]:
    """Moves that shorten, until none does: relocate and swap, exchange of ends, turning a stretch round."""
    near = _neighbours(problem)
    for _pass in range(PASSES):
        shortened = False
        for stop in range(1, problem.size + 1):
            while _shorten(problem, routes, stop, near[stop]):
                shortened = True
        if not shortened:
            break
    served = {stop for route in routes for stop in route.stops}
    for stop in range(1, problem.size + 1):
        if stop not in served:
            _insert(problem, routes, stop)
    return routes


def _neighbours(problem: Problem) -> list[list[int]]:
    stops = range(1, problem.size + 1)
    none: list[int] = []
    return [none] + [
        sorted((s for s in stops if s != stop), key=lambda s, stop=stop: (problem.metres[stop][s], s))[:NEAR]  # type: ignore[misc]
        for stop in stops
    ]


def _shorten(problem: Problem, routes: list[Route], stop: int, near: Sequence[int]) -> bool:
    """Do the first move around `stop` that shortens and fits; False when there is none."""
    at = _where(routes)
    if stop not in at:
        return False
    mine = at[stop]
    for other in near:
        if other not in at:
            continue
        theirs = at[other]
        moves = (
            _inside(routes[mine].stops, stop, other)
            if mine == theirs
            else _between(routes[mine].stops, routes[theirs].stops, stop, other)
        )
        for one, two in moves:
            if _adopt(problem, routes, mine, theirs, one, two):
                return True
    return False


def _where(routes: list[Route]) -> dict[int, int]:
    return {stop: index for index, route in enumerate(routes) for stop in route.stops}


def _adopt(problem: Problem, routes: list[Route], mine: int, theirs: int, one: Tour, two: Tour) -> bool:
    """Take both new tours when together they are shorter and each fits its van."""
    before = problem.length(routes[mine].stops)
    after = problem.length(one)
    if mine != theirs:
        before += problem.length(routes[theirs].stops)
        after += problem.length(two)
    if after >= before or not _fits(problem, one, routes[mine].van):
        return False
    if mine != theirs:
        if not _fits(problem, two, routes[theirs].van):
            return False
        routes[theirs] = Route(routes[theirs].van, two)
    routes[mine] = Route(routes[mine].van, one)
    return True


def _inside(tour: Tour, stop: int, other: int) -> Iterator[tuple[Tour, Tour]]:
    """Or-opt (1 to 3 stops put beside `other`, either way round) and 2-opt, within a route."""
    here, there = tour.index(stop), tour.index(other)
    for length in (1, 2, 3):
        piece = tour[here : here + length]
        if other in piece or len(piece) < length:
            continue
        rest = tour[:here] + tour[here + length :]
        place = rest.index(other)
        for spot in (place, place + 1):
            yield rest[:spot] + piece + rest[spot:], ()
            if length > 1:
                yield rest[:spot] + piece[::-1] + rest[spot:], ()
    low, high = sorted((here, there))
    yield tour[:low] + tour[low : high + 1][::-1] + tour[high + 1 :], ()
    yield tour[: low + 1] + tour[low + 1 : high + 1][::-1] + tour[high + 1 :], ()


def _between(mine: Tour, theirs: Tour, stop: int, other: int) -> Iterator[tuple[Tour, Tour]]:
    """1 to 3 stops moved beside `other`, two stops swapped, or the ends of both routes exchanged."""
    here, there = mine.index(stop), theirs.index(other)
    for length in (1, 2, 3):
        piece = mine[here : here + length]
        if len(piece) < length:
            continue
        rest = mine[:here] + mine[here + length :]
        for spot in (there, there + 1):
            yield rest, theirs[:spot] + piece + theirs[spot:]
            if length > 1:
                yield rest, theirs[:spot] + piece[::-1] + theirs[spot:]
    for spot in (there - 1, there + 1):
        if 0 <= spot < len(theirs):
            swapped = (*theirs[:spot], stop, *theirs[spot + 1 :])
            yield (*mine[:here], theirs[spot], *mine[here + 1 :]), swapped
    yield mine[: here + 1] + theirs[there:], theirs[:there] + mine[here + 1 :]
    yield mine[:here] + theirs[there + 1 :], theirs[: there + 1] + mine[here:]
    yield mine[: here + 1] + theirs[: there + 1][::-1], mine[here + 1 :][::-1] + theirs[there + 1 :]
