"""Units of a workshop and removals as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.erasure.models import SEEN_HOW
from reuse_market.erasure.schemas import MediumSchema, MissingSchema
from reuse_market.refurbishing.grading import OFFERED
from reuse_market.refurbishing.listing import STATES
from reuse_market.refurbishing.models import DIAGNOSES, OPEN_TO, VAT_SCHEMES
from reuse_market.refurbishing.protocols import ANSWERS
from reuse_market.refurbishing.services.bench import MOST_WARRANTY
from reuse_market.refurbishing.services.returning import GROUNDS
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Day,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
)
from reuse_market.web.rest import Paging

TOGETHER = 500  # units of one act of the bench


class UnitQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(STATES)
    kind = Text(40)
    lot = Text(20)


class TestSchema(Schema):
    """The last test of a unit's present life."""

    __test__ = False  # not a pytest class
    protocol = fields.String(required=True)
    passed = fields.Boolean(required=True)
    results = fields.Dict(keys=fields.String(), values=fields.String())
    battery_percent = maybe(fields.Integer)
    note = fields.String()
    readings = maybe(fields.Dict, keys=fields.String(), values=fields.Integer())
    check_notes = maybe(fields.Dict, keys=fields.String(), values=fields.String())
    tested_at = fields.AwareDateTime()


class OfferTermsSchema(Schema):
    """Grade, price and openness."""

    cosmetic_grade = fields.String(required=True)
    price_cents = fields.Integer(required=True)
    vat_scheme = fields.String()
    warranty_months = fields.Integer()
    open_to = fields.String()
    open_from = fields.Date()
    os = maybe(metadata={"description": "Installed on the bench after erasure."})
    functional_state = fields.String(metadata={"description": "ok, or partial: with the faults listed."})
    faults = maybe(metadata={"description": 'Codes of checks that fail, "a,b"; null: all works.'})


class HardwareLineSchema(Schema):
    """One field: as declared, as an agent read it."""

    field = fields.String(required=True)
    declared = maybe(fields.Raw)
    told = maybe(fields.Raw)
    same = fields.Boolean()


class HardwareSchema(Schema):
    """The last report of an inventory agent, its differences and the media it names."""

    format = fields.String(required=True)
    sha256 = fields.String()
    made_at = fields.AwareDateTime()
    lines = fields.List(fields.Nested(HardwareLineSchema))
    decided = maybe(fields.Dict, keys=fields.String(), values=fields.String())
    disks = fields.List(fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)))


class HardwareInput(Asked):
    """The file an agent wrote, in base64 (5 MB at most)."""

    file = Text(7_000_000, 1, required=True)
    name = Text(100, load_default="")


class DecisionsInput(Asked):
    """An answer for each field that differs."""

    decisions = fields.Dict(keys=Text(40, 1), values=Choice(("accepted", "kept")), required=True)


class UnitRowSchema(Shown):
    """A unit in a workshop. `missing`: what it lacks to be made ready, empty once it has all."""

    id = fields.Integer(required=True)
    code = maybe(metadata={"description": "On its label."})
    state = fields.String(required=True)
    kind = fields.String(required=True)
    maker = fields.String()
    model = fields.String()
    serial = maybe()
    asset_tag = maybe()
    cpu = maybe()
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer, metadata={"description": "Tenths of an inch."})
    os = maybe()
    lot = maybe()
    regime = maybe()
    owner_id = fields.Integer()
    custodian_id = fields.Integer()
    erased_at = maybe(fields.AwareDateTime)
    tested_at = maybe(fields.AwareDateTime)
    missing = fields.List(fields.Nested(MissingSchema))


class UnitSchema(UnitRowSchema):
    """A unit in a workshop, with its bench."""

    protocol = fields.String(metadata={"description": "Of its next test."})
    checks = fields.List(fields.String(), metadata={"description": "Codes of that protocol."})
    test = maybe(fields.Nested, TestSchema)
    offer = maybe(fields.Nested, OfferTermsSchema)
    media_counted = maybe(fields.Integer)
    functional_state = maybe(metadata={"description": "Of the last test: ok, partial or ko."})
    may_be_called_refurbished = fields.Boolean(metadata={"description": "Code de la consommation, R122-4."})
    lock_waits = fields.List(fields.String(), metadata={"description": "Locks the holder must release."})
    hardware = maybe(fields.Nested, HardwareSchema)
    media = fields.List(fields.Nested(MediumSchema))
    same_serial = fields.List(fields.Integer(), metadata={"description": "Others of yours with its serial."})


class Many(Schema):
    """How many units changed."""

    units = fields.Integer(required=True)


