"""Baskets as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.baskets import MOST_PARTS
from reuse_market.reservations.placing import DELIVERIES, MOST
from reuse_market.reservations.schemas import ReservationRowSchema
from reuse_market.web.fields import Asked, Choice, QueryWhole, Schema, Shown, Text, Whole, fields, maybe


class SplitQuery(Asked):
    """How many alike, over all sellers."""

    units = QueryWhole(1, MOST, required=True)


class BasketPartSchema(Schema):
    """So many units of an offer. Cents of one device."""

    offer = fields.String(required=True)
    units = fields.Integer(required=True)
    seller_id = fields.Integer()
    seller = fields.String()
    grade = fields.String()
    net_cents = fields.Integer()
    gross_cents = maybe(fields.Integer)
    distance_m = maybe(fields.Integer)


class SplitSchema(Shown):
    """Where so many alike could come from; `missing`: ready nowhere."""

    units = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    parts = fields.List(fields.Nested(BasketPartSchema))


class BasketPartInput(Asked):
    """An offer and how many of it."""

    offer = Text(16, 16, pattern=r"^[0-9a-f]{16}$", required=True)
    units = Whole(1, MOST, required=True)


class BasketInput(Asked):
    """Parts of several sellers, reserved all or none."""

    parts = fields.List(
        fields.Nested(BasketPartInput), required=True, metadata={"minItems": 1, "maxItems": MOST_PARTS}
    )
    delivery = Choice(DELIVERIES, load_default="collect")
    order_number = Text(60, load_default="")
    note = Text(500, load_default="")


class BasketSchema(Shown):
    """What was reserved in one go: a reservation a part, each with its own life."""

    reference = fields.String(required=True)
    units = fields.Integer(required=True)
    reservations = fields.List(fields.Nested(ReservationRowSchema))
