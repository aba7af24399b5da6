"""The discard, what leaves otherwise and the stock on 1 January, as the API takes and shows them."""

from __future__ import annotations

from reuse_market.fleets.models import DEPARTURES
from reuse_market.fleets.schemas import FleetSelection
from reuse_market.web.fields import Asked, Choice, Day, Flag, Schema, Text, fields


class DecisionInput(Asked):
    """By which decision devices are discarded. A public holder must say all three."""

    decided_on = Day(load_default=None, metadata={"description": "The day of the decision."})
    decision_number = Text(60, load_default="", metadata={"description": "Kept beside the journal."})
    decided_by = Text(120, load_default="", metadata={"description": "An assembly, a function."})


class FleetDiscard(FleetSelection, DecisionInput):
    """Units of the fleet, and the decision."""


class DepartureInput(FleetSelection):
    """Discarded units that left outside the tool. `erased`: their data are erased or their media taken out."""

    outlet = Choice(DEPARTURES, required=True)
    left_on = Day(required=True)
    note = Text(300, load_default="")
    erased = Flag(required=True)


class StockKind(Schema):
    """One kind of a stock."""

    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    over_ten = fields.Integer(required=True)


class StockSchema(Schema):
    """What was discarded and still there on a 1 January. `kept` false: as the journal tells it, not written."""

    day = fields.Date(required=True)
    units = fields.Integer(required=True)
    kinds = fields.List(fields.Nested(StockKind), required=True)
    made_at = fields.DateTime(required=True)


class StocksSchema(Schema):
    """Every year kept, the newest first."""

    items = fields.List(fields.Nested(StockSchema), required=True)
