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
    """The holder, or who collects: a reuse actor, or who takes them for its own use.

    Who came by a link is a side of the pick-ups this link opens, and of no other.
    """
    if actor.via == "link" and getattr(pickup, "reference", None) not in actor.scope:
        return False
    return actor.is_org(pickup.holder_id) or actor.is_org(pickup.actor_id)


def party(actor: Actor, pickup: Any) -> bool:
    """Somebody of either side, admitted (one that is suspended has no role left): says what happened."""
    return side(actor, pickup) and bool(actor.roles) and actor.via != "link"


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
    return side(actor, pickup) and actor.is_org(pickup.actor_id) and bool(actor.roles)


def driver(actor: Actor, pickup: Any) -> bool:
    """A person of the collecting organisation who may commit it: custody passes by this signature.

    Nobody signs for another organisation: the person does, in a session or by a token of their own; or the
    driver to whom the organisation gave a link of the day, for its stops.
    """
    if actor.via == "link":
        return taker(actor, pickup)
    return actor.is_org(pickup.actor_id) and actor.commits and actor.via in ("self", "token")


def gives_link(actor: Actor, pickup_or_round: Any) -> bool:
    """Whoever may commit the collecting organisation hands a driver the right to sign for it."""
    owner = getattr(pickup_or_round, "actor_id", None) or getattr(pickup_or_round, "organisation_id", None)
    return actor.is_org(owner) and actor.commits and bool(actor.roles) and actor.via in ("self", "token")


def signer(actor: Actor, pickup: Any) -> bool:
    """Either side's screen, held by its own people or its driver: the holder signs on it by name and code.

    The holder's contact signs by the link sent to it, by its own hand.
    """
    return side(actor, pickup) and bool(actor.roles) and actor.own_hand


def holder(actor: Actor, pickup: Any) -> bool:
    """The organisation that hands over, by its own people: it alone sees its signature code."""
    return actor.is_org(pickup.holder_id) and bool(actor.roles) and actor.own_hand and actor.via != "link"


def asks_signature(actor: Actor, pickup: Any) -> bool:
    """Either side, the driver by its link included: has the signature nobody could give asked for by mail."""
    return signer(actor, pickup)


def comes(actor: Actor, pickup: Any) -> bool:
    """Who comes with a vehicle to where both meet: the collecting side, or the holder who brings the devices.

    A carrier belongs to neither: the collecting side speaks for it.
    """
    brings = getattr(pickup, "arrival", None) in ("dropped_off", "collection_day")
    return actor.is_org(pickup.holder_id if brings else pickup.actor_id) and party(actor, pickup)


def collects(actor: Actor) -> bool:
    """Somebody who may commit a reuse actor."""
    return actor.has("reuse_actor") and actor.commits


def system(actor: Actor, _pickup: Any) -> bool:
    """The clock: expiry jobs."""
    return actor.via == "system"


def may_see(actor: Actor, pickup: Any) -> bool:
    """Both sides, and those who oversee: operator, administrator, auditor."""
    return side(actor, pickup) or oversees(actor)
