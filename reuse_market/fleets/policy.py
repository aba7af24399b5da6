"""Who may touch a fleet and its imports: people of the organisation that owns it."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor


def holder(actor: Actor, row: Any) -> bool:
    """Somebody of the holder's organisation (`row` has `organisation_id`): may prepare."""
    return actor.has("holder") and actor.is_org(row.organisation_id)


def holder_or_system(actor: Actor, row: Any) -> bool:
    """The holder, or the clock (imports nobody finished)."""
    return holder(actor, row) or actor.via == "system"
