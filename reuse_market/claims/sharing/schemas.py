"""Proposals of share as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.lots.conditions import MOST_UNITS
from reuse_market.web.fields import Asked, Schema, Shown, Text, Whole, fields, maybe


class ShareCellInput(Asked):
    """So many units of a line for a claim."""

    claim = Text(20, 1, required=True)
    line = Whole(1, MOST_UNITS, required=True)
    units = Whole(0, MOST_UNITS, required=True)


class AcceptShareInput(Asked):
    """The proposal as it is, or the cells that are changed and why; those not sent stay as proposed."""

    cells = fields.List(fields.Nested(ShareCellInput), validate=validate.Length(1, 5000))
    reason = Text(500, load_default="", metadata={"description": "Asked for when a number is changed."})


class ShareCellSchema(Schema):
    """A cell: asked, proposed, and given once accepted."""

    claim = fields.String(required=True)
    line = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    units = fields.Integer(required=True)
    final = maybe(fields.Integer)
    eligible = fields.Boolean()


class ShareClaimSchema(Schema):
    """A claim in the proposal: the rule that decided, and its rank by each among `rivals` eligible claims."""

    claim = fields.String(required=True)
    rule = fields.String(required=True)
    asked = fields.Integer()
    obtained = fields.Integer(metadata={"description": "By the rule."})
    final = fields.Integer()
    rivals = fields.Integer()
    price_rank = fields.Integer(metadata={"description": "0: no rank."})
    load_rank = fields.Integer()
    km_rank = fields.Integer()
    draw_rank = fields.Integer()
    received = fields.Integer(metadata={"description": "Units of the last 12 months."})
    capacity = fields.Integer(metadata={"description": "Units a year; 0: none declared."})
    km = fields.Integer(metadata={"description": "-1: not known."})


class ShareSchema(Shown):
    """How a lot would be shared at closing, or was."""

    reference = fields.String(required=True)
    lot = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "proposed, accepted, replaced or expired."})
    status = fields.String(metadata={"description": "optimal: proven; feasible: time was over."})
    solver = fields.String()
    seed = fields.Integer()
    made_at = fields.AwareDateTime()
    answer_until = fields.Date()
    answered_at = maybe(fields.AwareDateTime)
    answered_by = fields.String()
    edited = fields.Boolean()
    reason = fields.String()
    claims = fields.List(fields.Nested(ShareClaimSchema))
    cells = fields.List(fields.Nested(ShareCellSchema))
