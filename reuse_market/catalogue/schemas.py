"""Identical groups as the API shows them."""

from __future__ import annotations

from reuse_market.catalogue.filtering import SORTS, SYSTEMS
from reuse_market.regimes.models import REGIMES
from reuse_market.web.fields import BIGGEST, Choice, QueryFlag, QueryWhole, Schema, Shown, Text, fields, maybe
from reuse_market.web.rest import Paging

KEY = r"^[0-9a-f]{16}$"


class OfferQuery(Paging):
    """What one looks for; `text` may hold a whole need in words: "24 × portables 14″ i5, 8 Go ou plus"."""

    text = Text(120)
    kind = Text(40)
    units = QueryWhole(1, 500, metadata={"description": "At least so many alike."})
    brand = Text(80)
    cpu = Text(20, metadata={"description": "A class: i5, ryzen 5…"})
    ram_gb = QueryWhole(1, 4096)
    storage_gb = QueryWhole(1, 1_000_000)
    screen = QueryWhole(1, 200, metadata={"description": "Inches, as screens are sold."})
    grade = Choice(("A", "B", "C", "D"), metadata={"description": "At least this good."})
    battery = QueryWhole(1, 100, metadata={"description": "Percent of the first capacity, at least."})
    least_cents = QueryWhole(0, BIGGEST, metadata={"description": "Per device, VAT included."})
    most_cents = QueryWhole(0, BIGGEST, metadata={"description": "Per device, VAT included."})
    free = QueryFlag(load_default=False)
    regime = Choice(REGIMES, metadata={"description": "How the first holder let it go."})
    agec = Choice(("yes", "no"), metadata={"description": "Counts for the AGEC quota of an obliged buyer."})
    windows_11 = QueryFlag(load_default=False)
    os = Choice(SYSTEMS)
    charger = QueryFlag(load_default=False)
    warranty = QueryWhole(1, 120, metadata={"description": "Months, at least."})
    within_km = QueryWhole(1, 1000, metadata={"description": "From the organisation's first site."})
    sort = Choice(SORTS, load_default="")


class PriceSchema(Schema):
    """Of one device. `gross_cents` null: the VAT rate is not known."""

    net_cents = fields.Integer(required=True)
    gross_cents = maybe(fields.Integer)
    scheme = fields.String(required=True)
    per_mille = maybe(fields.Integer, metadata={"description": "VAT rate shown."})


class OfferPhotoSchema(Schema):
    """A photo of devices that look like these."""

    id = fields.Integer(required=True)
    words = fields.String(required=True, metadata={"description": "What it shows."})
    size = fields.Integer(required=True, metadata={"description": "Bytes, WebP."})
    width = fields.Integer()
    height = fields.Integer()
    page = fields.String(metadata={"description": "Where the picture is."})


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
    os = maybe()
    windows_11 = fields.String(metadata={"description": "yes | no | unknown"})
    charger = fields.String(metadata={"description": "yes | no | unknown"})
    coming = fields.Integer(
        metadata={"description": "Of the same model, in the seller's workshop; a list stops at 100."}
    )
    photo_count = fields.Integer()
    photos = fields.List(fields.Nested(OfferPhotoSchema), metadata={"description": "Told of one group only."})
    counts_for_agec = maybe(
        fields.Boolean,
        metadata={"description": "For the reader where it is obliged; told of one group only."},
    )
    agec = maybe(metadata={"description": "Why it counts or does not."})
