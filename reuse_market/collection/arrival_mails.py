"""The mails around an arrival: who comes, what is missing of the place, reminders, protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.collection.mails import _send
from reuse_market.collection.models import CollectionDay, LoadingProtocol, Pickup
from reuse_market.notices.services import queue


def driver_announced(pickup: Pickup, by_id: int | None) -> None:
    """Tell the other side who comes, with which vehicle."""
    other = pickup.actor_id if by_id == pickup.holder_id else pickup.holder_id
    _send("pickup_driver", other, pickup, _vehicle(pickup))


def site_asked(pickup: Pickup, host_id: int, missing: Sequence[str]) -> None:
    """Ask the organisation of the place for what its site does not say, with the page to say it on."""
    by = pickup.actor_id if host_id == pickup.holder_id else pickup.holder_id
    by_name = accounts.names([by]).get(by, "")
    address = f"/sites/{pickup.site_id}" if pickup.site_id else "/sites"
    _send("site_asked", host_id, pickup, {"missing": list(missing), "by_name": by_name, "url": address})


def reminder(pickup: Pickup, moment: str) -> None:
    """Remind both sides: `eve` (the day before) or `morning`."""
    facts = {"moment": moment, "arrival": pickup.arrival or "fetched"} | _vehicle(pickup)
    for side in (pickup.holder_id, pickup.actor_id):
        _send("pickup_reminder", side, pickup, facts)


def protocol(template: str, found: LoadingProtocol, to_id: int, url: str) -> None:
    """Tell a side of a protocol that it waits for it, is signed, or holds no longer."""
    names = accounts.names([found.host_id, found.carrier_id])
    site = accounts.site(found.site_id)
    facts = {
        "protocol_ref": found.reference, "site_name": site.name if site else "",
        "host_name": names.get(found.host_id, ""), "carrier_name": names.get(found.carrier_id, ""), "url": url,
    }  # fmt: skip
    for address, language in accounts.addresses_of(to_id):
        queue(template, address, language, facts, f"protocol/{found.reference}")


def day_cancelled(day: CollectionDay, pickup: Pickup) -> None:
    """Tell a holder that the grouped day it had a slot on will not take place."""
    _send("day_cancelled", pickup.holder_id, pickup, {"day_ref": day.reference})


def _vehicle(pickup: Pickup) -> dict[str, Any]:
    return {
        "driver": pickup.driver_name, "plate": pickup.plate, "carrier": pickup.carrier_name or "",
        "carrier_ref": pickup.carrier_ref or "",
    }  # fmt: skip
