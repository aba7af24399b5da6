"""Corrections as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.proofs.correction_models import CORRECTION_STATES, KINDS, REASONS
from reuse_market.proofs.corrections.services import MOST
from reuse_market.refurbishing.parts_models import WORK
from reuse_market.refurbishing.services.repairing import HEAVIEST
from reuse_market.refurbishing.services.waste import HEAVIEST_REMOVAL
from reuse_market.web.fields import Asked, Choice, Day, Schema, Text, Whole, fields, maybe


class ActCorrectionInput(Asked):
    """What the act should have said: only the facts of its type."""

    battery = Whole(0, 100)
    work = fields.List(Choice(tuple(WORK)), validate=validate.Length(1, len(WORK)))
    grams = Whole(1, HEAVIEST)
    weight_g = Whole(1, HEAVIEST_REMOVAL)
    removed_on = Day()
    reason = Choice(REASONS, load_default="incorrect_data")
    note = Text(MOST, load_default="")


class ActVoidInput(Asked):
    """Why the act did not take place."""

    reason = Choice(REASONS, load_default="did_not_occur")
    note = Text(MOST, load_default="")


class CorrectionDeclined(Asked):
    """Why the other side does not agree."""

    answer = Text(MOST, 1, required=True)


class ActCorrectionSchema(Schema):
    """A correction of an event: `values` are what it should have said."""

    event = fields.String(required=True)
    type = fields.String(required=True)
    kind = Choice(KINDS, required=True)
    reason = Choice(REASONS, required=True)
    state = Choice(CORRECTION_STATES, required=True)
    values = fields.Dict()
    note = fields.String()
    asked_by_id = fields.Integer()
    other_id = maybe(fields.Integer)
    answer = fields.String()
    answer_until = maybe(fields.Date)
    made_at = fields.AwareDateTime()
    answered_at = maybe(fields.AwareDateTime)
    actions = fields.List(fields.String())
    links = fields.Dict(keys=fields.String(), values=fields.String())
