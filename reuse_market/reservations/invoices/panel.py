"""What the page of a reservation says of its invoice."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import wording
from reuse_market.reservations.invoices import queries
from reuse_market.reservations.invoices.forms import WHY
from reuse_market.reservations.models import Reservation
from reuse_market.web.panels import Panel


def invoice(found: Reservation, actor: Actor) -> Panel | None:
    """The invoice and what may be done about it; nothing where there is none to come."""
    made = queries.of_reservation(found)
    if made is None and not queries.billable(found):
        return None
    context = {
        "found": found, "invoice": made, "credits": queries.credits_of(made), "why": WHY,
        "offered": queries.offered(found, actor), "asked": queries.proposed(found),
        "side": wording.side_of(found, actor.organisation_id),
    }  # fmt: skip
    return Panel("reservations/_invoice.html", context)
