"""What the handover shows on the page of a reservation: the plan, the kit, what to do if a device breaks."""

from __future__ import annotations

from flask_babel import get_locale

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import queries
from reuse_market.reservations.handover import agreed, breaking, kit, planning, sayings
from reuse_market.reservations.handover.forms import kit_form
from reuse_market.reservations.lifecycle import BOOKING, HOLDING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.returns import policy, wording
from reuse_market.reservations.returns import queries as returns
from reuse_market.web.panels import Panel


def plan(found: Reservation, actor: Actor) -> Panel | None:
    """Who carries, when and where; the kit, and its form while it is packed. Nothing once let go."""
    if found.state not in (*HOLDING, "provided"):
        return None
    what = queries.contents([found.reference]).get(found.reference)
    packing = BOOKING.allows("prepare", found, actor) and what is not None and kit.items_of(what.kind.code)
    lang = "en" if str(get_locale())[:2] == "en" else "fr"
    context = {
        "found": found, "plan": agreed.plan_of(found), "kit": sayings.kit_words(found, lang),
        "may_plan": planning.offered(found, actor),
        "form": kit_form(what.kind.code, kit.bare(queries.held_units(found.reference))) if packing and what else None,
    }  # fmt: skip
    return Panel("reservations/handover/_plan.html", context)


def breakdown(found: Reservation, actor: Actor) -> Panel | None:
    """What to do if a device breaks, and the returns; once handed over."""
    if found.state != "provided":
        return None
    made = [(one, wording.badge(one.state)) for one in returns.of_reservation(found)]
    context = {
        "found": found, "help": breaking.help_of(found), "returns": made,
        "may_ask": policy.asking(actor, found) and bool(returns.returnable(found)),
    }  # fmt: skip
    return Panel("reservations/handover/_breakdown.html", context)
