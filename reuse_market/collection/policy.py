"""Who may do what to a pick-up: judged on both sides and on whose slot is on the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Sides:
    """The two organisations of a pick-up to come."""

    holder_id: int
    actor_id: int


def side(actor: Actor, pickup: Any) -> bool:
    """The holder, or who collects: a reuse actor, or who takes them for its own use."""
    return actor.is_org(pickup.holder_id) or actor.is_org(pickup.actor_id)


def party(actor: Actor, pickup: Any) -> bool:
    """Somebody of either side, admitted (one that is suspended has no role left): says what happened."""
    return side(actor, pickup) and bool(actor.roles)


def engages(actor: Actor, pickup: Any) -> bool:
    """Either side, by somebody who may commit it: a slot proposed, accepted or called off binds both.

    `pickup` is one, or who would be its two sides (`Sides`).
    """
    return side(actor, pickup) and actor.commits


def answers(actor: Actor, pickup: Any) -> bool:
    """The side that did not propose the slot on the table, by somebody who may commit it."""
    return engages(actor, pickup) and not actor.is_org(pickup.asked_by_id)


def taker(actor: Actor, pickup: Any) -> bool:
    """The organisation that collects: its driver checks off."""
    return actor.is_org(pickup.actor_id) and bool(actor.roles)


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
    return actor.is_org(pickup.holder_id) and bool(actor.roles) and actor.own_hand


def system(actor: Actor, _pickup: Any) -> bool:
    """The clock: expiry jobs."""
    return actor.via == "system"


def may_see(actor: Actor, pickup: Any) -> bool:
    """Both sides, and those who oversee: operator, administrator, auditor."""
    return side(actor, pickup) or oversees(actor)
