"""Reports dropped in one go, and second looks, as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.erasure.report_models import ASIDE
from reuse_market.erasure.validation_models import CHECKS, GROUNDS
from reuse_market.web.fields import BIGGEST, Asked, Choice, Schema, Shown, Text, Whole, fields, maybe


class ReportedMediumSchema(Schema):
    """A medium of a report. `left`: why it is no certificate yet (null once it is), `detail` what to do."""

    number = fields.Integer(required=True)
    serial = fields.String(required=True)
    model = fields.String()
    kind = fields.String()
    result = fields.String(required=True)
    technique = fields.String()
    left = maybe()
    detail = fields.String()
    certificate = maybe(fields.Integer)
    unit = maybe(fields.Integer)
    by_hand = fields.Boolean()


class ErasureReportSchema(Shown):
    """A report as dropped. `trouble`: why it was not read, null when it was."""

    id = maybe(fields.Integer)
    name = fields.String(required=True)
    format = fields.String()
    trouble = maybe()
    sha256 = maybe()
    received_at = maybe(fields.AwareDateTime)
    again = fields.Boolean()
    lines = fields.List(fields.Nested(ReportedMediumSchema))


class ErasureDropSchema(Schema):
    """What became of the files: each one, the certificates recorded, the lines that wait for their device."""

    reports = fields.List(fields.Nested(ErasureReportSchema), required=True)
    recorded = fields.Integer(required=True)
    waiting = fields.Integer(required=True)


class ReportMatchInput(Asked):
    """The device a line is about."""

    unit = Whole(1, BIGGEST, required=True)


class ReportAsideInput(Asked):
    """Why a line waits for no device."""

    reason = Choice(ASIDE, required=True)


class CheckedCertificateSchema(Schema):
    """A certificate of a list."""

    certificate = fields.Integer(required=True)
    unit = fields.Integer(required=True)
    drawn = fields.Boolean(required=True)
    accepted = maybe(fields.Boolean)


class ErasureCheckSchema(Shown):
    """A list of certificates looked at again; `seed` draws the same sample again, `list_sha256` is what is signed."""

    id = fields.Integer(required=True)
    lot = fields.String(required=True)
    how = fields.String(required=True)
    percent = fields.Integer(required=True)
    seed = fields.String(required=True)
    list_sha256 = fields.String(required=True)
    made_at = fields.AwareDateTime()
    signed_at = maybe(fields.AwareDateTime)
    signer_name = fields.String()
    certificates = fields.List(fields.Nested(CheckedCertificateSchema))


class ErasureDrawInput(Asked):
    """Which lot, and how its certificates are looked at."""

    lot = Text(60, 1, required=True)
    how = Choice(CHECKS, required=True)
    percent = Whole(1, 100)


class ErasureSignInput(Asked):
    """The validator's signature under a list as it was read: certificates refused among those drawn."""

    list_sha256 = Text(64, 64, required=True)
    refused = fields.List(Whole(1, BIGGEST), load_default=list, validate=validate.Length(0, 1000))
    title = Text(80, load_default="")
    place = Text(120, load_default="")


class ErasureExceptionInput(Asked):
    """Why an erasure that did not end well is accepted."""

    certificate = Whole(1, BIGGEST, required=True)
    ground = Choice(GROUNDS, required=True)


class ErasureExceptionSchema(Schema):
    """An exception accepted."""

    certificate = fields.Integer(required=True, attribute="certificate_id")
    ground = fields.String(required=True)
    person_name = fields.String()
    accepted_at = fields.AwareDateTime()


class ErasureDemandInput(Asked):
    """The second look asked for; null: none."""

    how = Choice(CHECKS, required=True, allow_none=True)
    percent = Whole(1, 100)


class ErasureDemandSchema(Schema):
    """The second look asked for; null: none."""

    how = maybe()
    percent = maybe(fields.Integer)
