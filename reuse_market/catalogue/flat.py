"""Distances on a small piece of the Earth taken as flat, with proven bounds around the geodesic one. Pure.

Along a path that stays between two parallels the ellipsoid's metric lies between that of the one and of the other;
a geodesic of length d leaves the parallels of its ends by less than d, so that the bounds below hold for both ends
within `metres` of the base.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from reuse_market.places.geo import MICRO, Point

EQUATOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
WEIGHT = 10_000  # of a squared micro-degree of latitude; one of longitude weighs `east`
ROUNDING = 0.0002  # `east` is a whole number


@dataclass(frozen=True, slots=True)
class Patch:
    """Around a base: `north` × dlat² + `east` × dlon² grows as the square of the distance in metres.

    `low`, `high`: metres at least and at most for a square root of one.
    """

    north: int
    east: int
    low: float
    high: float

    def bounds_m(self, square: int) -> tuple[float, float]:
        """(least, greatest) geodesic distance in metres of what lies at this square."""
        root = math.sqrt(square)
        return root * self.low, root * self.high


def _metric(latitude: float) -> tuple[float, float]:
    """Metres of a micro-degree of latitude and of longitude at a latitude in radians."""
    flat = 1 - ECCENTRICITY_2 * math.sin(latitude) ** 2
    unit = math.radians(1 / MICRO)
    north = EQUATOR_M * (1 - ECCENTRICITY_2) / flat**1.5
    return north * unit, EQUATOR_M / math.sqrt(flat) * math.cos(latitude) * unit


def patch(base: Point, metres: int) -> Patch | None:
    """The patch within so many metres of a base; None too near a pole for it to be of use."""
    here, reach = math.radians(base.latitude / MICRO), 2 * metres / 6_350_000
    if abs(here) + reach > math.radians(80):
        return None
    south = 0.0 if abs(here) < reach else abs(here) - reach
    (low_north, high_east), (high_north, low_east) = _metric(south), _metric(abs(here) + reach)
    north, east = _metric(here)
    weight = round(WEIGHT * (east / north) ** 2)
    unit = north / math.sqrt(WEIGHT)
    low, high = min(low_north / north, low_east / east), max(high_north / north, high_east / east)
    return Patch(WEIGHT, weight, unit * low * (1 - ROUNDING), unit * high * (1 + ROUNDING))
