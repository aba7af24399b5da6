"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.accounts.policy import oversees
from reuse_market.equipment.models import Model
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import policy
from reuse_market.lots.models import Lot, LotLine
from reuse_market.lots.queries import LotUnit, counted
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class LotFilters:
    """What the list is narrowed by. `open_now`: takes claims today."""

    mine: bool = False
    open_now: bool = False
    state: str | None = None
    regime: str | None = None
    kind: str | None = None
    commune: str | None = None  # INSEE code


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in a list. `holder` is "" for who is not told; `left`: still to be claimed."""

    lot: Lot
    commune: str
    holder: str
    declared: int
    left: int
    awarded: int


def lots(actor: Actor, filters: LotFilters, *, after: int | None = None, limit: int = 25) -> list[LotRow]:
    """Lots this actor may see (published ones, its own drafts; all for overseers), the newest first."""
    statement = (
        sa.select(Lot, Site.commune_name)
        .outerjoin(Site, Site.id == Lot.site_id)
        .where(_visible(actor), *_chosen(actor, filters))
        .order_by(Lot.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Lot.id < after)
    communes = {lot: commune or "" for lot, commune in session().execute(statement)}
    told = [lot.holder_id for lot in communes if policy.sees_holder_name(actor, lot)]
    names = accounts.names(told)
    return [
        LotRow(
            row.lot, communes[row.lot],
            names.get(row.lot.holder_id, "") if policy.sees_holder_name(actor, row.lot) else "",
            row.declared, row.left, row.claimed,
        )
        for row in counted(list(communes))
    ]  # fmt: skip


def units(lot: Lot, *, after: int | None = None, limit: int = 25) -> list[LotUnit]:
    """Units of a published lot by id; only for those who may see the place."""
    statement = (
        sa.select(Unit, Engagement.line, Engagement.outcome, Model.maker, Model.name)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Engagement.kind == "lot", Engagement.reference == lot.reference)
        .order_by(Unit.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Unit.id > after)
    return [
        LotUnit(unit, line, " ".join(part for part in (maker, name) if part), outcome)
        for unit, line, outcome, maker, name in session().execute(statement)
    ]


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    if oversees(actor):
        return sa.true()
    mine = Lot.holder_id == (actor.organisation_id or 0) if actor.has("holder") else sa.false()
    return sa.or_(Lot.published_at.is_not(None), Lot.planned_at.is_not(None), mine)


def _chosen(actor: Actor, filters: LotFilters) -> list[sa.ColumnElement[bool]]:
    chosen: list[sa.ColumnElement[bool]] = []
    if filters.mine:
        chosen.append(Lot.holder_id == (actor.organisation_id or 0))
    if filters.open_now:
        chosen += [Lot.state == "published", Lot.claims_until >= clock.today()]
    if filters.state:
        chosen.append(Lot.state == filters.state)
    if filters.regime:
        chosen.append(Lot.regime == filters.regime)
    if filters.commune:
        chosen.append(Site.commune_insee == filters.commune)
    if filters.kind:
        chosen.append(sa.exists().where(LotLine.lot_id == Lot.id, LotLine.kind == filters.kind))
    return chosen
