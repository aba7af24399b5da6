"""`/offers/…:add-photo`, `:remove-photo`: what a seller shows of its devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.catalogue import schemas
from reuse_market.catalogue.api import get_offer, offers
from reuse_market.catalogue.queries import Group
from reuse_market.collection.views.gestures import picture_of
from reuse_market.kernel.actor import Actor
from reuse_market.refurbishing.photos import services
from reuse_market.refurbishing.photos.queries import sells
from reuse_market.refurbishing.photos.services import LONGEST, SHORTEST
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST, Asked, Text, Whole


class OfferPhotoInput(Asked):
    """A photo of devices that look like those of the group, and what it shows."""

    picture = Text(
        7_000_000, 1, required=True,
        metadata={"description": "JPEG, PNG or WebP in base 64, 5 MB at most; kept as WebP of at most 60 kB."},
    )  # fmt: skip
    words = Text(LONGEST, SHORTEST, required=True, metadata={"description": "For who does not see it."})


class OfferPhotoRemoved(Asked):
    """The photo to show no more."""

    photo = Whole(1, BIGGEST, required=True)


@offers.verb(
    "/offers/<ref:key>:add-photo", rule="reuse-actor", body=OfferPhotoInput, shape=schemas.OfferSchema,
    status=201,
)  # fmt: skip
def add_photo(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Show a photo, made light and without what the camera wrote in it: four at most."""
    get_offer(key)
    services.add_photo(key, picture_of(values["picture"]), values["words"], actor=current_actor())
    return get_offer(key)


@offers.verb(
    "/offers/<ref:key>:remove-photo", rule="reuse-actor", body=OfferPhotoRemoved, shape=schemas.OfferSchema
)
def remove_photo(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Show a photo no more; add it again to undo."""
    get_offer(key)
    services.remove_photo(key, values["photo"], actor=current_actor())
    return get_offer(key)


def offer_actions(group: Group, actor: Actor) -> Sequence[str]:
    """What photos add to an offer's actions."""
    if group.model_id is None or not sells(actor, group.seller_id):
        return ()
    added = ("add-photo",) if group.photo_count < services.MOST else ()
    return (*added, "remove-photo") if group.photo_count else added
