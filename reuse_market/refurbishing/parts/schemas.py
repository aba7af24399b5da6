"""Parts, repairs and dismantling as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.collection.revising.choosing import REASONS
from reuse_market.refurbishing.parts_models import LOSS_REASONS, PART_KINDS, PART_STATES, WORK
from reuse_market.refurbishing.services.dismantling import MOST_PARTS
from reuse_market.refurbishing.services.repairing import HEAVIEST, MOST_COST
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
)
from reuse_market.web.rest import Paging


class PartQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(PART_STATES)
    kind = Choice(PART_KINDS)


class PartSchema(Shown):
    """A part: where it came from, and the unit it is in (null: in stock)."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    label = maybe()
    serial = maybe()
    weight_g = maybe(fields.Integer)
    note = fields.String()
    source_unit_id = fields.Integer(required=True)
    unit_id = maybe(fields.Integer)
    medium_id = maybe(fields.Integer)
    taken_at = fields.AwareDateTime()


class TakenInput(Asked):
    """A part that comes out; `medium_id` names the storage medium it is."""

    kind = Choice(PART_KINDS, required=True)
    label = Text(40, load_default="")
    serial = Text(80, load_default="")
    weight_g = Whole(1, HEAVIEST, load_default=None, allow_none=True)
    note = Text(300, load_default="")
    medium_id = Whole(1, BIGGEST, load_default=None, allow_none=True)


class InstallInput(Asked):
    """The unit a part goes into."""

    unit_id = Whole(1, BIGGEST, required=True)


class RepairInput(Asked):
    """What was done to a unit, and the parts of the stock put in."""

    work = fields.List(Choice(WORK), required=True, validate=validate.Length(1, len(WORK)))
    parts = unit_ids(20, load_default=list)
    cost_cents = Cents(MOST_COST, load_default=None, allow_none=True)
    note = Text(300, load_default="")


class DismantleInput(Asked):
    """A unit taken apart: parts, residue, and why the weights do not add up."""

    parts = fields.List(fields.Nested(TakenInput), load_default=list, validate=validate.Length(0, MOST_PARTS))
    unit_g = Whole(1, HEAVIEST, load_default=None, allow_none=True)
    residue_g = Whole(0, HEAVIEST, load_default=None, allow_none=True)
    reason = Choice(LOSS_REASONS, load_default=None, allow_none=True)
    note = Text(300, load_default="")


class RepairSchema(Schema):
    """A repair of a unit."""

    id = fields.Integer(required=True)
    work = fields.List(fields.String())
    note = fields.String()
    cost_cents = maybe(fields.Integer)
    repaired_at = fields.AwareDateTime()


class DismantlingSchema(Schema):
    """How a unit was taken apart, in grams; null: not weighed."""

    unit_g = maybe(fields.Integer)
    parts_g = maybe(fields.Integer)
    residue_g = maybe(fields.Integer)
    loss_g = maybe(fields.Integer)
    reason = maybe()
    note = fields.String()
    dismantled_at = fields.AwareDateTime()


class WorkSchema(Shown):
    """What was done to a unit: repairs, parts taken out and put in, how it was taken apart."""

    unit_id = fields.Integer(required=True)
    state = fields.String()
    repairs = fields.List(fields.Nested(RepairSchema))
    taken = fields.List(fields.Nested(PartSchema))
    fitted = fields.List(fields.Nested(PartSchema))
    dismantling = fields.Nested(DismantlingSchema, allow_none=True)


class ArrivalAnswer(Asked):
    """Units of a pick-up refused or missing at the workshop; the others that wait are received."""

    refused = unit_ids(10_000, load_default=list)
    missing = unit_ids(10_000, load_default=list)
    reason_refused = Choice(REASONS["refused"], load_default="not_as_declared")
    reason_missing = Choice(REASONS["missing"], load_default="miscounted")


class ArrivedSchema(Shown):
    """What became of an arrival: units received, and the revision proposed for the others."""

    received = fields.Integer(required=True)
    revision = maybe()


class ExitQuery(Paging):
    """The year of the register; the present one by default."""

    year = Whole(2020, 2100, load_default=None)


class ExitSchema(Schema):
    """A line of the exit register of waste. Null: not provided."""

    left_on = fields.Date()
    batch = fields.String()
    kind = fields.String()
    weee_category = maybe()
    units = fields.Integer()
    weight_g = maybe(fields.Integer)
    weighed = fields.String(metadata={"description": "weighed, usual (by usual masses) or unknown."})
    producer_scheme = fields.String()
    slip_number = maybe()
    lot = maybe()
    batch_weight_g = maybe(fields.Integer)
