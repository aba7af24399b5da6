"""Claims as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.claims.models import CAPACITIES, PROPOSALS, STATES
from reuse_market.lots.conditions import MOST_UNITS
from reuse_market.web.fields import Asked, Cents, Choice, Flag, Schema, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging


class ClaimQuery(Paging):
    """What the list is narrowed by."""

    lot = Text(20)
    state = Choice(STATES)


class ClaimLineSchema(Schema):
    """What is asked and awarded of a line."""

    line = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    awarded = fields.Integer(required=True)


class ClaimSchema(Shown):
    """A claim. `awarded`, `open_units` and `in_pickup` count units."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    lot = fields.String(required=True)
    holder_id = fields.Integer()
    holder = fields.String()
    organisation_id = fields.Integer()
    claimant = fields.String()
    capacity = fields.String(
        metadata={"description": "reuse_actor, or recipient: for its own use, as it is."}
    )
    proposal = fields.String()
    amount_cents = maybe(fields.Integer, metadata={"description": "Before tax, for the whole claim."})
    message = fields.String()
    reason = fields.String()
    asked = fields.Integer()
    awarded = fields.Integer()
    open_units = fields.Integer(metadata={"description": "Awarded and not yet collected."})
    in_pickup = fields.Integer(metadata={"description": "Those of them that a pick-up holds."})
    minimum = maybe(fields.Integer, metadata={"description": "At least so many units in all, or none."})
    lines = fields.List(fields.Nested(ClaimLineSchema))
    beyond_capacity = maybe(
        fields.Integer,
        metadata={
            "description": "Units above what the claimant declares a month; null: nothing declared, not yours"
            " to know, or a list."
        },
    )
    submitted_at = fields.AwareDateTime()
    answer_until = fields.Date()
    answered_at = maybe(fields.AwareDateTime)
    collect_until = fields.Date()
    commitment_version = fields.String(
        metadata={"description": "Reuse commitment accepted; empty: none due."}
    )
    undertaking_version = fields.String(metadata={"description": "Written undertaking; empty: none due."})


class LineUnits(Asked):
    """So many units of a line."""

    line = Whole(1, MOST_UNITS, required=True)
    units = Whole(0, MOST_UNITS, required=True)


class ClaimInput(Asked):
    """What is asked of a lot.

    `committed`: the reuse commitment of a reuse actor (loi REEN, article 16). `undertaken`: the written
    undertaking of who is given devices by a public body (CG3P, article L3212-2), where the law asks for one.
    """

    lines = fields.List(fields.Nested(LineUnits), required=True, validate=validate.Length(1, 1000))
    capacity = Choice(
        CAPACITIES, metadata={"description": "Not sent: to recondition for a reuse actor, else for own use."}
    )
    proposal = Choice(PROPOSALS, metadata={"description": "Not sent: the lot's usual one."})
    amount_cents = Cents(allow_none=True)
    minimum = Whole(
        1,
        MOST_UNITS,
        allow_none=True,
        metadata={"description": "At least so many in all, or none; shared at closing."},
    )
    message = Text(1000, load_default="")
    committed = Flag(load_default=False)
    undertaken = Flag(load_default=False)


class InterestInput(Asked):
    """How many devices of a planned lot the organisation would like. No claim: it gives no right."""

    units = Whole(1, MOST_UNITS, required=True)
    note = Text(500)


class InterestSchema(Shown):
    """An interest in a planned lot: who would like how many. It is no claim and gives no right."""

    id = fields.Integer(required=True)
    lot = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "open, withdrawn, published or over."})
    organisation_id = fields.Integer()
    organisation = fields.String()
    units = fields.Integer()
    note = fields.String()
    made_at = fields.AwareDateTime()


class AwardInput(Asked):
    """What is granted, by line; not sent: all that is asked."""

    lines = fields.List(fields.Nested(LineUnits), validate=validate.Length(1, 1000))


class ReasonInput(Asked):
    """Why: the other organisation reads it."""

    reason = Text(500, 1, required=True)
