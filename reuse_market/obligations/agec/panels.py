"""On the page of a bound organisation: the way to its ledger."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.obligations.agec import policy
from reuse_market.web.panels import Panel


def organisation(found: Any, actor: Actor) -> Panel | None:
    """A link for its own people and for those who oversee; nothing where the law does not bind it."""
    own = actor.is_org(found.id)
    if not (own or oversees(actor)) or not policy.bound(found.id):
        return None
    return Panel("obligations/agec/_organisation.html", {"organisation": found, "own": own})
