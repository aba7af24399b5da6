"""Who may do what at the bench."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import Part, RemovalBatch
from reuse_market.units.models import Unit

ELSEWHERE = N_("Only the workshop that has this device may do this: ask it to.")
NO_WORKSHOP = N_(
    "Only reuse actors have a workshop: ask to be admitted as one, on the file of your organisation."
)


def works_on(actor: Actor, unit: Unit) -> bool:
    """The device is in the hands of the actor's workshop."""
    return actor.is_org(unit.custodian_id) and actor.has("reuse_actor")


def knows(actor: Actor, unit: Unit) -> bool:
    """Those for whom the device exists: owner, custodian, and those who oversee. Others get "not found"."""
    return (
        actor.is_org(unit.custodian_id)
        or actor.is_org(unit.owner_id)
        or actor.has("operator", "administrator", "auditor")
    )


def own_batch(actor: Actor, batch: RemovalBatch) -> bool:
    """A removal batch is the affair of the organisation that opened it."""
    return actor.is_org(batch.organisation_id)


def may_remove(actor: Actor, batch: RemovalBatch) -> bool:
    """Handing waste over commits the organisation."""
    return own_batch(actor, batch) and actor.commits


def own_part(actor: Actor, part: Part) -> bool:
    """A spare part is the affair of the workshop that took it."""
    return actor.is_org(part.organisation_id) and actor.has("reuse_actor")
