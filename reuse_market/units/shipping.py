"""Units on their way between two actors: while their shipment is open, every other verb refuses."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement, Unit

SHIPPABLE = ("collected", "in_workshop", "ready")
ON_THE_WAY = N_(
    "The shipment %(reference)s is not answered: nothing else happens to this device until it is. "
    "Have it answered, or void it."
)


def on_the_way() -> sa.ColumnElement[bool]:
    """Criterion on Unit: its shipment is not answered yet."""
    under_way = sa.select(Engagement.unit_id).where(
        Engagement.kind == "shipment", Engagement.until_at.is_(None)
    )
    return Unit.id.in_(under_way)


def open_shipments(unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit id → reference of its open shipment; units without one are left out."""
    statement = sa.select(Engagement.unit_id, Engagement.reference).where(
        Engagement.unit_id.in_(list(unit_ids)), Engagement.kind == "shipment", Engagement.until_at.is_(None)
    )
    return dict(session().execute(statement).all())


def came_by_shipment(unit_ids: Sequence[int]) -> set[int]:
    """Those of these units that reached their present custodian by a shipment, the owner staying where it was."""
    if not unit_ids:
        return set()
    statement = (
        sa.select(Engagement.unit_id)
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.unit_id.in_(list(unit_ids)), Engagement.kind == "shipment")
        .where(Engagement.outcome == "received", Engagement.party_id == Unit.custodian_id)
    )
    return set(session().scalars(statement))


def require_here(unit_ids: Sequence[int]) -> None:
    """Conflict while one of these units is on its way (lock them first)."""
    found = open_shipments(unit_ids)
    if found:
        raise Conflict(ON_THE_WAY, code="unit.shipped", reference=min(found.values()))


def require_movable(action: str | None, closed: Sequence[str], unit_ids: Sequence[int]) -> None:
    """Inside an act: nothing but its own answer (which closes the engagement) moves a unit on its way."""
    may_be = action is None or LIFE.transition(action).sources.intersection(SHIPPABLE)
    if may_be and "shipment" not in closed:
        require_here(unit_ids)
