"""Who may record media and erasures."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.units.models import Unit

# A holder may erase before the pick-up; ready and held devices go back to the workshop first.
STATES = frozenset({"in_use", "discarded", "listed", "awarded", "collected", "in_workshop", "parts", "waste"})


def may_record(actor: Actor, unit: Unit) -> bool:
    """The custodian, by its own people: nobody attests an erasure on another's behalf."""
    return actor.is_org(unit.custodian_id) and actor.has("holder", "reuse_actor") and actor.own_hand


def may_read(actor: Actor, unit: Unit) -> bool:
    """Owner, custodian, and those who oversee."""
    return (
        actor.is_org(unit.custodian_id)
        or actor.is_org(unit.owner_id)
        or actor.has("operator", "administrator", "auditor")
    )
