"""The board's second half: lots to come, announced for a month; soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import policy
from reuse_market.lots.board import SIZE, BoardFilters
from reuse_market.lots.models import Lot, LotLine
from reuse_market.places.geo import Point, between
from reuse_market.places.models import Commune


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """An announced lot as the board shows it: month, commune and counts, never an address.

    `holder_name` and `distance_m` are None for those not told them; `late`: its month is over.
    """

    lot_id: int
    reference: str
    title: str
    commune: str
    holder_name: str | None
    regime: str | None
    expected_month: date
    kinds: tuple[tuple[str, int], ...]  # kind code → units announced, most first
    units: int
    distance_m: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """One page of the lots to come and how many there are in all."""

    cards: list[PlannedCard]
    total: int
    page: int


def announced(
    actor: Actor, filters: BoardFilters, base: Point | None = None, page: int = 1, size: int = SIZE
) -> Announced:
    """Announced lots by month: three statements whatever their number."""
    rows = _rows(filters)
    counts = _counts([row.Lot.id for row in rows])
    rows = [row for row in rows if _fits(row, counts.get(row.Lot.id, {}), filters, base)]
    page = min(max(page, 1), max(1, -(-len(rows) // size)))
    shown = rows[(page - 1) * size : page * size]
    names = accounts.names(row.Lot.holder_id for row in shown if policy.sees_holder_name(actor, row.Lot))
    cards = [_card(row, counts[row.Lot.id], names, base) for row in shown]
    return Announced(cards, len(rows), page)


def count_announced() -> int:
    """How many lots are announced, for the tab."""
    return session().scalar(sa.select(sa.func.count()).select_from(Lot).where(*_open())) or 0


def communes_announced() -> list[tuple[str, str]]:
    """(INSEE code, name) of the communes that have an announced lot, by name."""
    statement = (
        sa.select(Site.commune_insee, Site.commune_name)
        .join(Lot, Lot.site_id == Site.id)
        .where(*_open(), Site.commune_insee.is_not(None))
        .distinct()
    )
    return sorted(((str(code), name) for code, name in session().execute(statement)), key=lambda one: one[1])


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    return Lot.state == "planned", Lot.holder_id.in_(accounts.verified_ids())


def _rows(filters: BoardFilters) -> list[Any]:
    statement = (
        sa.select(Lot, Site.commune_name, Commune.latitude, Commune.longitude)
        .join(Site, Site.id == Lot.site_id)
        .outerjoin(Commune, Commune.insee == Site.commune_insee)
        .where(*_open())
        .order_by(Lot.expected_month, Lot.id)
    )
    if filters.commune:
        statement = statement.where(Site.commune_insee == filters.commune)
    if filters.regime:
        statement = statement.where(Lot.regime == filters.regime)
    return list(session().execute(statement))


def _counts(lot_ids: list[int]) -> dict[int, dict[str, int]]:
    statement = (
        sa.select(LotLine.lot_id, LotLine.kind, sa.func.sum(LotLine.declared))
        .where(LotLine.lot_id.in_(lot_ids))
        .group_by(LotLine.lot_id, LotLine.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for lot_id, kind, units in session().execute(statement):
        found.setdefault(lot_id, {})[kind] = int(units)
    return found


def _fits(row: Any, counts: dict[str, int], filters: BoardFilters, base: Point | None) -> bool:
    units = counts.get(filters.kind, 0) if filters.kind else sum(counts.values())
    if units < max(1, filters.min_units):
        return False
    if filters.within_m and base is not None:
        away = _distance(row, base)
        return away is not None and away <= filters.within_m
    return True


def _distance(row: Any, base: Point | None) -> int | None:
    if base is None or row.latitude is None:
        return None
    return between(base, Point(row.latitude, row.longitude))


def _card(row: Any, counts: dict[str, int], names: dict[int, str], base: Point | None) -> PlannedCard:
    lot: Lot = row.Lot
    assert lot.expected_month is not None
    return PlannedCard(
        lot_id=lot.id, reference=lot.reference, title=lot.title, commune=row.commune_name,
        holder_name=names.get(lot.holder_id), regime=lot.regime,
        expected_month=lot.expected_month,
        kinds=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))), units=sum(counts.values()),
        distance_m=_distance(row, base), late=lot.expected_month < clock.today().replace(day=1),
    )  # fmt: skip
