"""Reads on discards: who must decide in public, by which decision a unit was discarded, what has left since."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.fleets.models import Departure, Discard, DiscardedUnit
from reuse_market.kernel.db import session
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion


def must_decide(holder_id: int) -> bool:
    """Whether a holder discards by decision: a public person parts with public property (CG3P L3211-18)."""
    return regimes.party_kind(holder_id) in parties.PUBLIC


def decision_of(unit_id: int) -> Discard | None:
    """The decision a unit was discarded by, where one was recorded."""
    return next(iter(decisions_of([unit_id]).values()), None)


def decisions_of(unit_ids: Sequence[int]) -> dict[int, Discard]:
    """Unit id → its decision, for those that have one."""
    statement = (
        sa.select(DiscardedUnit.unit_id, Discard)
        .join(Discard, Discard.id == DiscardedUnit.discard_id)
        .where(criterion(unit_ids, DiscardedUnit.unit_id))
    )
    return dict(session().execute(statement).all())


def departures_of(unit_ids: Sequence[int]) -> dict[int, Departure]:
    """Unit id → how it left, for those that have."""
    statement = sa.select(Departure).where(criterion(unit_ids, Departure.unit_id))
    return {row.unit_id: row for row in session().scalars(statement)}


def not_departed() -> sa.ColumnElement[bool]:
    """Criterion on Unit: it has not left outside the tool."""
    return ~sa.exists().where(Departure.unit_id == Unit.id)
