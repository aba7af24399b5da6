"""What both sides agreed of a handover: read by pages, slip and mails, once a transaction."""

from __future__ import annotations

from reuse_market.kernel.db import kept, session
from reuse_market.reservations.models import HandoverPlan, Reservation

PLANS = "handover plans"


def plan_of(found: Reservation) -> HandoverPlan | None:
    """The day, the place and the carrier, if anything was typed."""
    known: dict[int, HandoverPlan | None] = kept().setdefault(PLANS, {})
    if found.id not in known:
        known[found.id] = session().get(HandoverPlan, found.id) if found.id is not None else None
    return known[found.id]


def forget() -> None:
    """Inside a verb that writes one: it is read again."""
    kept().pop(PLANS, None)
