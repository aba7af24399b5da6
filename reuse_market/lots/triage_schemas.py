"""Triages as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.lots import advice, conditions
from reuse_market.lots.destinations import MOST
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
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


class TriageLineSchema(Schema):
    """Devices alike that go the same way."""

    line = fields.Integer(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    age = fields.String(required=True, metadata={"description": "young, middle, old, unknown."})
    units = fields.Integer(required=True)
    works = fields.String(required=True)
    value_cents = maybe(fields.Integer)
    value_how = maybe()
    valued_on = maybe(fields.Date)
    advice = fields.String(metadata={"description": "The outlet proposed; empty: no advice."})
    why = fields.String(metadata={"description": "Why it is proposed, as a code."})
    outlet = maybe(metadata={"description": "Where they go; null: to choose."})
    reason = fields.String()
    note = fields.String()
    lot = maybe(metadata={"description": "The draft made from it."})
    unit_ids = fields.List(fields.Integer())


class TriageRowSchema(Shown):
    """A triage in a list."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    units = fields.Integer(required=True)
    made_at = fields.DateTime(required=True)
    confirmed_at = maybe(fields.DateTime)


class TriageSchema(TriageRowSchema):
    """A triage with its lines, and where its devices stand today."""

    lines = fields.List(fields.Nested(TriageLineSchema))
    standing = fields.Dict(keys=fields.String(), values=fields.Integer())


class TriageInput(Asked):
    """Which devices; `discarded` true: all that are discarded."""

    units = unit_ids(MOST)
    discarded = Flag(load_default=False)


class Ticked(Asked):
    """Lines of a triage."""

    line = fields.List(
        Whole(1, conditions.MOST_UNITS), required=True, validate=validate.Length(1, conditions.MOST_UNITS)
    )


class SortInput(Ticked):
    """Where these lines go, and why; the reason may be left out where it is the advice."""

    outlet = Choice(advice.OUTLETS, required=True)
    reason = Choice(("", *advice.REASONS), load_default="")
    note = Text(300, load_default="")


class DescribeInput(Ticked):
    """What is known of these lines; what is not sent stays."""

    works = Choice(conditions.WORKS)
    value_cents = Cents(allow_none=True)
    value_how = Choice(conditions.VALUATIONS)
    valued_on = Day(allow_none=True)


class SplitInput(Asked):
    """Devices that leave a line for a line of their own: these, or so many."""

    line = Whole(1, conditions.MOST_UNITS, required=True)
    unit = fields.List(Whole(1, BIGGEST))
    units = Whole(1, conditions.MOST_UNITS)


class TriageDeparture(Asked):
    """What left outside the tool."""

    outlet = Choice(advice.OUTSIDE, required=True)
    left_on = Day(required=True)
    note = Text(300, load_default="")
    erased = Flag(load_default=False)
