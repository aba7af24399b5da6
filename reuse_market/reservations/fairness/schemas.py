"""Fairness as the API takes and shows it."""

from __future__ import annotations

from reuse_market.reservations.fairness.services import MOST_UNITS
from reuse_market.web.fields import Asked, Day, Schema, Text, Whole, fields
from reuse_market.web.rest import Paging


class AllotmentQuery(Paging):
    """What the list is narrowed by."""

    kind = Text(40, load_default="")
    text = Text(100, load_default="")


class AllotmentSchema(Schema):
    """What a structure received of a kind over twelve months. `cents` before tax; `per_mille` of the kind's total."""

    organisation_id = fields.Integer(required=True)
    organisation = fields.String(required=True)
    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    cents = fields.Integer(required=True)
    per_mille = fields.Integer(required=True)
    last_on = fields.Date(required=True)


class ExceptionInput(Asked):
    """So many devices of a kind more, until a day included, and why."""

    kind = Text(40, 1, required=True)
    units = Whole(1, MOST_UNITS, required=True)
    until = Day(required=True)
    reason = Text(300, 1, required=True)


class ExceptionSchema(Schema):
    """An exception, as granted."""

    id = fields.Integer(required=True)
    organisation_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    until = fields.Date(required=True)
    reason = fields.String(required=True)
    granted_at = fields.AwareDateTime(required=True)


class ShareRule(Schema):
    """So many percent of what becomes ready of a kind ("*": any), kept for so many days."""

    kind = fields.String(required=True)
    percent = fields.Integer(required=True)
    days = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)


class CeilingRule(Schema):
    """At most so many devices of a kind ("*": of each) for one structure of a role over twelve months."""

    role = fields.String(required=True)
    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)


class SharingRules(Schema):
    """The rules in force today; `delays` in days by code."""

    shares = fields.List(fields.Nested(ShareRule))
    ceilings = fields.List(fields.Nested(CeilingRule))
    delays = fields.Dict(keys=fields.String(), values=fields.Integer())
