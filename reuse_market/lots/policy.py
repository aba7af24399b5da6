"""Who may do what with a lot, and who sees what of it. Judged on the organisation."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.lots.conditions import goes_as_it_is
from reuse_market.lots.models import Lot, Triage

FREE_OF_PUBLIC_BODIES = ("free_transfer", "public_transfer")
TAKES_AS_IT_IS = ("recipient", "buyer", "obliged_buyer")


def holder(actor: Actor, lot: Lot | Triage) -> bool:
    """Somebody of the holder's organisation: may prepare."""
    return actor.has("holder") and actor.is_org(lot.holder_id)


def holder_commits(actor: Actor, lot: Lot | Triage) -> bool:
    """Somebody who may commit the holder."""
    return holder(actor, lot) and actor.commits


def system(actor: Actor, _lot: Any) -> bool:
    """What follows from the counts or the date, never from a choice."""
    return actor.via == "system"


def sees(actor: Actor, lot: Lot) -> bool:
    """What is or was published or announced is for everybody (commune and counts); a draft is its holder's
    and the overseers'."""
    return is_public(lot) or holder(actor, lot) or oversees(actor)


def is_public(lot: Lot) -> bool:
    """Whether it was shown to everybody: published, or announced."""
    return lot.published_at is not None or lot.planned_at is not None


def sees_value(actor: Actor, lot: Lot) -> bool:
    """What a device is worth to its holder: told to all where the law makes it a condition of the transfer.

    In a sale it stays between the holder and the overseers: the others negotiate.
    """
    return lot.regime in FREE_OF_PUBLIC_BODIES or holder(actor, lot) or oversees(actor)


def sees_holder_name(actor: Actor, lot: Lot) -> bool:
    """Who the holder is: told to those who could collect, not to passers-by (stores full of computers)."""
    to_come = lot.published_at is None  # its regime may not be chosen yet: whoever may be interested is told
    could = actor.has("reuse_actor") or ((to_come or goes_as_it_is(lot)) and actor.has(*TAKES_AS_IT_IS))
    return could or holder(actor, lot) or oversees(actor)


def awarded_to(actor: Actor, lot: Any, sees_place: bool) -> bool:
    """Whether who may see the place does so because part of the lot is awarded to it."""
    return sees_place and not actor.is_org(lot.holder_id) and not oversees(actor)
