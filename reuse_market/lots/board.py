"""The board: lots that still take requests, soonest deadline first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import law, policy
from reuse_market.lots.board_filters import BoardFilters, fitting_lines, fitting_site
from reuse_market.lots.conditions import goes_as_it_is
from reuse_market.lots.models import Lot, LotLine
from reuse_market.places.geo import Point, between
from reuse_market.places.models import Commune
from reuse_market.units.models import Engagement, Unit

SIZE = 10
NEW_DAYS = 3
FACTS = ("charger", "os_installed", "windows_11", "locks_released")


@dataclass(frozen=True, slots=True)
class Card:
    """A lot as the board shows it. `holder_name` and `distance_m` are None for those not told them.

    `mine`: "workshop" (a reuse actor may take it), "as_is" (for the reader's own use), "" (neither, or nobody
    asks). `kept_until`: the last day kept for public bodies, None when it is not or no longer kept.
    """

    reference: str
    title: str
    commune: str
    holder_name: str | None
    regime: str
    price_kind: str
    price_cents: int | None
    award_mode: str
    claims_until: date
    available_from: date | None
    available_until: date | None
    declared: int
    left: int
    kinds: tuple[tuple[str, int], ...]  # kind code → units left, most first
    distance_m: int | None
    days_left: int
    is_new: bool
    mine: str = ""
    kept_until: date | None = None
    kept_for_reader: bool = False
    facts: tuple[tuple[str, str], ...] = ()  # (field, yes | no) where every line says the same
    access: tuple[str, str] | None = None  # (tail-lift needed, dock), each yes | no | unknown


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board and how many lots there are in all, new ones among them."""

    cards: list[Card]
    total: int
    page: int
    new: int = 0


