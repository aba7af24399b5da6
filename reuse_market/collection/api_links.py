"""`:give-driver-link`, `:revoke-driver-link`, `:ask-signature` on a pick-up."""

from __future__ import annotations

from typing import Any

from reuse_market.collection import countersigning, driving, link_schemas, schemas
from reuse_market.collection.api import PICKUP, get_pickup, pickups
from reuse_market.collection.models import DriverLink
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices.settings import settings
from reuse_market.web import rest
from reuse_market.web.access import current_actor

NAMES = ("id", "name", "email", "phone", "day", "made_at", "seen_at", "opened", "revoked_at")


@pickups.read(
    f"{PICKUP}/driver-links",
    rule="taker",
    shape=link_schemas.DriverLinkSchema,
    listed=True,
    name="driver-links",
)
def list_driver_links(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """The links given to drivers without an account, the newest first."""
    after = rest.after(query["cursor"])
    found = driving.of_subject(reference, current_actor())
    left = [link for link in found if after is None or link.id < after]
    return rest.page(left[: query["limit"] + 1], query["limit"], lambda link: link.id, _shown)


@pickups.verb(
    f"{PICKUP}:give-driver-link", rule="taker", body=link_schemas.DriverLinkInput,
    shape=link_schemas.DriverLinkMade, status=201,
)  # fmt: skip
def give_driver_link(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """A link for a driver without an account: this stop, its day, revocable."""
    given = driving.give_link(reference, values.pop("name"), actor=current_actor(), **values)
    return _shown(given.link) | {"address": f"{settings().base_url}/chauffeur/{given.token}"}


@pickups.verb(
    f"{PICKUP}:revoke-driver-link", rule="taker", body=link_schemas.DriverLinkRevoked,
    shape=link_schemas.DriverLinkSchema,
)  # fmt: skip
def revoke_driver_link(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Withdraw a link: it stops at once."""
    if values["link"] not in [link.id for link in driving.of_subject(reference, current_actor())]:
        raise NotFound(N_("This link does not exist."))
    return _shown(driving.revoke_link(values["link"], actor=current_actor()))


@pickups.verb(f"{PICKUP}:ask-signature", rule="taker", shape=schemas.PickupSchema)
def ask_signature(reference: str) -> dict[str, Any]:
    """Nobody could sign at the door: the contact and the holder's people get a link to sign within 48 hours."""
    countersigning.ask_signature(reference, actor=current_actor())
    return get_pickup(reference)


def _shown(link: DriverLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in NAMES} | {"works": driving.alive(link)}
