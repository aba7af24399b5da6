"""What a driver's phone keeps of a pick-up, so that it can be checked off without network."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.collection import queries
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.units.models import Engagement, Label, Unit


def snapshot(pickup: Pickup, actor: Actor) -> dict[str, Any]:
    """Lines, units in the order in which counts take them, and what is noted: plain values for JSON.

    A unit is [line, label code, serial, asset tag, outcome, reason, note, number of the act].
    """
    return {
        "reference": pickup.reference,
        "state": pickup.state,
        "may": [
            name for name in queries.offered(pickup, actor) if name.startswith(("check", "sign"))
        ],
        "person": actor.person_id,
        "organisation": actor.organisation_id,
        "name": actor.person_name,
        "lines": [[row.line, row.label] for row in queries.tally(pickup)],
        "units": [list(row) for row in session().execute(_units(pickup))],
        "extras": [[each.batch, each.label, each.serial] for each in queries.extras(pickup)],
        "signed": pickup.driver_signed_at is not None,
        "sealed": pickup.holder_signed_at is not None,
    }  # fmt: skip


def open_with(code: str, organisation_id: int) -> list[tuple[str, str | None]]:
    """(reference, outcome noted) of the agreed pick-ups of an organisation that plan the unit of a label."""
    noted = sa.and_(PickupCheck.pickup_id == Pickup.id, PickupCheck.unit_id == Engagement.unit_id)
    statement = (
        sa.select(Pickup.reference, PickupCheck.outcome)
        .join(Engagement, Engagement.reference == Pickup.reference)
        .join(Label, Label.unit_id == Engagement.unit_id)
        .outerjoin(PickupCheck, noted)
        .where(Engagement.kind == "pickup", Engagement.until_at.is_(None), Label.code == code)
        .where(Pickup.actor_id == organisation_id, Pickup.state == "agreed")
    )
    rows: Any = session().execute(statement)
    return [(reference, outcome) for reference, outcome in rows]


def _units(pickup: Pickup) -> Any:
    noted = sa.and_(PickupCheck.pickup_id == pickup.id, PickupCheck.unit_id == Engagement.unit_id)
    return (
        sa.select(Engagement.line, Label.code, sa.func.coalesce(Unit.serial, PickupCheck.serial), Unit.asset_tag,
                  PickupCheck.outcome, PickupCheck.reason, PickupCheck.note, PickupCheck.batch)
        .select_from(Engagement)
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(PickupCheck, noted)
        .where(Engagement.kind == "pickup", Engagement.reference == pickup.reference)
        .order_by(Unit.id)
    )  # fmt: skip
