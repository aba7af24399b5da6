"""Vehicles and rounds as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.collection.round_models import ROUND_STATES
from reuse_market.collection.rounds.arranging import MOST_STOPS
from reuse_market.collection.rounds.asking import MOST
from reuse_market.collection.rounds.vehicles import LIFTS, LIMITS
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Choice,
    Day,
    Schema,
    Shown,
    Text,
    Whole,
    clock_time,
    fields,
    maybe,
)
from reuse_market.web.rest import Paging


class RoundQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(ROUND_STATES)
    day = Day()


class VehicleSchema(Shown):
    """A vehicle; what is not known is null and limits nothing."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    plate = fields.String()
    units = maybe(fields.Integer)
    payload_g = maybe(fields.Integer)
    volume_l = maybe(fields.Integer)
    height_cm = maybe(fields.Integer)
    tail_lift = fields.String()
    retired_at = maybe(fields.AwareDateTime)


class VehicleInput(Asked):
    """A vehicle."""

    name = Text(80, 1, required=True)
    plate = Text(20, load_default="")
    units = Whole(1, LIMITS["units"], load_default=None, allow_none=True)
    payload_g = Whole(1, LIMITS["payload_g"], load_default=None, allow_none=True)
    volume_l = Whole(1, LIMITS["volume_l"], load_default=None, allow_none=True)
    height_cm = Whole(1, LIMITS["height_cm"], load_default=None, allow_none=True)
    tail_lift = Choice(LIFTS, load_default="unknown")


class DoubtSchema(Schema):
    """Something that does not fit (`blocks`), or that nobody knows."""

    code = fields.String(required=True)
    blocks = fields.Boolean(required=True)
    detail = fields.String(required=True)


class StopSchema(Schema):
    """A stop in the order driven; hours are Europe/Paris. `told_at`: the hour its holder was told."""

    pickup = fields.String(required=True)
    state = fields.String()
    holder = fields.String()
    commune = fields.String()
    from_time = fields.String()
    to_time = fields.String()
    arrive_at = fields.String()
    leave_at = fields.String()
    told_at = maybe()
    metres = maybe(
        fields.Integer, metadata={"description": "From the stop before; null where it is not known."}
    )
    minutes = maybe(fields.Integer)
    late_minutes = fields.Integer()
    units = fields.Integer()
    grams = maybe(fields.Integer)


class RoundRowSchema(Shown):
    """A round in a list."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    day = fields.Date()
    from_time = fields.String()
    to_time = fields.String()
    vehicle_id = maybe(fields.Integer)
    depot_site_id = maybe(fields.Integer)
    driver_name = fields.String()
    note = fields.String()
    metres = maybe(fields.Integer)
    minutes = maybe(fields.Integer, metadata={"description": "Depot to depot, waits and stops included."})
    planned_by = maybe()
    started_at = maybe(fields.AwareDateTime)
    ended_at = maybe(fields.AwareDateTime)


class RoundSchema(RoundRowSchema):
    """A round with its stops and what does not fit."""

    stops = fields.List(fields.Nested(StopSchema))
    units = fields.Integer()
    grams = maybe(fields.Integer)
    fits = fields.Boolean()
    doubts = fields.List(fields.Nested(DoubtSchema))
    roads = fields.String(
        metadata={"description": "service, estimate, or fallback (the service did not answer)."}
    )


class PlanSchema(Shown):
    """A question put to the planner: asked, running, answered or failed."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    pickups = fields.List(fields.String())
    routes = fields.List(fields.List(fields.String()))
    dropped = fields.List(fields.String())
    metres = maybe(fields.Integer)
    engine = maybe()
    used_at = maybe(fields.AwareDateTime)


class Terms(Asked):
    """The day, the hours (Europe/Paris), the depot, the driver."""

    day = Day(required=True)
    from_time = clock_time(required=True)
    to_time = clock_time(required=True)
    depot_site_id = Whole(1, BIGGEST, load_default=None, allow_none=True)
    driver_name = Text(120, load_default="")
    note = Text(500, load_default="")


class RoundChange(Terms):
    """The same, with one vehicle."""

    vehicle_id = Whole(1, BIGGEST, load_default=None, allow_none=True)


class RoundInput(RoundChange):
    """A draft over these pick-ups, in this order."""

    pickups = fields.List(Text(20, 1), load_default=list, validate=validate.Length(0, MOST_STOPS))


class PlanInput(Terms):
    """Pick-ups to share between vehicles."""

    pickups = fields.List(Text(20, 1), required=True, validate=validate.Length(1, MOST))
    vehicles = fields.List(Whole(1, BIGGEST), required=True, validate=validate.Length(1, 50))


class StopInput(Asked):
    """A pick-up."""

    pickup = Text(20, 1, required=True)


class StopMove(StopInput):
    """A pick-up one place earlier or later."""

    up = fields.Boolean(required=True)


class OrderInput(Asked):
    """All stops in order."""

    pickups = fields.List(Text(20, 1), required=True, validate=validate.Length(1, MOST_STOPS))


class RoundReason(Asked):
    """Why."""

    reason = Text(500, 1, required=True)
