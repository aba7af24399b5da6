"""Who may do what to a shipment: its sender until it is answered, its receiver; nobody else."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


def _acts(actor: Actor) -> bool:
    return actor.has("reuse_actor") and actor.via != "link"


def sends(actor: Actor, shipment: Any) -> bool:
    """The sender's people; whoever may commit it where a sale or a gift is proposed."""
    engages = actor.commits or shipment.transfer == "none"
    return actor.is_org(shipment.sender_id) and _acts(actor) and engages


def answers(actor: Actor, shipment: Any) -> bool:
    """The receiver's people, by their own hand; whoever may commit it where a sale or a gift is proposed."""
    engages = actor.commits or shipment.transfer == "none"
    return actor.is_org(shipment.receiver_id) and _acts(actor) and engages and actor.own_hand


def may_see(actor: Actor, shipment: Any) -> bool:
    """Both sides, and those who oversee."""
    sides = actor.is_org(shipment.sender_id) or actor.is_org(shipment.receiver_id)
    return (sides and actor.via != "link") or oversees(actor)
