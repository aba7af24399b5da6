"""Reservations as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.models import STATES
from reuse_market.reservations.services import DELIVERIES, LONGEST_NAME, MOST
from reuse_market.web.fields import Asked, Choice, Schema, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging


class ReservationQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(STATES)


class HeldSchema(Schema):
    """A unit of a reservation."""

    unit_id = fields.Integer(required=True)
    code = maybe(metadata={"description": "On its label."})
    kind = fields.String()
    maker = fields.String()
    model = fields.String()
    cpu = maybe()
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer)
    serial = maybe()
    grade = maybe()
    battery_percent = maybe(fields.Integer)
    warranty_months = maybe(fields.Integer)


class ReservationRowSchema(Shown):
    """A reservation in a list. `price_cents` is of one device, before tax."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    beneficiary_id = fields.Integer()
    beneficiary = fields.String()
    seller_id = fields.Integer()
    seller = fields.String()
    offer = fields.String(attribute="group_key")
    units = fields.Integer(required=True)
    price_cents = fields.Integer()
    vat_scheme = fields.String()
    order_number = fields.String()
    delivery = fields.String()
    note = fields.String()
    until = fields.Date(metadata={"description": "The hold ends after this day."})
    placed_at = fields.AwareDateTime()
    confirmed_at = maybe(fields.AwareDateTime)
    prepared_at = maybe(fields.AwareDateTime)
    provided_at = maybe(fields.AwareDateTime)
    signer_name = fields.String()
    reason = fields.String()


class ReservationSchema(ReservationRowSchema):
    """A reservation. `handover_code` is shown to the beneficiary, while it can be used."""

    held = fields.List(fields.Nested(HeldSchema))
    handover_code = maybe()


class ReservationInput(Asked):
    """How many, and how."""

    units = Whole(1, MOST, required=True)
    delivery = Choice(DELIVERIES, load_default="collect")
    order_number = Text(60, load_default="")
    note = Text(500, load_default="")


class Signature(Asked):
    """Who receives the devices."""

    name = Text(LONGEST_NAME, 1, required=True)


class CodeSignature(Signature):
    """The beneficiary's signature on the seller's screen."""

    code = Text(4, 4, pattern=r"^[0-9]{4}$", required=True)


class Release(Asked):
    """Why one lets go. The seller has to say."""

    reason = Text(500, load_default="")
