"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.fleets.models import Departure, Discard, DiscardedUnit
from reuse_market.fleets.queries import HERE
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit

# the unit, its maker and its model ("" when unknown), its decision and how it left where there is one
FleetUnit = tuple[Unit, str, str, Discard | None, Departure | None]


def units(
    holder_id: int, *, state: str | None = None, kind: str | None = None, site_id: int | None = None,
    missed: bool = False, after: int | None = None, limit: int = 25,
) -> list[FleetUnit]:  # fmt: skip
    """Units in use or discarded of a holder, the oldest first."""
    statement = _select(holder_id).order_by(Unit.id).limit(limit + 1)
    if state:
        statement = statement.where(Unit.state == state)
    if kind:
        statement = statement.where(Unit.kind == kind)
    if missed:
        statement = statement.where(Unit.missed_on.is_not(None))
    if site_id:
        statement = statement.where(Unit.site_id == site_id)
    if after is not None:
        statement = statement.where(Unit.id > after)
    return _named(statement)


def unit(holder_id: int, unit_id: int) -> FleetUnit | None:
    """One of them, or None."""
    return next(iter(_named(_select(holder_id).where(Unit.id == unit_id))), None)


def _select(holder_id: int) -> Any:
    return (
        sa.select(Unit, Model.maker, Model.name, Discard, Departure)
        .outerjoin(Model, Model.id == Unit.model_id)
        .outerjoin(DiscardedUnit, DiscardedUnit.unit_id == Unit.id)
        .outerjoin(Discard, Discard.id == DiscardedUnit.discard_id)
        .outerjoin(Departure, Departure.unit_id == Unit.id)
        .where(Unit.owner_id == holder_id, Unit.state.in_(HERE))
    )


def _named(statement: Any) -> list[FleetUnit]:
    rows = session().execute(statement)
    return [(unit, maker or "", model or "", decision, left) for unit, maker, model, decision, left in rows]