class Units(Asked):
    """Units of one act."""

    units = unit_ids(TOGETHER, required=True)


class Identity(Asked):
    """What the unit is; what is not sent stays, "" and null clear."""

    maker = Text(80)
    model = Text(120)
    serial = Text(80)
    asset_tag = Text(80)
    cpu = Text(120)
    os = Text(80)
    ram_mb = Whole(0, 4096 * 1024, allow_none=True)
    storage_mb = Whole(0, 1_000_000_000, allow_none=True)
    screen_tenths = Whole(0, 999, allow_none=True)


class TestInput(Asked):
    """A test under the unit's protocol; a check that is not named is ok."""

    __test__ = False  # not a pytest class
    results = fields.Dict(keys=Text(40, 1), values=Choice(ANSWERS), load_default=dict)
    battery_percent = Whole(0, 100, allow_none=True, load_default=None)
    note = Text(500, load_default="")
    readings = fields.Dict(keys=Text(40, 1), values=Whole(0, 200_000), load_default=dict)
    check_notes = fields.Dict(keys=Text(40, 1), values=Text(200), load_default=dict)


class Battery(Asked):
    """The health of one unit's battery."""

    unit = Whole(1, BIGGEST, required=True)
    percent = Whole(0, 100, required=True)


class TestsInput(Units):
    """The same results for several units; batteries one by one."""

    __test__ = False  # not a pytest class
    results = fields.Dict(keys=Text(40, 1), values=Choice(ANSWERS), load_default=dict)
    batteries = fields.List(fields.Nested(Battery), load_default=list, validate=validate.Length(0, TOGETHER))
    note = Text(500, load_default="")


class NoMedia(Units):
    """Units without any storage medium, and how that was seen."""

    seen_how = Choice(SEEN_HOW, required=True)


class ReadyInput(Asked):
    """Grade and price (cents before tax, 0 when it is given)."""

    cosmetic_grade = Text(1, 1, required=True)
    price_cents = Cents(100_000_00, required=True)
    vat_scheme = Choice(VAT_SCHEMES, load_default="standard")
    warranty_months = Whole(0, MOST_WARRANTY, load_default=12)
    open_to = Choice(OPEN_TO, load_default="all")
    functional_state = Choice(OFFERED, load_default="ok")
    os = Text(
        80, load_default="", metadata={"description": "Installed after erasure; empty: without a system."}
    )


class ReadyManyInput(ReadyInput):
    """The same grade and price for several units."""

    units = unit_ids(TOGETHER, required=True)


class WasteInput(Asked):
    """The diagnosis; there is no way back."""

    diagnosis = Choice(DIAGNOSES, required=True)
    note = Text(500, load_default="")
    weight_g = Whole(1, 500_000, allow_none=True, load_default=None)


class ReturnInput(Asked):
    """Why a provided unit comes back."""

    ground = Choice(GROUNDS, required=True)


class RemovalSchema(Shown):
    """A removal: waste that leaves together."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    producer_scheme = fields.String()
    weight_g = maybe(fields.Integer)
    slip_number = maybe()
    made_at = fields.AwareDateTime()
    removed_on = maybe(fields.Date)
    requested_at = maybe(fields.AwareDateTime, metadata={"description": "When a holder asked for it."})
    site_id = maybe(fields.Integer)
    scheme = maybe(metadata={"description": "Code of the producer scheme; null: another one."})
    contact_email = maybe()
    estimated_g = maybe(fields.Integer, metadata={"description": "By usual masses; null: not provided."})
    minimum_g = maybe(fields.Integer, metadata={"description": "The least this scheme picks up."})
    note = maybe()
    triage = maybe()
    units = fields.Integer(required=True)
    unit_ids = fields.List(fields.Integer())


class RemovalInput(Asked):
    """A removal to prepare."""

    producer_scheme = Text(120, load_default="")


class RemovalDone(Asked):
    """What is known once the removal has taken place."""

    producer_scheme = Text(120, 1, required=True)
    weight_g = Whole(1, 100_000_000, allow_none=True, load_default=None)
    slip_number = Text(60, load_default="")
    removed_on = Day(load_default=None, allow_none=True)


class RequestInput(Asked):
    """Whom a holder asks to remove its waste, and from where."""

    site_id = Whole(1, BIGGEST, required=True)
    scheme = Text(40, allow_none=True, load_default=None)
    producer_scheme = Text(120, load_default="")
    contact_email = Text(254, load_default="")
    note = Text(300, load_default="")


class WasteRequest(RequestInput):
    """The same for these discarded units, with one diagnosis."""

    units = unit_ids(10_000, required=True)
    diagnosis = Choice(DIAGNOSES, required=True)
