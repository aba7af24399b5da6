"""Reads of the pictures of a pick-up, for its two sides only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.collection import policy, queries
from reuse_market.collection.models import Pickup, PickupCheck, PickupPhoto
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture with what it shows: an outcome and its reason, or the whole stop (None)."""

    id: int
    size: int
    width: int
    height: int
    at: datetime
    outcome: str | None
    reason: str | None


def of_pickup(pickup: Pickup, actor: Actor) -> list[PhotoView]:
    """The pictures of a pick-up in order; none for who is of neither side. One whose act is undone shows the stop."""
    if not policy.side(actor, pickup):
        return []
    shown = (PickupCheck.pickup_id == PickupPhoto.pickup_id) & (PickupCheck.batch == PickupPhoto.batch)
    statement = (
        sa.select(
            PickupPhoto.id, PickupPhoto.size, PickupPhoto.width, PickupPhoto.height, PickupPhoto.at,
            sa.func.min(PickupCheck.outcome), sa.func.min(PickupCheck.reason),
        )
        .outerjoin(PickupCheck, shown)
        .where(PickupPhoto.pickup_id == pickup.id)
        .group_by(PickupPhoto.id)
        .order_by(PickupPhoto.id)
    )  # fmt: skip
    return [PhotoView(*row) for row in session().execute(statement)]


def seen(reference: str, photo_id: int, actor: Actor) -> PickupPhoto:
    """A picture; NotFound when there is none, or for anybody but the two sides."""
    pickup = queries.seen(reference, actor)
    photo = session().get(PickupPhoto, photo_id)
    if photo is None or photo.pickup_id != pickup.id or not policy.side(actor, pickup):
        raise NotFound(N_("This picture does not exist."))
    return photo
