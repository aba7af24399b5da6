"""What a round tells the holders of its stops: the hour to expect, another hour, nobody after all."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.collection import queries
from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundStop, Vehicle
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.notices.services import queue


def expected(found: Round, stop: RoundStop) -> None:
    """Tell the holder when the driver should be there: for the first time, or another hour than told before."""
    _send("round_changed" if stop.told_at else "round_planned", found, stop)


def off(found: Round, stop: RoundStop) -> None:
    """Tell the holder that the round it was told about will not come. The pick-up itself stands."""
    _send("round_cancelled", found, stop)


def _send(template: str, found: Round, stop: RoundStop) -> None:
    pickup = session().get_one(Pickup, stop.pickup_id)
    seen = queries.view(pickup)
    vehicle = session().get(Vehicle, found.vehicle_id) if found.vehicle_id else None
    at = stop.arrive_at if template != "round_cancelled" else stop.told_at
    shared = {
        "round_ref": found.reference, "pickup_ref": pickup.reference, "lot_ref": seen.lot_reference,
        "lot_title": seen.lot_title, "holder_name": seen.holder, "actor_name": seen.actor, "units": seen.planned,
        "commune": seen.commune, "day": pickup.day.isoformat(), "from_at": seen.from_at.isoformat(),
        "to_at": seen.to_at.isoformat(),
        "expected_at": clock.at_paris(found.day, *map(int, (at or pickup.from_time).split(":"))).isoformat(),
        "driver_name": found.driver_name, "vehicle": vehicle.name if vehicle else "",
        "plate": vehicle.plate if vehicle else "", "url": f"/enlevements/{pickup.reference}",
    }  # fmt: skip
    for address, language in accounts.addresses_of(pickup.holder_id):
        queue(template, address, language, shared, f"round/{found.reference}")
