"""Who may ask for a return, and act on one."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.models import Reservation, UnitReturn


def asking(actor: Actor, subject: Reservation | UnitReturn) -> bool:
    """The beneficiary; the seller or the operator for it, by phone or at the counter."""
    mine = actor.is_org(subject.beneficiary_id) or actor.is_org(subject.seller_id) or actor.has("operator")
    return actor.commits and mine


def beneficiary(actor: Actor, made: UnitReturn) -> bool:
    """Who received the devices, by somebody who commits it."""
    return actor.commits and actor.is_org(made.beneficiary_id)


def seller(actor: Actor, made: UnitReturn) -> bool:
    """The reuse actor that handed the devices over, by somebody who commits it."""
    return actor.commits and actor.is_org(made.seller_id) and actor.has("reuse_actor")


def own_seller(actor: Actor, made: UnitReturn) -> bool:
    """The same by its own people: custody passes at their door, nobody takes in or gives back for them."""
    return seller(actor, made) and actor.own_hand


def may_see(actor: Actor, made: UnitReturn) -> bool:
    """Either side, and those who oversee."""
    sides = actor.is_org(made.beneficiary_id) or actor.is_org(made.seller_id)
    return sides or actor.has("operator", "administrator", "auditor")