def board(
    actor: Actor, filters: BoardFilters, base: Point | None = None, page: int = 1, size: int = SIZE,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Board:  # fmt: skip
    """Lots with units left that take requests today, by deadline: five statements whatever their number.

    `since`: what was published later, up to `until`, is new; by default what was published in the last three days.
    """
    today = clock.today()
    since = since or clock.at_paris(today - timedelta(days=NEW_DAYS - 1))
    counts = _left(today)
    fitting = _left(today, *fitting_lines(filters)) if filters.of_lines else counts
    rows = [
        row
        for row in _candidates(filters, today)
        if _fits(row, fitting.get(row.Lot.reference, {}), filters, base)
        and (not filters.new or since < row.Lot.published_at <= (until or row.Lot.published_at))
    ]
    if filters.entitled:
        may = _entitled([row.Lot for row in rows], actor)
        rows = [row for row in rows if may.get(row.Lot.id)]
    page = min(max(page, 1), max(1, -(-len(rows) // size)))
    shown = rows[(page - 1) * size : page * size]
    ids = [row.Lot.id for row in shown]
    declared, facts = _declared(ids), _facts(ids)
    told = [row.Lot.holder_id for row in shown if policy.sees_holder_name(actor, row.Lot)]
    names = accounts.names(told)
    may = may if filters.entitled else _entitled([row.Lot for row in shown], actor)
    cards = [_card(row, counts[row.Lot.reference], declared, names, base, since) for row in shown]
    public = law.is_public_body(actor.organisation_id)
    cards = [
        replace(
            card,
            mine=may.get(row.Lot.id, ""),
            kept_for_reader=public and card.kept_until is not None,
            facts=facts.get(row.Lot.id, ()),
            access=(row.needs_tail_lift, row.has_dock) if actor.has("reuse_actor") else None,
        )
        for card, row in zip(cards, shown, strict=True)
    ]
    return Board(cards, len(rows), page, sum(row.Lot.published_at > since for row in rows))


def communes_on_board() -> list[tuple[str, str]]:
    """(INSEE code, name) of the communes that have a lot on the board, by name."""
    statement = (
        sa.select(Site.commune_insee, Site.commune_name)
        .join(Lot, Lot.site_id == Site.id)
        .where(*_open(clock.today()), Site.commune_insee.is_not(None))
        .distinct()
    )
    return sorted(
        ((str(code), name) for code, name in session().execute(statement)), key=lambda pair: pair[1]
    )


def _entitled(lots: list[Lot], actor: Actor) -> dict[int, str]:
    """Lot id → how the reader's organisation may take it (Card.mine); lots it may not take are left out."""
    if actor.organisation_id is None or not actor.has("reuse_actor", *policy.TAKES_AS_IT_IS, "holder"):
        return {}
    others = [lot for lot in lots if lot.holder_id != actor.organisation_id]
    lines: dict[int, list[LotLine]] = {lot.id: [] for lot in others}
    statement = sa.select(LotLine).where(LotLine.lot_id.in_(lines)).order_by(LotLine.number)
    for line in session().scalars(statement):
        lines[line.lot_id].append(line)
    told = law.entitled([(lot, lines[lot.id]) for lot in others], actor.organisation_id)
    takes_as_is = actor.has("recipient") or law.is_public_body(actor.organisation_id)
    found = {}
    for lot in others:
        if not told[lot.id].allowed:
            continue
        if actor.has("reuse_actor"):
            found[lot.id] = "workshop"
        elif takes_as_is and goes_as_it_is(lot):
            found[lot.id] = "as_is"
    return found


def _open(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return Lot.state == "published", Lot.claims_until >= today, Lot.holder_id.in_(accounts.verified_ids())


def _candidates(filters: BoardFilters, today: date) -> list[Any]:
    statement = (
        # The commune's point: a distance to the address would tell where it is to who may not know.
        sa.select(
            Lot, Site.commune_name, Site.needs_tail_lift, Site.has_dock, Commune.latitude, Commune.longitude
        )
        .join(Site, Site.id == Lot.site_id)
        .outerjoin(Commune, Commune.insee == Site.commune_insee)
        .where(*_open(today), *fitting_site(filters))
        .order_by(Lot.claims_until, Lot.id)
    )
    if filters.commune:
        statement = statement.where(Site.commune_insee == filters.commune)
    if filters.regime:
        statement = statement.where(Lot.regime == filters.regime)
    return list(session().execute(statement))


def _left(today: date, *of_lines: sa.ColumnElement[bool]) -> dict[str, dict[str, int]]:
    """Lot reference → kind → units still listed, of the lines that fit."""
    statement = (
        sa.select(Engagement.reference, Unit.kind, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .join(Lot, Lot.reference == Engagement.reference)
        .where(Engagement.kind == "lot", Engagement.until_at.is_(None), Unit.state == "listed", *_open(today))
        .group_by(Engagement.reference, Unit.kind)
    )
    if of_lines:
        line = sa.and_(LotLine.lot_id == Lot.id, LotLine.number == Engagement.line)
        statement = statement.join(LotLine, line).where(*of_lines)
    counts: dict[str, dict[str, int]] = {}
    for reference, kind, units in session().execute(statement):
        counts.setdefault(reference, {})[kind] = units
    return counts


def _fits(row: Any, left: dict[str, int], filters: BoardFilters, base: Point | None) -> bool:
    units = left.get(filters.kind, 0) if filters.kind else sum(left.values())
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


def _declared(lot_ids: list[int]) -> dict[int, int]:
    statement = (
        sa.select(LotLine.lot_id, sa.func.sum(LotLine.declared))
        .where(LotLine.lot_id.in_(lot_ids))
        .group_by(LotLine.lot_id)
    )
    return {lot_id: int(units) for lot_id, units in session().execute(statement)}


def _facts(lot_ids: list[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """What all the lines of a lot say alike: with charger, able to run Windows 11…"""
    ends = [end(getattr(LotLine, name)) for name in FACTS for end in (sa.func.min, sa.func.max)]
    statement = sa.select(LotLine.lot_id, *ends).where(LotLine.lot_id.in_(lot_ids)).group_by(LotLine.lot_id)
    return {
        row[0]: tuple(
            (name, row[2 * n + 1])
            for n, name in enumerate(FACTS)
            if row[2 * n + 1] == row[2 * n + 2] and row[2 * n + 1] in ("yes", "no")
        )
        for row in session().execute(statement)
    }


def _card(
    row: Any,
    left: dict[str, int],
    declared: dict[int, int],
    names: dict[int, str],
    base: Point | None,
    since: datetime,
) -> Card:
    lot: Lot = row.Lot
    assert lot.claims_until is not None
    assert lot.published_at is not None
    today = clock.today()
    return Card(
        reference=lot.reference,
        title=lot.title,
        commune=row.commune_name,
        holder_name=names.get(lot.holder_id),
        regime=str(lot.regime),
        price_kind=str(lot.price_kind),
        price_cents=lot.price_cents,
        award_mode=lot.award_mode,
        claims_until=lot.claims_until,
        available_from=lot.available_from,
        available_until=lot.available_until,
        declared=declared.get(lot.id, 0),
        left=sum(left.values()),
        kinds=tuple(sorted(left.items(), key=lambda pair: (-pair[1], pair[0]))),
        distance_m=_distance(row, base),
        days_left=(lot.claims_until - today).days,
        is_new=lot.published_at > since,
        kept_until=lot.public_first_until if (lot.public_first_until or date.min) >= today else None,
    )
