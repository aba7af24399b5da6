"""Before the vehicle leaves: who comes, what is missing of the place."""

from __future__ import annotations

from reuse_market.collection import arrival_mails as mails
from reuse_market.collection import queries
from reuse_market.collection.arrivals import sheet
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import Pickup
from reuse_market.collection.services.slots import facts_of, locked
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal


@command
def announce(
    reference: str, driver_name: str, *, actor: Actor, plate: str = "", carrier_name: str = "",
    carrier_ref: str = "",
) -> Pickup:  # fmt: skip
    """Say who comes, with which vehicle: the place lets them in, the sheet and the reminders tell it.

    Refused: who does not come; a pick-up that is not agreed (Conflict); nobody named (Invalid).
    """
    pickup, claim, lot = locked(reference, actor)
    FLOW.require("announce", pickup, actor)
    if not driver_name.strip():
        raise Invalid(N_("Name who comes."), field="driver_name", code="pickup.driver")
    named = {"driver_name": driver_name.strip()[:120], "plate": plate.strip().upper()[:20]}
    if pickup.arrival == "carrier" and carrier_name.strip():
        named |= {"carrier_name": carrier_name.strip()[:120], "carrier_ref": carrier_ref.strip()[:60]}
    row = FLOW.fire("announce", pickup, actor, **named)
    journal.append(journal.Act(actor), f"lot/{lot.reference}", row.event, facts=facts_of(pickup, claim, lot))
    mails.driver_announced(pickup, actor.organisation_id)
    return pickup


@command
def ask_site(reference: str, *, actor: Actor) -> tuple[str, ...]:
    """Ask the place's organisation for what its site does not say; the codes asked for.

    Refused: who does not come; nothing missing, or asked for today already (Conflict).
    """
    pickup, claim, lot = locked(reference, actor)
    FLOW.require("ask_site", pickup, actor)
    found = sheet.of(pickup, "fr")
    if not found.missing:
        raise Conflict(N_("The site sheet is complete."), code="site.complete")
    if pickup.site_asked_at and pickup.site_asked_at.astimezone(clock.PARIS).date() == clock.today():
        raise Conflict(N_("This was asked for today already: give them a day."), code="site.asked")
    row = FLOW.fire("ask_site", pickup, actor, site_asked_at=clock.now())
    journal.append(journal.Act(actor), f"lot/{lot.reference}", row.event, facts=facts_of(pickup, claim, lot))
    mails.site_asked(pickup, found.host_id, found.missing)
    return found.missing


def offered(pickup: Pickup, actor: Actor) -> list[str]:
    """Which of announce and ask_site mean something now."""
    actions = [name for name in queries.offered(pickup, actor) if name in ("announce", "ask_site")]
    if "ask_site" in actions and not sheet.of(pickup, "fr").missing:
        actions.remove("ask_site")
    return actions
