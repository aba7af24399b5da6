"""The sheet of the place, known before leaving: what is said of it, what is missing, who comes with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reuse_market.accounts import capacities, hours
from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection.arrivals import kinds
from reuse_market.collection.models import Pickup

# What a driver needs before leaving: code → whether the site says it.
FACTS: dict[str, Callable[[Site], Any]] = {
    "street": lambda site: site.street,
    "hours": lambda site: site.week or site.hours,
    "dock": lambda site: site.has_dock != "unknown",
    "tail_lift": lambda site: site.needs_tail_lift != "unknown",
    "lift": lambda site: site.has_lift != "unknown",
    "floor": lambda site: site.floor,
    "height": lambda site: site.height_limit_cm,
    "contact": lambda site: site.contact_name,
    "phone": lambda site: site.contact_phone,
}


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """A place and a visit. `missing`: codes of FACTS nobody has filled in; `least_units`: the actor's minimum."""

    site: Site | None
    hours: str
    missing: tuple[str, ...]
    least_units: int | None
    arrival: str
    comes_id: int  # who comes with a vehicle
    host_id: int  # whose place it is


def of(pickup: Pickup, lang: str) -> SiteSheet:
    """The sheet of a pick-up's place."""
    site = accounts.site(pickup.site_id)
    return SiteSheet(
        site, hours.said(site, lang), missing(site), least_units(pickup.actor_id), kinds.kind(pickup), comes(pickup),
        site.organisation_id if site else pickup.holder_id,
    )  # fmt: skip


def missing(site: Site | None) -> tuple[str, ...]:
    """Codes of what the site does not say; all of them where no site is known."""
    return tuple(code for code, known in FACTS.items() if site is None or not known(site))


def comes(pickup: Pickup) -> int:
    """Who comes to the other's place, or to that of the day."""
    return pickup.holder_id if kinds.kind(pickup) in ("dropped_off", "collection_day") else pickup.actor_id


def least_units(organisation_id: int) -> int | None:
    """From how many devices on an organisation comes, as it declares; None when it has not said, or any number."""
    declared = capacities.capacity_of(organisation_id)
    return declared.minimum_per_stop if declared and declared.minimum_per_stop > 1 else None
