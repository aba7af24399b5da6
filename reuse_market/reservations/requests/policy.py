"""Who may do what to a request: the operator, and whoever holds its personal link."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


def operator(actor: Actor, _subject: object = None) -> bool:
    """The operator itself: it calls back, completes, attaches, closes."""
    return actor.has("operator", "administrator") and actor.commits and actor.own_hand


def link(actor: Actor, found: Any) -> bool:
    """Whoever holds the personal link of this request."""
    return actor.via == "link" and found.reference in actor.scope


def keeps(actor: Actor, found: Any) -> bool:
    """Who may give a request up: the association by its link, the operator for it."""
    return link(actor, found) or operator(actor)


def may_see(actor: Actor, _found: object = None) -> bool:
    """Names and phones are for who calls back, and for those who oversee."""
    return oversees(actor) and actor.own_hand
