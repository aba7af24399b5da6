"""Distances and outlines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reuse_market.places import geo
from reuse_market.places.geo import Point

SQUARE = [[0, 0], [1000, 0], [1000, 1000], [0, 1000]]
HOLE = [[400, 400], [600, 400], [600, 600], [400, 600]]
CRESCENT = [[0, 0], [1000, 0], [1000, 100], [100, 100], [100, 900], [1000, 900], [1000, 1000], [0, 1000]]


def test_a_degree_of_meridian_is_known_from_geodesy() -> None:
    # WGS 84: 111 132 m between 44.5° and 45.5° north; 78 847 m a degree along the parallel of 45°
    assert geo.distance_m(44_500_000, 5_000_000, 45_500_000, 5_000_000) == pytest.approx(111_132, abs=2)
    assert geo.distance_m(45_000_000, 5_000_000, 45_000_000, 6_000_000) == pytest.approx(78_847, abs=3)


def test_distance_is_symmetric_and_null_on_the_spot() -> None:
    a, b = Point(45_186_630, 5_736_310), Point(45_137_473, 5_748_357)
    assert geo.between(a, b) == geo.between(b, a) > 0
    assert geo.between(a, a) == 0


def test_nearest_sorts_and_cuts() -> None:
    here = Point(45_000_000, 5_000_000)
    places = {"far": Point(46_000_000, 5_000_000), "near": Point(45_001_000, 5_000_000), "here": here}
    assert [key for key, _ in geo.nearest(here, places)] == ["here", "near", "far"]
    assert geo.nearest(here, places, limit=1) == [("here", 0)]
    assert geo.nearest(here, {}) == []


@pytest.mark.parametrize(("latitude", "longitude"), [(90_000_001, 0), (0, -180_000_001), (45, 5_000_000_000)])
def test_a_point_off_the_earth_is_refused(latitude: int, longitude: int) -> None:
    with pytest.raises(ValueError, match="not a place"):
        Point(latitude, longitude)


def test_a_hole_is_outside() -> None:
    assert geo.contains([SQUARE], Point(500, 500))
    assert not geo.contains([SQUARE, HOLE], Point(500, 500))
    assert geo.contains([SQUARE, HOLE], Point(200, 500))
    assert not geo.contains([SQUARE], Point(500, 1500))


def test_the_direction_a_ring_turns_in_does_not_matter() -> None:
    assert geo.contains([SQUARE[::-1]], Point(500, 500))
    assert geo.centre([SQUARE[::-1]]) == geo.centre([SQUARE]) == Point(500, 500)


def test_the_centre_of_a_crescent_is_on_its_land() -> None:
    centre = geo.centre([CRESCENT])
    assert geo.contains([CRESCENT], centre)
    assert centre.longitude < 100


@given(st.integers(-80_000_000, 80_000_000), st.integers(-170_000_000, 170_000_000), st.integers(2, 10**6))
def test_the_centre_of_a_triangle_is_inside(south: int, west: int, size: int) -> None:
    triangle = [[west, south], [west + 3 * size, south], [west, south + 3 * size]]
    centre = geo.centre([triangle])
    assert geo.contains([triangle], centre)
    assert centre == Point(south + size, west + size)
