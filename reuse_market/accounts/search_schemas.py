"""Saved searches and declared capacity as the API takes and shows them."""

from __future__ import annotations

from reuse_market.accounts.capacities import MOST_KM, MOST_STOP, MOST_UNITS
from reuse_market.accounts.search_models import CADENCES, CONDITIONS
from reuse_market.accounts.searches import NAME, QUERY
from reuse_market.web.fields import Asked, Choice, Shown, Text, Whole, fields, maybe


class CapacitySchema(Shown):
    """What an organisation says it can take. No kind, no commune, no distance: no limit."""

    units_per_month = maybe(fields.Integer, metadata={"description": "null: nothing declared."})
    kinds = fields.List(fields.String())
    condition = fields.String(metadata={"description": "any, or working: only devices said to work."})
    within_km = maybe(fields.Integer)
    communes = fields.List(fields.String(), metadata={"description": "INSEE codes."})
    minimum_per_stop = fields.Integer()


class CapacityInput(Asked):
    """The same, as it is declared: what was said before no longer holds."""

    units_per_month = Whole(1, MOST_UNITS, required=True)
    kinds = fields.List(Text(20, 1), load_default=[])
    condition = Choice(CONDITIONS, load_default="any")
    within_km = Whole(1, MOST_KM, allow_none=True, load_default=None)
    communes = fields.List(Text(5, 1), load_default=[])
    minimum_per_stop = Whole(1, MOST_STOP, load_default=1)


class SearchSchema(Shown):
    """A search kept on a list."""

    id = fields.Integer(required=True)
    room = fields.String(required=True, metadata={"description": "The list it is on: lots, offers."})
    name = fields.String(required=True)
    query = fields.String(required=True, metadata={"description": "The list's filters, as in its address."})
    cadence = fields.String(required=True, metadata={"description": "daily, weekly or never."})
    made_at = fields.DateTime()


class SearchChange(Asked):
    """What to change; the fields not sent stay."""

    name = Text(NAME, 1)
    cadence = Choice(CADENCES)


class SearchInput(Asked):
    """A search to keep."""

    name = Text(NAME, 1, required=True)
    cadence = Choice(CADENCES, load_default="daily")
    room = Text(20, 1, load_default="lots")
    query = Text(QUERY, load_default="")
