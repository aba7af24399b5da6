"""Who may act on a place in the waiting list."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.policy import RESERVING
from reuse_market.reservations.waiting.waiting_models import WaitingEntry


def may_wait(actor: Actor, _subject: object = None) -> bool:
    """Those who reserve, through somebody who commits them: what they are offered is held for them."""
    return actor.commits and actor.has(*RESERVING)


def own(actor: Actor, entry: WaitingEntry) -> bool:
    """The organisation that waits."""
    return actor.commits and actor.is_org(entry.organisation_id)


def clock(actor: Actor, _subject: object) -> bool:
    """Units came free, or the day to answer has passed."""
    return actor.via == "system"


def may_see(actor: Actor, entry: WaitingEntry) -> bool:
    """The organisation that waits, and those who oversee."""
    return actor.is_org(entry.organisation_id) or actor.has("operator", "administrator", "auditor")


def sees_demand(actor: Actor) -> bool:
    """Sellers, who read what is waited for and not by whom; those who oversee."""
    return actor.has("reuse_actor", "operator", "administrator", "auditor")
