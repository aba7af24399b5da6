"""What a driver's phone sends when its network is back: acts in their order, each with its own key."""

from __future__ import annotations

from marshmallow import fields, validate

from reuse_market.collection import schemas
from reuse_market.collection.container_models import CONTAINER_KINDS
from reuse_market.lots.conditions import MOST_UNITS
from reuse_market.web.fields import Asked, Choice, Text, Whole

KEY = r"^[0-9a-f]{32}$"
BATCH = r"^[0-9a-f]{28}([0-9a-f]{4}|-[0-9]{1,2})$"  # of an act, or of one container among those of an act
MOST_ACTS = 50


class StickInput(Asked):
    """A label stuck on a unit of a line without numbers, and the serial read on it."""

    line = Whole(1, MOST_UNITS, required=True)
    code = Text(80, 1, required=True)
    serial = Text(80, load_default=None, allow_none=True)


class SealedInput(Asked):
    """A sealed container: how many devices are said to be in it, and its seal."""

    kind = Choice(CONTAINER_KINDS, required=True)
    units = Whole(1, 100_000, required=True)
    seal = Text(40, load_default="")


class SealedSeveral(Asked):
    """The sealed containers of a stop."""

    containers = fields.List(fields.Nested(SealedInput), required=True, validate=validate.Length(1, 60))


class NoValues(Asked):
    """An act that needs none."""


class UndoneGesture(Asked):
    """The act to forget, by its key."""

    batch = Text(32, 1, required=True, pattern=BATCH)


class SumsSeen(Asked):
    """The sums on the screen that was signed."""

    planned = Whole(0, 1_000_000, required=True)
    taken = Whole(0, 1_000_000, required=True)
    missing = Whole(0, 1_000_000, required=True)
    refused = Whole(0, 1_000_000, required=True)
    extra = Whole(0, 1_000_000, required=True)


class SeenSignature(schemas.DriverSignature):
    """The driver's signature, for these sums."""

    seen = fields.Nested(SumsSeen, required=True)


class PhotoFields(Asked):
    """Of what a picture is."""

    batch = Text(32, load_default=None, allow_none=True, pattern=BATCH)


class PhotoTaken(PhotoFields):
    """A picture that the phone has made small already."""

    picture = Text(700_000, 1, required=True, metadata={"description": "Base64."})


class GestureInput(Asked):
    """One act: what was done, when, and its key."""

    key = Text(32, 1, required=True, pattern=KEY)
    act = Choice(
        ("check", "line", "rest", "containers", "extra", "stick", "undo", "sign", "photo"), required=True
    )
    at = fields.AwareDateTime(required=True)
    values = fields.Dict(keys=fields.String(), load_default=dict)


class GesturesInput(Asked):
    """Acts in their order. `sent_at` is the phone's time now: how far its clock is wrong follows."""

    sent_at = fields.AwareDateTime(required=True)
    acts = fields.List(fields.Nested(GestureInput), required=True, validate=validate.Length(1, MOST_ACTS))
