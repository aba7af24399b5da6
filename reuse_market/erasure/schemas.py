"""Storage media and certificates as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.erasure.models import (
    DESTINATIONS,
    HIDDEN_AREAS,
    MEDIUM_KINDS,
    RESULTS,
    SEEN_HOW,
    VERIFICATIONS,
)
from reuse_market.erasure.services import MOST_MEDIA
from reuse_market.erasure.techniques import TECHNIQUES
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Choice,
    Day,
    Flag,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
)

BASE64 = r"^[A-Za-z0-9+/\r\n]*={0,2}$"


class MissingSchema(Schema):
    """What a gate lacks: `code` is stable, `detail` says what to do."""

    code = fields.String(required=True)
    detail = fields.String(required=True)
    medium = maybe(fields.Integer)


class CertificateSchema(Schema):
    """A proof of erasure."""

    id = fields.Integer(required=True)
    method = fields.String()
    technique = fields.String()
    tool = fields.String()
    tool_version = fields.String()
    result = fields.String()
    verified = fields.Boolean()
    errors = maybe(fields.Integer)
    hidden_areas = fields.String()
    erased_at = fields.AwareDateTime()
    operator_name = fields.String()
    validator_name = fields.String()
    recorded_at = fields.AwareDateTime()
    report_sha256 = maybe(attribute="file_sha256")
    serial = maybe()
    maker = maybe()
    model = maybe()
    property_number = maybe()
    media_source = maybe()
    confidentiality = maybe()
    passes = maybe(fields.Integer)
    verification = maybe()
    operator_title = maybe()
    operator_place = maybe()
    validator_title = maybe()
    validator_place = maybe()
    validated_on = maybe(fields.Date)
    destination = maybe()
    report_number = maybe()


class MediumSchema(Shown):
    """A storage medium with its proofs, and what it still lacks."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    serial = maybe()
    model = maybe()
    removed_at = maybe(fields.AwareDateTime)
    certificates = fields.List(fields.Nested(CertificateSchema))
    missing = fields.List(fields.Nested(MissingSchema))


class MediumInput(Asked):
    """One medium as seen."""

    kind = Choice(MEDIUM_KINDS, required=True)
    serial = Text(80)
    model = Text(120)


class MediaInput(Asked):
    """The storage media of a unit, an empty list when it has none, and how they were seen."""

    media = fields.List(fields.Nested(MediumInput), required=True, validate=validate.Length(0, MOST_MEDIA))
    seen_how = Choice(SEEN_HOW, required=True)


class CertificateInput(Asked):
    """What the report of an erasure states; the level reached follows from technique and medium."""

    technique = Choice(TECHNIQUES, required=True)
    result = Choice(RESULTS, required=True)
    errors = Whole(
        0, 1_000_000, allow_none=True, load_default=None, metadata={"description": "null: not said."}
    )
    hidden_areas = Choice(HIDDEN_AREAS, required=True)
    tool = Text(60, 1, required=True)
    tool_version = Text(30, load_default="")
    erased_on = Day(required=True)
    operator_name = Text(120, 1, required=True)
    validator_name = Text(120, load_default="")
    verified = Flag(load_default=True)
    serial = Text(80)
    maker = Text(60)
    model = Text(120)
    property_number = Text(60)
    media_source = Text(120)
    confidentiality = Text(40)
    passes = Whole(0, 100)
    verification = Choice(("", *VERIFICATIONS))
    operator_title = Text(80)
    operator_place = Text(120)
    validator_title = Text(80)
    validator_place = Text(120)
    validated_on = Day()
    destination = Choice(("", *DESTINATIONS))
    report_number = Text(80)
    report = Text(
        7_000_000, pattern=BASE64, metadata={"description": "The tool's report, in base 64, 5 MB at most."}
    )


class MediumRemoval(Asked):
    """Taken out, or never there."""

    miscounted = Flag(load_default=False)


class ErasureRowSchema(Schema):
    """A unit of a lot still with its holder, and what its erasure lacks."""

    unit = fields.Integer(required=True)
    line = fields.Integer(required=True)
    kind = fields.String(required=True)
    serial = maybe()
    asset_tag = maybe()
    proven = fields.Boolean(required=True)
    missing = fields.List(fields.Nested(MissingSchema))


class Which(Asked):
    """Which units of the lot: `units`, or the first `count` of `line` that lack a proof (all by default)."""

    units = unit_ids(1000)
    line = Whole(1, 10_000)
    count = Whole(1, 1000)


class CountedTogether(Which):
    """The same media in each of these units, an empty list when they have none, and how that was seen."""

    media = fields.List(
        fields.Nested(MediumInput), load_default=list, validate=validate.Length(0, MOST_MEDIA)
    )
    seen_how = Choice(SEEN_HOW, required=True)


class UnitSerial(Asked):
    """The serial number of the medium in a unit."""

    unit = Whole(1, BIGGEST, required=True)
    serial = Text(80, 1, required=True)


class ReportInput(CertificateInput):
    """One report for the media of several units, all of one kind."""

    units = unit_ids(1000)
    line = Whole(1, 10_000)
    count = Whole(1, 1000)
    kind = Choice(MEDIUM_KINDS, required=True)
    seen_how = Choice(SEEN_HOW, load_default="report")
    serials = fields.List(fields.Nested(UnitSerial), load_default=list, validate=validate.Length(0, 1000))


class ErasureDoneSchema(Schema):
    """How many units an act was about, and what the lot still lacks."""

    units = fields.Integer(required=True)
    proven = fields.Integer(required=True)
    lacking = fields.Integer(required=True)
