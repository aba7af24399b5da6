"""Who may do what to vehicles and rounds: the reuse actor whose they are; a holder sees its own stop only."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


def keeps(actor: Actor, thing: Any) -> bool:
    """Anybody of the reuse actor prepares its vehicles and rounds. `thing` has an `organisation_id`."""
    return actor.is_org(thing.organisation_id) and actor.has("reuse_actor") and actor.via != "link"


def engages(actor: Actor, thing: Any) -> bool:
    """Whoever may commit it: holders are told an hour, or that nobody comes."""
    return keeps(actor, thing) and actor.commits


def drives(actor: Actor, thing: Any) -> bool:
    """Anybody of the reuse actor, or the driver to whom it gave a link for this round."""
    if actor.via == "link":
        return actor.is_org(thing.organisation_id) and bool(actor.roles) and thing.reference in actor.scope
    return keeps(actor, thing)


def may_see(actor: Actor, thing: Any) -> bool:
    """The reuse actor, its driver, and those who oversee: every stop. Holders see theirs by another door."""
    return (
        actor.is_org(thing.organisation_id)
        and (actor.via != "link" or drives(actor, thing))
        or oversees(actor)
    )


def system(actor: Actor, _thing: Any) -> bool:
    """The round's own end, and the planner's job."""
    return actor.via == "system"
