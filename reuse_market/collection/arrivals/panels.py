"""On a pick-up's page: how the devices travel, what clashes, whether a protocol is needed, what to do next."""

from __future__ import annotations

from flask_babel import get_locale

from reuse_market.collection.arrivals import coming, kinds, proposals, protocols, sheet
from reuse_market.collection.models import Pickup
from reuse_market.kernel.actor import Actor
from reuse_market.web.panels import Panel


def arrival(pickup: Pickup, actor: Actor) -> Panel | None:
    """Before the check-off: the site sheet, the vehicle, clashes and the protocol."""
    if pickup.state not in (*proposals.OPEN, "failed"):
        return None
    found = sheet.of(pickup, "en" if str(get_locale())[:2] == "en" else "fr")
    context = {
        "pickup": pickup, "way": kinds.kind(pickup), "sheet": found,
        "clashes": proposals.clashes(pickup, actor), "within": proposals.within_hours(pickup),
        "offered": coming.offered(pickup, actor), "needed": protocols.needed(pickup),
        "required": protocols.required(pickup), "protocol": protocols.of_pickup(pickup),
        "may_sign": actor.organisation_id in (pickup.holder_id, pickup.actor_id),
    }  # fmt: skip
    return Panel("collection/_arrival.html", context)
