"""The nearest groups in the exact geodesic order, read through an index: a box that grows until it suffices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.places import geo
from reuse_market.refurbishing.models import OfferGroup

RADII_M = (5_000, 40_000)  # beyond, everywhere: three statements at most
METRES_A_DEGREE = 110_500  # a degree of latitude is never shorter (110,574 m at the equator)
Place = tuple[int, int]


def box(base: geo.Point, metres: int) -> sa.ColumnElement[bool] | None:
    """Groups that may lie within so many metres; None where a box says nothing (poles, the far side of the Earth)."""
    south_north = metres * geo.MICRO // METRES_A_DEGREE + 1
    farthest = (abs(base.latitude) + south_north) / geo.MICRO
    if farthest >= 88:
        return None
    west_east = math.ceil(south_north / math.cos(math.radians(farthest)))
    if abs(base.longitude) + west_east >= 180 * geo.MICRO:
        return None
    return sa.and_(
        OfferGroup.latitude.between(base.latitude - south_north, base.latitude + south_north),
        OfferGroup.longitude.between(base.longitude - west_east, base.longitude + west_east),
    )


def tiers(
    base: geo.Point, criteria: Sequence[Any], enough: int, *, beyond_m: int = 0, within_m: int | None = None
) -> list[tuple[int, int, list[Place]]]:
    """(metres, groups, points) at each distance, nearest first, until `enough` groups are beyond `beyond_m`.

    From `beyond_m` on, that distance included but not counted; up to `within_m`.
    """
    for radius in (*(r for r in RADII_M if r > beyond_m and (within_m is None or r < within_m)), within_m):
        bounded = box(base, radius) if radius is not None else None
        if bounded is None and radius is not None and radius != within_m:
            continue
        found = _tiers(base, [*criteria, *([bounded] if bounded is not None else [])], beyond_m)
        sure = [one for one in found if radius is None or one[0] <= radius]
        if radius == within_m or sum(count for far, count, _at in sure if far > beyond_m) >= enough:
            return sure
    return []


def _tiers(base: geo.Point, criteria: Sequence[Any], beyond_m: int) -> list[tuple[int, int, list[Place]]]:
    group = OfferGroup
    statement: Any = (
        sa.select(group.latitude, group.longitude, sa.func.count())
        .where(*criteria, group.latitude.is_not(None), group.longitude.is_not(None))
        .group_by(group.latitude, group.longitude)
    )
    found: dict[int, tuple[int, list[Place]]] = {}
    for latitude, longitude, count in session().execute(statement):
        far = geo.distance_m(base.latitude, base.longitude, latitude, longitude)
        if far >= beyond_m:
            held, points = found.get(far, (0, []))
            found[far] = (held + count, [*points, (latitude, longitude)])
    return [(far, *found[far]) for far in sorted(found)]


def page(
    select: sa.Select[Any], base: geo.Point, criteria: Sequence[Any], size: int, cursor: str
) -> tuple[list[Any], str | None]:
    """A page of `select` (OfferGroup.id among its columns) by distance then id, and the cursor that follows.

    Three statements at most after those of `tiers`.
    """
    beyond, last = (int(part) for part in cursor.split("_")) if readable(cursor) else (0, 0)
    found = tiers(base, criteria, size + 1, beyond_m=beyond)
    chosen = select.where(*criteria)
    rows: list[tuple[int, int, Any]] = []
    if last and found and found[0][0] == beyond:
        rows += _some(chosen.where(OfferGroup.id > last), found.pop(0), size + 1)
    whole: list[tuple[int, int, list[Place]]] = []
    for tier in found:
        missing = size + 1 - len(rows) - sum(count for _far, count, _at in whole)
        if missing <= 0:
            break
        if tier[1] >= missing:
            rows += _some(chosen, tier, missing)
            break
        whole.append(tier)
    if whole:
        far_of = {place: far for far, _count, points in whole for place in points}
        for row in session().execute(chosen.where(at(list(far_of)))):
            rows.append((far_of[row.latitude, row.longitude], row.id, row))
    rows.sort(key=lambda one: one[:2])
    more = f"{rows[size - 1][0]}_{rows[size - 1][1]}" if len(rows) > size else None
    return [row for _far, _id, row in rows[:size]], more


def _some(
    chosen: sa.Select[Any], tier: tuple[int, int, list[Place]], limit: int
) -> list[tuple[int, int, Any]]:
    statement = chosen.where(at(tier[2])).order_by(OfferGroup.id).limit(limit)
    return [(tier[0], row.id, row) for row in session().execute(statement)]


def at(places: Sequence[Place]) -> sa.ColumnElement[bool]:
    """Groups that lie at one of these points."""
    return sa.tuple_(OfferGroup.latitude, OfferGroup.longitude).in_(list(places))


def readable(cursor: str) -> bool:
    """Whether a cursor is one of this order: "metres_id"."""
    parts = cursor.split("_")
    return len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts)
