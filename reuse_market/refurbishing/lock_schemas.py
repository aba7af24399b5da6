"""Locks that wait for a holder as the API takes and shows them."""

from __future__ import annotations

from reuse_market.refurbishing.bench_models import ANSWERS
from reuse_market.web.fields import Asked, Choice, Schema, Shown, Text, fields, maybe


class LockWaitSchema(Shown):
    """A lock of a unit that only its holder can release."""

    id = fields.Integer(required=True)
    unit_id = fields.Integer(required=True)
    code = maybe()
    serial = maybe()
    asset_tag = maybe()
    kind = fields.String(required=True, metadata={"description": "mdm, activation, frp or bios."})
    lot = fields.String()
    organisation_id = fields.Integer()
    holder_id = fields.Integer()
    opened_at = fields.AwareDateTime()
    asked_at = maybe(fields.AwareDateTime)
    answer = maybe()
    answered_at = maybe(fields.AwareDateTime)


class AskReleaseInput(Asked):
    """The lot whose holder is written to."""

    lot = Text(20, 1, required=True)


class AskedSchema(Schema):
    """How many units the holder was told of."""

    units = fields.Integer(required=True)


class ReleaseInput(Asked):
    """The holder's answer."""

    answer = Choice(ANSWERS, required=True)
