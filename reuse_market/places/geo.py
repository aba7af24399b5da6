"""Points, distances, outlines on the ground. Coordinates are integer millionths of a degree (WGS 84)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from geographiclib.geodesic import Geodesic

MICRO = 1_000_000
Ring = Sequence[Sequence[int]]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Point:
    """A place: `latitude` (-90 to 90 degrees) and `longitude` (-180 to 180) in millionths of a degree."""

    latitude: int
    longitude: int

    def __post_init__(self) -> None:
        if abs(self.latitude) > 90 * MICRO or abs(self.longitude) > 180 * MICRO:
            raise ValueError(f"not a place on Earth: {self.latitude}, {self.longitude}")


@lru_cache(maxsize=65_536)
def distance_m(lat1: int, lon1: int, lat2: int, lon2: int) -> int:
    """Metres as the crow flies between two places, along the WGS 84 ellipsoid (Karney).

    Remembered, since the same communes and sites are compared again and again.
    """
    line = Geodesic.WGS84.Inverse(lat1 / MICRO, lon1 / MICRO, lat2 / MICRO, lon2 / MICRO, Geodesic.DISTANCE)
    return round(line["s12"])


def between(one: Point, other: Point) -> int:
    """Metres as the crow flies between two points."""
    return distance_m(one.latitude, one.longitude, other.latitude, other.longitude)


def nearest(origin: Point, places: Mapping[K, Point], limit: int | None = None) -> list[tuple[K, int]]:
    """`places` sorted from the nearest to `origin`, as (key, metres); ties keep the order given."""
    found = [(key, between(origin, place)) for key, place in places.items()]
    return sorted(found, key=lambda pair: pair[1])[:limit]


def contains(rings: Sequence[Ring], point: Point) -> bool:
    """Whether the outline holds the point (even-odd rule, so that holes are outside). Exact, in integers."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            if (y1 > point.latitude) != (y2 > point.latitude):
                side = (x2 - x1) * (point.latitude - y1) - (point.longitude - x1) * (y2 - y1)
                inside ^= (side > 0) == (y2 > y1)
    return inside


def centre(rings: Sequence[Ring]) -> Point:
    """A point inside the outline: the centroid of its largest ring, or, when that falls outside (a crescent),
    the middle of the widest stretch of land on the centroid's parallel."""
    ring = max(rings, key=lambda item: abs(_twice_area(item)))
    centroid = _centroid(ring)
    if contains(rings, centroid):
        return centroid
    crossings = sorted(x for each in rings for x in _crossings(each, centroid.latitude))
    if len(crossings) < 2:
        return Point(ring[0][1], ring[0][0])
    west, east = max(zip(crossings[::2], crossings[1::2], strict=False), key=lambda span: span[1] - span[0])
    return Point(centroid.latitude, (west + east) // 2)


def _twice_area(ring: Ring) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))


def _centroid(ring: Ring) -> Point:
    area = _twice_area(ring)
    if area == 0:
        return Point(sum(y for _, y in ring) // len(ring), sum(x for x, _ in ring) // len(ring))
    x = y = 0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return Point(y // (3 * area), x // (3 * area))


def _crossings(ring: Ring, latitude: int) -> list[int]:
    return [
        x1 + (x2 - x1) * (latitude - y1) // (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
        if (y1 > latitude) != (y2 > latitude)
    ]
