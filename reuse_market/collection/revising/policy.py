"""Who may propose, answer, contest and settle the revision of a handover note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reuse_market.accounts.policy import is_operator, oversees
from reuse_market.kernel.actor import Actor

Allowed = Callable[[Actor, Any], bool]


def side(actor: Actor, note: Any) -> bool:
    """The holder or who collected. `note` is a revision or its pick-up: both name their two sides."""
    return actor.is_org(note.holder_id) or actor.is_org(note.actor_id)


def engages(actor: Actor, note: Any) -> bool:
    """Either side, by its own people who may commit it: it takes part of a signed note back."""
    return side(actor, note) and actor.commits and bool(actor.roles) and actor.own_hand


def answers(actor: Actor, revision: Any) -> bool:
    """The side that did not propose it."""
    return engages(actor, revision) and not actor.is_org(revision.asked_by_id)


def author(actor: Actor, revision: Any) -> bool:
    """The side that proposed it."""
    return engages(actor, revision) and actor.is_org(revision.asked_by_id)


def appeals(actor: Actor, revision: Any) -> bool:
    """Its author, when the other side refused it; what the operator settled is settled."""
    return author(actor, revision) and revision.answered_by_id in (revision.holder_id, revision.actor_id)


def contests(actor: Actor, pickup: Any) -> bool:
    """The holder: a difference is what the driver wrote of its devices."""
    return engages(actor, pickup) and actor.is_org(pickup.holder_id)


def settles(actor: Actor, revision: Any) -> bool:
    """The operator; never one that is itself a side, nor one that acts for somebody."""
    return is_operator(actor) and actor.own_hand and not side(actor, revision)


def system(actor: Actor, _revision: Any) -> bool:
    """The clock: what nobody answered goes to the operator."""
    return actor.via == "system"


def may_see(actor: Actor, revision: Any) -> bool:
    """Both sides, and those who oversee."""
    return side(actor, revision) or oversees(actor)
