"""What a phone adds at the door, for programs: a label stuck, pictures."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from reuse_market.collection import photos, queries, services
from reuse_market.collection.api import PICKUP, get_pickup, pickups
from reuse_market.collection.phone_schemas import PhotoFields, StickInput
from reuse_market.collection.schemas import PickupSchema
from reuse_market.collection.views.gestures import picture_of
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST, Asked, Schema, Text, Whole, maybe


class PhotoInput(PhotoFields):
    """A picture of an act (the `batch` of its checks) or, without it, of the whole stop."""

    picture = Text(
        7_000_000, 1, required=True,
        metadata={"description": "JPEG, PNG or WebP in base 64, 5 MB at most; kept as WebP of at most 60 kB."},
    )  # fmt: skip


class PhotoSchema(Schema):
    """A picture, for the two sides."""

    id = fields.Integer(required=True)
    size = fields.Integer(required=True)
    width = fields.Integer()
    height = fields.Integer()
    at = fields.AwareDateTime()
    outcome = maybe(metadata={"description": "Of what it shows; null: the whole stop."})
    reason = maybe()
    page = fields.String(metadata={"description": "Where the two sides see it, signed in."})


class PhotosSchema(Schema):
    """The pictures of a pick-up."""

    photos = fields.List(fields.Nested(PhotoSchema), required=True)


class PhotoRemoved(Asked):
    """The picture to drop."""

    photo = Whole(1, BIGGEST, required=True)


@pickups.verb(f"{PICKUP}:stick-label", rule="taker", body=StickInput, shape=PickupSchema)
def stick_label(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take a device without number: a label of a sheet is stuck on it, its serial may be read."""
    line, code = values.pop("line"), values.pop("code")
    services.stick_label(reference, line, code, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.read(f"{PICKUP}/photos", rule="taker", shape=PhotosSchema, name="photos")
def list_photos(reference: str) -> dict[str, Any]:
    """The pictures taken at the door, in order."""
    found = queries.seen(reference, current_actor())
    return {"photos": [_shown(reference, photo) for photo in photos.of_pickup(found, current_actor())]}


@pickups.verb(f"{PICKUP}:add-photo", rule="taker", body=PhotoInput, shape=PhotosSchema, status=201)
def add_photo(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Keep a picture: turned upright, made small, without what the phone wrote in it."""
    queries.seen(reference, current_actor())
    data = picture_of(values["picture"])
    services.add_photo(reference, data, batch=values["batch"], actor=current_actor())
    return list_photos(reference)


@pickups.verb(f"{PICKUP}:remove-photo", rule="taker", body=PhotoRemoved, shape=PhotosSchema)
def remove_photo(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Drop a picture taken by mistake, until both have signed."""
    services.remove_photo(reference, values["photo"], actor=current_actor())
    return list_photos(reference)


def _shown(reference: str, photo: photos.PhotoView) -> dict[str, Any]:
    names = ("id", "size", "width", "height", "at", "outcome", "reason")
    page = f"/enlevements/{reference}/photos/{photo.id}.webp"
    return {name: getattr(photo, name) for name in names} | {"page": page}
