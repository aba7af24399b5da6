"""Devices that are their seller's again: what their beneficiary did not receive in the end."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.reservations.models import Reservation, ReturnedUnit, UnitReturn
from reuse_market.units.models import Engagement


def kept_back() -> sa.ColumnElement[bool]:
    """Criterion on Reservation and Engagement: exchanged or refunded since."""
    back = (
        sa.select(ReturnedUnit.unit_id)
        .join(UnitReturn, UnitReturn.id == ReturnedUnit.return_id)
        .where(
            UnitReturn.reservation_id == Reservation.id, ReturnedUnit.unit_id == Engagement.unit_id,
            ReturnedUnit.outcome == "kept",
        )
    )  # fmt: skip
    return back.exists()


def units_of(reservation_ids: Sequence[int]) -> dict[int, int]:
    """Reservation id → how many of its units came back so; reservations without one are left out."""
    if not reservation_ids:
        return {}
    statement = (
        sa.select(UnitReturn.reservation_id, sa.func.count())
        .join(ReturnedUnit, ReturnedUnit.return_id == UnitReturn.id)
        .where(UnitReturn.reservation_id.in_(list(reservation_ids)), ReturnedUnit.outcome == "kept")
        .group_by(UnitReturn.reservation_id)
    )
    return {key: int(count) for key, count in session().execute(statement)}
