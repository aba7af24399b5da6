"""The nearest groups in the exact geodesic order, read through an index: a box that grows until it suffices.

The first page is one statement where the box is not crowded at one distance: the database sorts by a flat distance
whose bounds are proven (`flat`), and only what it found is measured along the ellipsoid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.catalogue import flat
from reuse_market.catalogue.criteria import Criterion, Shape, made, named, remembered, shape_of
from reuse_market.catalogue.groups import TABLE, listed
from reuse_market.kernel.statements import plain
from reuse_market.places import geo

RADII_M = (5_000, 40_000)  # beyond, everywhere: three statements at most
SPARE = 15  # rows read beyond a page: what flat distances may have put in another order
NOWHERE_M = 10**9  # groups whose place is not known come last
METRES_A_DEGREE = 110_500  # a degree of latitude is never shorter (110,574 m at the equator)
Place = tuple[int, int]


def box(base: geo.Point, metres: int) -> dict[str, int] | None:
    """The values of BOXED: what may lie within so many metres; None where a box says nothing (poles, far side)."""
    south_north = metres * geo.MICRO // METRES_A_DEGREE + 1
    farthest = (abs(base.latitude) + south_north) / geo.MICRO
    if farthest >= 88:
        return None
    west_east = math.ceil(south_north / math.cos(math.radians(farthest)))
    if abs(base.longitude) + west_east >= 180 * geo.MICRO:
        return None
    return {
        "south": base.latitude - south_north, "north": base.latitude + south_north,
        "west": base.longitude - west_east, "east": base.longitude + west_east,
    }  # fmt: skip


BOXED = sa.and_(
    TABLE.c.latitude.between(sa.bindparam("south"), sa.bindparam("north")),
    TABLE.c.longitude.between(sa.bindparam("west"), sa.bindparam("east")),
)


def tiers(
    base: geo.Point,
    criteria: Sequence[Criterion],
    enough: int,
    *,
    beyond_m: int = 0,
    within_m: int | None = None,
) -> list[tuple[int, int, list[Place]]]:
    """(metres, groups, points) at each distance, nearest first, until `enough` groups are beyond `beyond_m`.

    From `beyond_m` on, that distance included but not counted; up to `within_m`.
    """
    for radius in (*(r for r in RADII_M if r > beyond_m and (within_m is None or r < within_m)), within_m):
        bounded = box(base, radius) if radius is not None else None
        if bounded is None and radius is not None and radius != within_m:
            continue
        found = _tiers(base, criteria, bounded, beyond_m)
        sure = [one for one in found if radius is None or one[0] <= radius]
        if radius == within_m or sum(count for far, count, _at in sure if far > beyond_m) >= enough:
            return sure
    return []


@remembered
def _places(shape: Shape, boxed: bool) -> sa.Select[Any]:
    """The points of groups and how many lie at each, in the box of `BOXED` or everywhere."""
    group = TABLE.c
    located = BOXED if boxed else sa.and_(group.latitude.is_not(None), group.longitude.is_not(None))
    found: sa.Select[Any] = sa.select(group.latitude, group.longitude, sa.func.count())
    return found.where(*made(shape), located).group_by(group.latitude, group.longitude)


def _tiers(
    base: geo.Point, criteria: Sequence[Criterion], bounded: dict[str, int] | None, beyond_m: int
) -> list[tuple[int, int, list[Place]]]:
    statement = _places(shape_of(criteria), bounded is not None)
    found: dict[int, tuple[int, list[Place]]] = {}
    rows: Any = plain(statement, named(criteria) | (bounded or {}))
    for latitude, longitude, count in rows:
        far = geo.distance_m(base.latitude, base.longitude, latitude, longitude)
        if far >= beyond_m:
            held, points = found.get(far, (0, []))
            found[far] = (held + count, [*points, (latitude, longitude)])
    return [(far, *found[far]) for far in sorted(found)]


def page(
    base: geo.Point, criteria: Sequence[Criterion], size: int, cursor: str
) -> tuple[list[Any], str | None]:
    """A page of groups by distance then id, those without a place last; and the cursor that follows.

    Five statements at most.
    """
    if not readable(cursor):
        rows = _first(base, criteria, size + 1)
        if rows is None:
            rows = _by_tiers(base, criteria, size + 1, 0, 0)
    else:
        rows = _by_tiers(base, criteria, size + 1, *(int(part) for part in cursor.split("_")))
    more = f"{rows[size - 1][0]}_{rows[size - 1][1]}" if len(rows) > size else None
    return [row for _far, _id, row in rows[:size]], more


@remembered
def _nearest(shape: Shape) -> sa.Select[Any]:
    """:most groups of the box, by the flat distance from :latitude, :longitude."""
    group = TABLE.c
    weight_north, weight_east = (sa.bindparam(name, type_=sa.BigInteger) for name in ("by_north", "by_east"))
    north, east = (
        sa.cast(group[name], sa.BigInteger) - sa.bindparam(name, type_=sa.BigInteger)
        for name in ("latitude", "longitude")
    )
    square = (north * north * weight_north + east * east * weight_east).label("square")
    chosen = sa.select(group.id, square).where(*made(shape), BOXED)
    chosen = chosen.order_by(square, group.id).limit(sa.bindparam("most", type_=sa.Integer))
    return listed(chosen, "square", "id")


def _first(base: geo.Point, criteria: Sequence[Criterion], wanted: int) -> list[tuple[int, int, Any]] | None:
    """The nearest groups in one statement; None where too few lie near, or too many at about one distance."""
    radius = RADII_M[0]
    bounded, ground = box(base, radius), flat.patch(base, 2 * radius)
    if bounded is None or ground is None:
        return None
    most = wanted + SPARE
    values: dict[str, Any] = named(criteria) | bounded
    values |= {"latitude": base.latitude, "longitude": base.longitude, "most": most}
    values |= {"by_north": ground.north, "by_east": ground.east}
    rows = plain(_nearest(shape_of(criteria)), values).all()
    # What was not read lies beyond this: farther than the last row, or out of the box.
    end = min(radius, ground.bounds_m(rows[-1].square)[0] if len(rows) == most else radius)
    found = [
        (geo.distance_m(base.latitude, base.longitude, row.latitude, row.longitude), row.id, row)
        for row in rows
    ]
    sure = sorted((one for one in found if one[0] + 1 < end), key=lambda one: one[:2])
    return sure[:wanted] if len(sure) >= wanted else None


def _by_tiers(
    base: geo.Point, criteria: Sequence[Criterion], wanted: int, beyond: int, last: int
) -> list[tuple[int, int, Any]]:
    """The nearest groups, distance by distance; with `last`, after that id at the distance `beyond`."""
    chosen, values = sa.select(TABLE.c.id).where(*made(shape_of(criteria))), named(criteria)
    if beyond == NOWHERE_M:
        return _nowhere(chosen, values, last, wanted)
    found = tiers(base, criteria, wanted, beyond_m=beyond)
    rows: list[tuple[int, int, Any]] = []
    if last and found and found[0][0] == beyond:
        rows += _some(chosen.where(TABLE.c.id > last), values, found.pop(0), wanted)
    whole: list[tuple[int, int, list[Place]]] = []
    for tier in found:
        missing = wanted - len(rows) - sum(count for _far, count, _at in whole)
        if missing <= 0:
            break
        if tier[1] >= missing:
            rows += _some(chosen, values, tier, missing)
            break
        whole.append(tier)
    if whole:
        far_of = {place: far for far, _count, points in whole for place in points}
        for row in plain(listed(chosen.where(at(list(far_of)))), values):
            rows.append((far_of[row.latitude, row.longitude], row.id, row))
    rows.sort(key=lambda one: one[:2])
    return rows if len(rows) >= wanted else rows + _nowhere(chosen, values, 0, wanted - len(rows))


def _nowhere(
    chosen: sa.Select[Any], values: dict[str, Any], last: int, limit: int
) -> list[tuple[int, int, Any]]:
    """Groups without a place, by id, after one: a list sorted by distance shows as many as any other."""
    unknown = chosen.where(sa.or_(TABLE.c.latitude.is_(None), TABLE.c.longitude.is_(None)), TABLE.c.id > last)
    statement = listed(unknown.order_by(TABLE.c.id).limit(limit), "id")
    return [(NOWHERE_M, row.id, row) for row in plain(statement, values)]


def _some(
    chosen: sa.Select[Any], values: dict[str, Any], tier: tuple[int, int, list[Place]], limit: int
) -> list[tuple[int, int, Any]]:
    statement = listed(chosen.where(at(tier[2])).order_by(TABLE.c.id).limit(limit), "id")
    return [(tier[0], row.id, row) for row in plain(statement, values)]


def at(places: Sequence[Place]) -> sa.ColumnElement[bool]:
    """Groups that lie at one of these points."""
    return sa.tuple_(TABLE.c.latitude, TABLE.c.longitude).in_(list(places))


def readable(cursor: str) -> bool:
    """Whether a cursor is one of this order: "metres_id"."""
    parts = cursor.split("_")
    return len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts)
