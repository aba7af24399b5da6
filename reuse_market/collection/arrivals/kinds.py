"""How awarded devices reach who collects: fetched, brought by their holder, by a carrier, on a grouped day."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.claims.models import Claim
from reuse_market.collection.models import Pickup
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot

CHOSEN = ("fetched", "dropped_off", "carrier")  # a grouped day is joined by taking one of its slots


def terms(
    claim: Claim, lot: Lot, arrival: str = "fetched", carrier_name: str = "", carrier_ref: str = ""
) -> dict[str, Any]:
    """The columns of a pick-up that say how and where: `site_id` is where both meet.

    Refused (Invalid): an unknown way; a drop-off to who has no site; a carrier nobody names.
    """
    if arrival not in CHOSEN:
        raise Invalid(N_("Say how the devices travel."), field="arrival", code="pickup.arrival")
    made: dict[str, Any] = {"arrival": arrival, "site_id": lot.site_id}
    if arrival == "dropped_off":
        place = reception(claim.organisation_id)
        if place is None:
            raise Invalid(
                N_("The organisation that collects has not said where it receives devices."),
                field="arrival", code="pickup.no-reception",
            )  # fmt: skip
        made["site_id"] = place.id
    if arrival == "carrier":
        if not carrier_name.strip():
            raise Invalid(N_("Name the carrier."), field="carrier_name", code="pickup.carrier")
        made |= {"carrier_name": carrier_name.strip()[:120], "carrier_ref": carrier_ref.strip()[:60]}
    return made


def reception(organisation_id: int) -> Site | None:
    """Where an organisation receives devices: its first site that is located, else its first one."""
    sites = accounts.sites_of(organisation_id)
    return accounts.base_site(organisation_id) or (sites[0] if sites else None)


def kind(pickup: Pickup) -> str:
    """The way of a pick-up; older ones were all fetched."""
    return pickup.arrival or "fetched"


def off_the_day(pickup: Pickup, lot: Lot) -> dict[str, Any]:
    """What changes when another slot replaces that of a grouped day: it is fetched at the lot's site."""
    if pickup.slot_id is None:
        return {}
    return {"slot_id": None, "arrival": "fetched", "site_id": lot.site_id}
