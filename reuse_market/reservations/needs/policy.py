"""Who may do what to needs and to what is proposed for them. Reuse actors see needs without who asks."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor

ASKING = ("buyer", "obliged_buyer", "recipient")


def may_post(actor: Actor, _subject: object = None) -> bool:
    """Associations and buyers for themselves, the operator for anybody, a request's link or page for nobody yet."""
    return actor.has(*ASKING, "operator") or actor.via in ("link", "system")


def asker(actor: Actor, need: Any) -> bool:
    """The structure that asks: anybody of it, since a need commits to nothing; or who holds its link."""
    if actor.via == "link":
        return need.reference in actor.scope
    return actor.is_org(need.organisation_id) and actor.has(*ASKING)


def operator(actor: Actor, _subject: object = None) -> bool:
    """The operator itself."""
    return actor.has("operator") and actor.commits


def keeps(actor: Actor, need: Any) -> bool:
    """Who may change or close a need: the structure, and the operator that took it down."""
    return asker(actor, need) or operator(actor)


def may_see(actor: Actor, need: Any) -> bool:
    """Who asks is known to the structure itself and to those who oversee."""
    return asker(actor, need) or actor.via == "system" or (oversees(actor) and actor.via != "link")


def sees_anonymous(actor: Actor, need: Any) -> bool:
    """An admitted reuse actor sees what is asked now, by commune and class of structure."""
    return actor.has("reuse_actor") and actor.via != "link" and need.state in ("open", "matched")


def proposes(actor: Actor, seller_id: int | None) -> bool:
    """The operator any supply; a reuse actor its own, by somebody who may commit it."""
    own = actor.has("reuse_actor") and actor.commits and actor.via != "link" and actor.is_org(seller_id)
    return operator(actor) or own or actor.via == "system"


def structure(actor: Actor, match: Any) -> bool:
    """The structure a match is proposed to, by somebody who commits it: it answers."""
    return (
        actor.commits and actor.via != "link" and actor.is_org(match.organisation_id) and actor.has(*ASKING)
    )


def proposer(actor: Actor, match: Any) -> bool:
    """Who may take a proposal back: the operator, and the reuse actor whose devices they are."""
    return proposes(actor, match.seller_id)


def sees_match(actor: Actor, match: Any) -> bool:
    """The structure, the reuse actor whose devices they are, those who oversee."""
    return (
        actor.via != "link"
        and (actor.is_org(match.organisation_id) or actor.is_org(match.seller_id) or oversees(actor))
    )  # fmt: skip


def system(actor: Actor, _subject: object = None) -> bool:
    """What follows from somebody else's act: a proposal, an answer, a handover, a day gone by."""
    return actor.via == "system"
