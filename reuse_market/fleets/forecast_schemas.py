"""The forecast, renewal plans and age rules as the API takes and shows them."""

from __future__ import annotations

from reuse_market.fleets.forecast_models import PLAN_STATES
from reuse_market.fleets.forecasting.quarters import PERIOD
from reuse_market.fleets.services.plans import LONGEST_MODEL, LONGEST_NOTE, MOST, OLDEST, YOUNGEST
from reuse_market.web.fields import BIGGEST, Asked, Choice, Schema, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging


class ForecastQuarter(Schema):
    """What is expected of a kind in a quarter; `announced` is inside `expected`."""

    quarter = fields.Date(required=True, metadata={"description": "Its first day."})
    announced = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    low = fields.Integer(required=True, metadata={"description": "Low end of a 90 % interval."})
    high = fields.Integer(required=True, metadata={"description": "High end of a 90 % interval."})


class ForecastKind(Schema):
    """The forecast of a kind and what it rests on."""

    kind = fields.String(required=True)
    in_use = fields.Integer(required=True)
    undated = fields.Integer(required=True, metadata={"description": "In use without a date of purchase."})
    discards = fields.Integer(required=True, metadata={"description": "Observed, of a known age."})
    since = maybe(fields.Date)
    rule_months = maybe(fields.Integer)
    own_rule = fields.Boolean(required=True)
    age_months = maybe(fields.Integer, metadata={"description": "Age by which half have left."})
    quarters = fields.List(fields.Nested(ForecastQuarter), required=True)


class ForecastSchema(Schema):
    """A holder's forecast over twelve quarters, the present one first."""

    made_at = maybe(fields.DateTime, metadata={"description": "null: not counted yet."})
    behind = fields.Boolean(required=True, metadata={"description": "The fleet has changed since."})
    kinds = fields.List(fields.Nested(ForecastKind), required=True)


class RenewalQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(PLAN_STATES)


class RenewalInput(Asked):
    """A renewal announced. `period`: a quarter ("2027-Q2") or a month ("2027-05")."""

    quantity = Whole(1, MOST, required=True)
    kind = Text(40, 1, required=True)
    period = Text(7, 1, pattern=rf"^{PERIOD}$", required=True)
    model = Text(LONGEST_MODEL)
    site_id = Whole(1, BIGGEST, allow_none=True)
    note = Text(LONGEST_NOTE)


class RenewalSchema(Shown):
    """A renewal announced."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    kind = fields.String(required=True)
    quantity = fields.Integer(required=True)
    period = fields.String(required=True)
    quarter = fields.Date(required=True)
    month = maybe(fields.Date)
    model = fields.String()
    site_id = maybe(fields.Integer)
    note = fields.String()
    lot = maybe(metadata={"description": "The planned lot made of it."})


class AgeRuleInput(Asked):
    """The age at which a kind is renewed; null for the usual one."""

    kind = Text(40, 1, required=True)
    months = Whole(YOUNGEST, OLDEST, allow_none=True, load_default=None)


class AgeRuleSchema(Schema):
    """The age rule of a kind in force for this holder."""

    kind = fields.String(required=True)
    months = maybe(fields.Integer)
    own = fields.Boolean(required=True, metadata={"description": "Set by the holder."})
    source = fields.String(metadata={"description": "Of the usual age."})
