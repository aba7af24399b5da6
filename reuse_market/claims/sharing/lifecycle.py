"""The life of a proposal of share, and who may answer it."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import is_operator, oversees
from reuse_market.claims.models import Share
from reuse_market.claims.sharing.share_models import SHARE_STATES
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.workflow import T, Workflow


def holder_or_operator(actor: Actor, share: Any) -> bool:
    """The lot's holder, by somebody who may commit it, or the operator."""
    return (actor.is_org(share.holder_id) or is_operator(actor)) and actor.commits


def system(actor: Actor, _share: Any) -> bool:
    """What follows from the date or from the claims."""
    return actor.via == "system"


def sees_all(actor: Actor, share: Any) -> bool:
    """The whole table: the holder and those who oversee. A claimant sees its own part, once answered."""
    return actor.is_org(share.holder_id) or oversees(actor)


FLOW = Workflow[Share](
    "share",
    Share,
    SHARE_STATES,
    [
        T("accept", ["proposed"], "accepted", holder_or_operator, "share.accepted"),
        T("replace", ["proposed"], "replaced", system, "share.replaced"),
        T("expire", ["proposed"], "expired", system, "share.expired"),
    ],
)
