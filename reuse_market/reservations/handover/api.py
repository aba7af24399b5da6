"""`/reservations/…/handover`: who carries, when and where; the kit; what to do if a device breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import queries
from reuse_market.reservations.api import RESERVATION, get_reservation, reservations
from reuse_market.reservations.handover import agreed, breaking, kit, planning, schemas
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.schemas import ReservationSchema
from reuse_market.web.access import current_actor


@reservations.read(
    f"{RESERVATION}/handover", rule="party", shape=schemas.PlannedHandoverSchema, name="handover"
)
def get_handover(reference: str) -> dict[str, Any]:
    """What is agreed of the handover."""
    found = queries.get(reference, current_actor())
    plan, help_ = agreed.plan_of(found), breaking.help_of(found)
    what = queries.contents([reference]).get(reference)
    return {
        "delivery": found.delivery, "day": plan.day if plan else None, "place": plan.place if plan else "",
        "carrier": plan.carrier if plan else "", "kit": kit.kept(found),
        "kit_of_its_kind": kit.items_of(what.kind.code) if what else (), "call": help_.phone,
        "warranty_until": help_.warranty_until, "legal_guarantee_until": help_.legal_until,
        "presumed_until": help_.presumed_until,
    }  # fmt: skip


@reservations.verb(
    f"{RESERVATION}:plan-handover", rule="party", body=schemas.HandoverPlanInput, shape=ReservationSchema
)
def plan_handover(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say who carries, when and where; the other side is told."""
    queries.get(reference, current_actor())
    planning.plan_handover(reference, actor=current_actor(), **values)
    return get_reservation(reference)


def actions_of(found: Reservation, actor: Actor) -> Sequence[str]:
    """What the handover adds to a reservation's actions."""
    return ("plan-handover",) if planning.offered(found, actor) else ()
