"""Who may do what to a pick-up: judged on both sides and on whose slot is on the table."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


def party(actor: Actor, pickup: Any) -> bool:
    """The holder, or who collects: a reuse actor, or who takes them for its own use."""
    return actor.is_org(pickup.holder_id) or actor.is_org(pickup.actor_id)


def answers(actor: Actor, pickup: Any) -> bool:
    """The side that did not propose the slot on the table."""
    return party(actor, pickup) and not actor.is_org(pickup.asked_by_id)


def taker(actor: Actor, pickup: Any) -> bool:
    """The organisation that collects: its driver checks off."""
    return actor.is_org(pickup.actor_id)


def driver(actor: Actor, pickup: Any) -> bool:
    """A person of the collecting organisation who may commit it: custody passes by this signature.

    Nobody signs for another organisation: the person does, in a session or by a token of their own.
    """
    return actor.is_org(pickup.actor_id) and actor.commits and actor.via in ("self", "token")


def signer(actor: Actor, pickup: Any) -> bool:
    """Either side's screen, held by its own people: the holder signs on it by name and code."""
    return party(actor, pickup) and actor.own_hand


def holder(actor: Actor, pickup: Any) -> bool:
    """The organisation that hands over, by its own people: it alone sees its signature code."""
    return actor.is_org(pickup.holder_id) and actor.own_hand


def system(actor: Actor, _pickup: Any) -> bool:
    """The clock: expiry jobs."""
    return actor.via == "system"


def may_see(actor: Actor, pickup: Any) -> bool:
    """Both sides, and those who oversee: operator, administrator, auditor."""
    return party(actor, pickup) or oversees(actor)
