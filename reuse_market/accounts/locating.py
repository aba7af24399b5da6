"""Sites placed at their own address once the address service has answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Site
from reuse_market.kernel import ending, jobs
from reuse_market.kernel.db import command, lock, session
from reuse_market.places import addresses
from reuse_market.places.geocoding import geocoder

A_ROUND = 20  # at 2 seconds each at worst


def ask_first(values: Mapping[str, Any], organisation_id: int | None, site_id: int | None = None) -> None:
    """Before `save_site` with the same values: ask where the address lies, 2 seconds at most, and save whatever
    the answer. What the values leave out is the site's own."""
    kept = session().get(Site, site_id) if site_id is not None else None
    if kept is not None and kept.organisation_id != organisation_id:
        return
    address = [values.get(name, getattr(kept, name, "")) for name in ("street", "postcode", "commune_name")]
    addresses.ask(*[value or "" for value in address])


def locate_sites() -> int:
    """Job: place at their address the sites that stand at their commune's point; how many moved.

    The address service did not answer in time when they were saved, or was off then.
    """
    if not geocoder().asks:
        return 0
    statement = sa.select(Site).where(
        Site.located_by == "commune", Site.street != "", Site.commune_insee.is_not(None)
    )
    waiting = [
        (site.id, site.street, site.postcode, site.commune_name)
        for site in session().scalars(statement.order_by(Site.id))
        if not addresses.is_fresh(site.street, site.commune_insee or "")
    ][:A_ROUND]
    answered = [number for number, *address in waiting if addresses.ask(*address)]
    return jobs.each(answered, place, "sites.locate")


@command
def place(site_id: int) -> Site:
    """Put a site where its present address lies, as far as is known."""
    site: Site = lock(Site, Site.id == site_id)
    located = addresses.locate(site.street, site.postcode, site.commune_name)
    site.commune_insee = located.insee if located else None
    site.latitude = located.point.latitude if located else None
    site.longitude = located.point.longitude if located else None
    site.located_by = located.how if located else None
    session().flush()
    ending.announce("bases", [site.organisation_id])
    return site
