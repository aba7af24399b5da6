"""Pictures of a difference or of a stop: taken by who collects, seen by both sides, until both have signed."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.collection import pictures, policy, queries
from reuse_market.collection.models import Pickup, PickupCheck, PickupPhoto
from reuse_market.collection.services.checks import Gesture
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_

ROOM = "collection"
MOST = 20  # pictures of a pick-up


@command
def add_photo(
    reference: str, data: bytes, *, batch: str | None = None, gesture: Gesture | None = None, actor: Actor
) -> PickupPhoto:
    """Keep a picture, made small and without what the phone wrote in it. `batch`: the act it shows.

    Refused: not who collects; after the second signature; an act that is undone; more than 20 pictures; what
    `pictures.shrink` refuses.
    """
    pickup = _open(reference, actor)
    if batch is not None and not _noted(pickup, batch):
        raise NotFound(N_("This is already undone."))
    count = session().scalar(sa.select(sa.func.count()).where(PickupPhoto.pickup_id == pickup.id)) or 0
    if count >= MOST:
        raise Invalid(N_("There are %(most)s pictures already: remove one first."), field="picture",
                      code="photo.many", most=MOST)  # fmt: skip
    small = pictures.shrink(data)
    sha256 = files.put(small.data, media_type="image/webp")
    files.use(sha256, ROOM, reference)
    at = max(pickup.made_at, min((gesture or Gesture()).at, clock.now()))
    made = PickupPhoto(
        pickup_id=pickup.id, batch=batch, sha256=sha256, size=len(small.data), width=small.width,
        height=small.height, at=at, person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


@command
def remove_photo(reference: str, photo_id: int, *, actor: Actor) -> None:
    """Drop a picture taken by mistake (a face, a screen), until both have signed."""
    pickup = _open(reference, actor)
    photo = session().get(PickupPhoto, photo_id)
    if photo is None or photo.pickup_id != pickup.id:
        raise NotFound(N_("This picture does not exist."))
    session().delete(photo)
    session().flush()
    same = sa.select(PickupPhoto.id).where(
        PickupPhoto.pickup_id == pickup.id, PickupPhoto.sha256 == photo.sha256
    )
    if session().scalar(same.limit(1)) is None:
        files.unuse(photo.sha256, ROOM, reference)


def _open(reference: str, actor: Actor) -> Pickup:
    queries.seen(reference, actor)
    pickup: Pickup = lock(Pickup, Pickup.reference == reference)
    if not policy.taker(actor, pickup):
        raise NotAllowed(N_("Only the organisation that collects takes pictures here."), code="photo.side")
    if not (pickup.state == "agreed" or (pickup.state == "done" and pickup.holder_signed_at is None)):
        raise Conflict(N_("This pick-up is closed: its pictures stay as they are."), code="photo.closed")
    return pickup


def _noted(pickup: Pickup, batch: str) -> bool:
    statement = sa.select(PickupCheck.id).where(
        PickupCheck.pickup_id == pickup.id, PickupCheck.batch == batch
    )
    return session().scalar(statement.limit(1)) is not None
