"""A planning problem and its answer, both plain numbers that travel as JSON between two processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

Matrix = Sequence[Sequence[int]]
NO_LIMIT = 10**12


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to load at: what is loaded (devices, grams, litres), when service may begin, how long it lasts.

    Times are seconds of the day. `vans`: indexes of the vans that can stop there; None is all of them.
    """

    demand: tuple[int, int, int]
    opens: int = 0
    closes: int = 86_400
    service: int = 0
    vans: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Van:
    """A vehicle; a capacity that is not known limits nothing. `count`: so many alike."""

    capacity: tuple[int | None, int | None, int | None]
    count: int = 1

    @property
    def limits(self) -> tuple[int, int, int]:
        """The capacities as numbers."""
        units, grams, litres = (NO_LIMIT if value is None else value for value in self.capacity)
        return units, grams, litres


@dataclass(frozen=True)
class Problem:
    """Stops 1…n around the depot 0. `metres` and `seconds` are driven; hours of work in seconds of the day.

    `effort`: iterations of the library's search (0: as the number of stops asks for).
    """

    metres: Matrix
    seconds: Matrix
    stops: tuple[Stop, ...]
    vans: tuple[Van, ...]
    starts: int = 0
    ends: int = 86_400
    seed: int = 1
    effort: int = 0

    @cached_property
    def size(self) -> int:
        """How many stops."""
        return len(self.stops)

    def length(self, route: Sequence[int]) -> int:
        """Metres of a route, depot to depot."""
        if not route:
            return 0
        metres, before, total = self.metres, 0, 0
        for stop in route:
            total += metres[before][stop]
            before = stop
        return total + metres[before][0]

    def load(self, route: Sequence[int]) -> tuple[int, int, int]:
        """What a route loads, in the three dimensions."""
        units = grams = litres = 0
        for stop in route:
            demand = self.stops[stop - 1].demand
            units, grams, litres = units + demand[0], grams + demand[1], litres + demand[2]
        return units, grams, litres

    def carries(self, route: Sequence[int], van: int) -> bool:
        """Whether a van may stop everywhere on a route and holds its load."""
        if any(
            allowed is not None and van not in allowed for allowed in (self.stops[s - 1].vans for s in route)
        ):
            return False
        limits = self.vans[van].limits
        return all(loaded <= limit for loaded, limit in zip(self.load(route), limits, strict=True))

    def on_time(self, route: Sequence[int]) -> bool:
        """Whether every stop is reached while it is open, and the depot before work ends."""
        now, before = self.starts, 0
        for stop in route:
            place = self.stops[stop - 1]
            now = max(now + self.seconds[before][stop], place.opens)
            if now > place.closes:
                return False
            now, before = now + place.service, stop
        return not route or now + self.seconds[before][0] <= self.ends

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Problem:
        """The problem told by `to_json`, after JSON."""
        stops = tuple(
            Stop(tuple(one["demand"]), one["opens"], one["closes"], one["service"],
                 None if one["vans"] is None else tuple(one["vans"]))
            for one in told["stops"]
        )  # fmt: skip
        vans = tuple(Van(tuple(one["capacity"]), one["count"]) for one in told["vans"])
        return cls(told["metres"], told["seconds"], stops, vans, told["starts"], told["ends"], told["seed"],
                   told["effort"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """What one vehicle drives: stops in order."""

    van: int
    stops: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Routes, and the stops that no vehicle could take. `engine`: savings | pyvrp."""

    routes: tuple[Route, ...]
    dropped: tuple[int, ...]
    engine: str
    metres: int

    @property
    def merit(self) -> tuple[int, int]:
        """Fewer stops left out first, then fewer metres."""
        return len(self.dropped), self.metres

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Answer:
        """The answer told by `to_json`, after JSON."""
        routes = tuple(Route(one["van"], tuple(one["stops"])) for one in told["routes"])
        return cls(routes, tuple(told["dropped"]), told["engine"], told["metres"])


def answer(problem: Problem, routes: Sequence[Route], engine: str) -> Answer:
    """The answer these routes make, in an order that does not depend on how they were found."""
    kept = sorted((route for route in routes if route.stops), key=lambda route: (route.van, route.stops))
    served = {stop for route in kept for stop in route.stops}
    dropped = tuple(stop for stop in range(1, problem.size + 1) if stop not in served)
    return Answer(tuple(kept), dropped, engine, sum(problem.length(route.stops) for route in kept))
