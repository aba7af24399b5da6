"""What of a claim is awarded and not collected yet, and what a pick-up holds of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.claims.models import Claim
from reuse_market.kernel.db import session
from reuse_market.units import queries as units
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.policy import UnitsAtStake


def has_pickup(claim: Claim) -> bool:
    """Whether a pick-up holds a unit awarded to this claim."""
    pickup = aliased(Engagement)
    statement = sa.select(pickup.id).join(Engagement, _held_by(pickup)).limit(1)
    return (
        session().scalar(statement.where(_open_award(), Engagement.reference == claim.reference)) is not None
    )


def to_collect(claim: Claim) -> tuple[list[int], UnitsAtStake | None, bool]:
    """The units awarded and not collected, lowest first, their rows locked; the owner and custodian they share;
    whether a pick-up holds one."""
    rows = session().execute(_TO_COLLECT, {"of": claim.reference}).all()
    stake = units.stake_of((owner_id, custodian_id) for _, owner_id, custodian_id, _ in rows)
    return [row[0] for row in rows], stake, any(row[3] is not None for row in rows)


def _open_award() -> sa.ColumnElement[bool]:
    return sa.and_(Engagement.kind == "award", Engagement.until_at.is_(None))


def _held_by(pickup: Any) -> sa.ColumnElement[bool]:
    return sa.and_(pickup.unit_id == Engagement.unit_id, pickup.kind == "pickup", pickup.until_at.is_(None))


def open_counts(references: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Reference → (open units, those of them a pick-up holds)."""
    if not references:
        return {}
    pickup = aliased(Engagement)
    statement = (
        sa.select(Engagement.reference, sa.func.count(), sa.func.count(pickup.id))
        .outerjoin(pickup, _held_by(pickup))
        .where(_open_award(), Engagement.reference.in_(references))
        .group_by(Engagement.reference)
    )
    return {reference: (count, planned) for reference, count, planned in session().execute(statement)}


def _all_to_collect() -> Any:
    pickup = aliased(Engagement)
    return (
        sa.select(Engagement.unit_id, Unit.owner_id, Unit.custodian_id, pickup.id)
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(pickup, _held_by(pickup))
        .where(_open_award(), Engagement.reference == sa.bindparam("of"))
        .order_by(Engagement.unit_id)
        .with_for_update(of=Unit)
    )


_TO_COLLECT = _all_to_collect()  # made once: every release asks it
