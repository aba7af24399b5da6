"""Verbs on an actor's vehicles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.collection.round_models import Round, Vehicle
from reuse_market.collection.rounds import policy
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal

LIFTS = ("yes", "no", "unknown")
LIMITS = {"units": 100_000, "payload_g": 100_000_000, "volume_l": 1_000_000, "height_cm": 2_000}
OF_ACTOR = N_("Vehicles and rounds are a reuse actor’s.")


def of(organisation_id: int, *, retired: bool = False) -> list[Vehicle]:
    """The vehicles of an actor in use, by name; with `retired`, the others too, last."""
    statement = sa.select(Vehicle).where(Vehicle.organisation_id == organisation_id)
    if not retired:
        statement = statement.where(Vehicle.retired_at.is_(None))
    found = session().scalars(statement)
    return sorted(found, key=lambda row: (row.retired_at is not None, row.name.casefold(), row.id))


def own(vehicle_id: int | None, actor: Actor) -> Vehicle:
    """A vehicle of the actor's; NotFound for any other."""
    found = session().get(Vehicle, vehicle_id) if vehicle_id else None
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This vehicle does not exist."))
    return found


@command
def add_vehicle(name: str, *, actor: Actor, **values: Any) -> Vehicle:
    """Add a vehicle: plate, units, payload_g, volume_l, height_cm (None: not known), tail_lift.

    Refused: not a reuse actor; no name; a capacity that is no capacity (Invalid).
    """
    made = Vehicle(organisation_id=actor.organisation_id or 0, **_judged(name, values))
    if not policy.keeps(actor, made):
        raise refusal(lambda one: policy.keeps(one, made), actor, "vehicle.add", OF_ACTOR)
    session().add(made)
    session().flush()
    _record("vehicle.added", made, actor)
    return made


@command
def change_vehicle(vehicle_id: int, name: str, *, actor: Actor, **values: Any) -> Vehicle:
    """Change a vehicle; rounds to come are judged by what it is now. Refused as adding is."""
    found = _locked(vehicle_id, actor)
    for column, value in _judged(name, values).items():
        setattr(found, column, value)
    _record("vehicle.changed", found, actor)
    return found


@command
def retire_vehicle(vehicle_id: int, *, actor: Actor) -> Vehicle:
    """Take a vehicle out of use; past rounds keep it. Conflict while a round to come is planned with it."""
    found = _locked(vehicle_id, actor)
    if found.retired_at is not None:
        raise Conflict(N_("This vehicle is out of use already."), code="vehicle.retired")
    planned = sa.select(Round.reference).where(
        Round.vehicle_id == found.id, Round.state.in_(["planned", "under_way"])
    )
    busy = session().scalars(planned.order_by(Round.id)).first()
    if busy is not None:
        raise Conflict(N_("The round %(round)s drives it."), code="vehicle.busy", round=busy)
    found.retired_at = clock.now()
    _record("vehicle.retired", found, actor)
    return found


def _locked(vehicle_id: int, actor: Actor) -> Vehicle:
    seen = own(vehicle_id, actor)
    if not policy.keeps(actor, seen):
        raise refusal(lambda one: policy.keeps(one, seen), actor, "vehicle.change", OF_ACTOR)
    return lock(Vehicle, Vehicle.id == seen.id)


def _judged(name: str, values: dict[str, Any]) -> dict[str, Any]:
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid(N_("Give the vehicle a name."), field="name", code="vehicle.name")
    kept: dict[str, Any] = {"name": name, "plate": str(values.get("plate") or "").strip().upper()[:20]}
    for column, most in LIMITS.items():
        value = values.get(column)
        if value is not None and not 1 <= value <= most:
            raise Invalid(
                N_("Enter a number from 1 to %(most)s."), field=column, code="vehicle.limit", most=most
            )
        kept[column] = value
    kept["tail_lift"] = values.get("tail_lift") or "unknown"
    if kept["tail_lift"] not in LIFTS:
        raise Invalid(N_("Choose an answer."), field="tail_lift", code="vehicle.tail-lift")
    return kept


def _record(event: str, vehicle: Vehicle, actor: Actor) -> None:
    stream = f"organisation/{vehicle.organisation_id}"
    journal.append(journal.Act(actor), stream, event, facts={"vehicle": vehicle.id})
