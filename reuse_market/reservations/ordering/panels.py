"""What ordering shows on the page of a reservation."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import policy
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.ordering import orders
from reuse_market.web.panels import Panel


def order(found: Reservation, actor: Actor) -> Panel | None:
    """The purchase order in force, or the way to issue one."""
    made, may = orders.current(found), orders.may_order(actor, found)
    if (made is None and not may) or not policy.may_see(actor, found):
        return None
    if made is None and not actor.has("buyer", "obliged_buyer"):
        return None  # Chorus Pro is for public buyers: an association is not offered it
    return Panel("reservations/ordering/_reservation.html", {"found": found, "made": made, "may": may})
