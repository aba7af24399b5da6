"""Identical groups as the API shows them."""

from __future__ import annotations

from reuse_market.web.fields import BIGGEST, Choice, QueryFlag, QueryWhole, Schema, Shown, Text, fields, maybe
from reuse_market.web.rest import Paging

KEY = r"^[0-9a-f]{16}$"


class OfferQuery(Paging):
    """What one looks for; `text` may hold a whole need in words."""

    cursor = Text(16, load_default="", metadata={"description": "`next` of the page before."})
    text = Text(120)
    kind = Text(40)
    units = QueryWhole(1, 500, metadata={"description": "At least so many alike."})
    ram_gb = QueryWhole(1, 4096)
    grade = Choice(("A", "B", "C", "D"), metadata={"description": "At least this good."})
    most_cents = QueryWhole(0, BIGGEST, metadata={"description": "Per device, VAT included."})
    free = QueryFlag(load_default=False)


class PriceSchema(Schema):
    """Of one device. `gross_cents` null: the VAT rate is not known."""

    net_cents = fields.Integer(required=True)
    gross_cents = maybe(fields.Integer)
    scheme = fields.String(required=True)
    per_mille = maybe(fields.Integer, metadata={"description": "VAT rate shown."})


class OfferSchema(Shown):
    """Ready units that a reader cannot tell apart."""

    key = fields.String(required=True)
    units = fields.Integer(required=True)
    seller_id = fields.Integer()
    seller = fields.String()
    kind = fields.String(required=True)
    maker = fields.String()
    model = fields.String()
    cpu = maybe()
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer)
    grade = fields.String()
    price = fields.Nested(PriceSchema)
    warranty_months = fields.Integer()
    open_to = fields.String()
    faults = fields.List(
        fields.String(), metadata={"description": "Codes of checks that fail; empty: all works."}
    )
    least_battery = maybe(fields.Integer)
    commune = fields.String()
    distance_m = maybe(fields.Integer)
