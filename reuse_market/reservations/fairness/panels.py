"""What fairness shows on the page of a group: kept until when, and what a structure may still take."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import policy
from reuse_market.reservations.fairness import ceilings, opening
from reuse_market.web.panels import Panel


def fair_group(group: Any, actor: Actor) -> Panel | None:
    """Kept for whom until when; the ceiling of this kind and what is left of it. Nothing where neither holds."""
    kept = group.open_to != "all"
    room = None
    if (
        actor.organisation_id is not None
        and actor.has(*policy.RESERVING)
        and not actor.is_org(group.seller_id)
    ):
        room = ceilings.room(actor.organisation_id, group.kind)
    if not kept and room is None:
        return None
    context = {"who": group.open_to, "until": opening.kept_until(group) if kept else None, "room": room}
    return Panel("reservations/fairness/_group.html", context)
