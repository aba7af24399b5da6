"""Quotes and orders as the API takes and shows them."""

from __future__ import annotations

from reuse_market.accounts.people_schemas import Siret
from reuse_market.reservations.ordering.orders import LONGEST
from reuse_market.reservations.placing import DELIVERIES
from reuse_market.web.fields import Asked, Choice, Schema, Shown, Text, fields, maybe


class TakeInput(Asked):
    """How the devices of a quote are got."""

    delivery = Choice(DELIVERIES, load_default="collect")
    order_number = Text(60, load_default="")
    note = Text(500, load_default="")


class YearOfNeedSchema(Schema):
    """What the buyer reserved or received this year of the same need, beside the threshold; information only."""

    category = fields.String(required=True)
    year = fields.Integer(required=True)
    cents = fields.Integer(required=True)
    threshold_cents = maybe(fields.Integer)
    source = fields.String()
    confidence = fields.String()
    since = maybe(fields.Date)


class SocialFromSchema(Schema):
    """The amount before tax from which the seller's social attestation is asked, and what says so."""

    cents = fields.Integer(required=True)
    source = fields.String()
    confidence = fields.String()
    valid_from = fields.Date()


class PromiseSchema(Shown):
    """A quote and where it stands. Cents; `rest`: how many may still be taken at the price."""

    number = fields.String(required=True)
    state = fields.String(
        required=True, metadata={"description": "open, taken, declined, over, replaced, plain."}
    )
    language = fields.String()
    seller = fields.String()
    buyer = fields.String()
    valid_until = fields.Date()
    units = fields.Integer()
    rest = fields.Integer()
    scheme = fields.String()
    net_cents = fields.Integer()
    gross_cents = maybe(fields.Integer)
    statements = fields.List(fields.String())
    papers = fields.List(fields.String())
    terms = fields.List(fields.String())
    attestations = fields.List(
        fields.String(), metadata={"description": "Of the seller, with their last day."}
    )
    missing = fields.List(
        fields.String(), metadata={"description": "What the seller does not show to this day."}
    )
    social_from = maybe(fields.Nested, SocialFromSchema)
    trial = maybe(metadata={"description": "The reservation of one device to try."})
    taken = maybe(metadata={"description": "The reservation of all, or of the rest."})
    need = maybe(fields.Nested, YearOfNeedSchema)


class PurchaseOrderInput(Asked):
    """What Chorus Pro asks the invoice to bear."""

    siret = Siret(required=True)
    service_code = Text(LONGEST["service_code"], load_default="")
    commitment = Text(LONGEST["commitment"], load_default="")
    buyer_reference = Text(LONGEST["reference"], load_default="")


class PurchaseOrderSchema(Schema):
    """A purchase order, as issued."""

    number = fields.String(required=True)
    reservation = fields.String(required=True)
    siret = fields.String(required=True)
    service_code = fields.String()
    commitment = fields.String()
    buyer_reference = fields.String()
    made_at = fields.AwareDateTime()
    links = fields.Dict(keys=fields.String(), values=fields.String())
