"""Pick-ups as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.collection.models import STATES
from reuse_market.collection.words import BY_OUTCOME, REASONS
from reuse_market.lots.conditions import MOST_UNITS
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

DIFFERENCES = ("missing", "refused")


class PickupQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(STATES)
    claim = Text(20)
    lot = Text(20)


class TallySchema(Schema):
    """A line of a pick-up, counted: planned = taken + missing + refused + left."""

    line = maybe(fields.Integer)
    label = fields.String()
    planned = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    left = fields.Integer(required=True)


class PickupRowSchema(Shown):
    """A pick-up in a list."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    claim = fields.String()
    lot = fields.String()
    holder_id = fields.Integer()
    holder = fields.String()
    actor_id = fields.Integer()
    actor = fields.String()
    day = fields.Date()
    from_time = fields.String()
    to_time = fields.String()
    commune = fields.String()
    asked_by_id = fields.Integer(metadata={"description": "Whose slot is on the table."})
    answer_until = fields.Date()
    planned = fields.Integer()
    as_is = fields.Boolean(metadata={"description": "Straight to who will use them, as they are."})
    note = fields.String()
    plate = fields.String()
    driver_name = fields.String()
    driver_signed_at = maybe(fields.AwareDateTime)
    holder_signed_at = maybe(fields.AwareDateTime)
    holder_signer = fields.String()
    reason = fields.String()
    arrival = maybe(
        metadata={"description": "dropped_off, carrier, collection_day; fetched or null: fetched."}
    )
    carrier_name = maybe()
    carrier_ref = maybe()


class NotErasedSchema(Schema):
    """A device without its holder's erasure proof."""

    line = maybe(fields.Integer)
    code = maybe(metadata={"description": "On its label."})


class PickupSchema(PickupRowSchema):
    """A pick-up. `handover_code` is shown to who hands over, while it can be used."""

    street = fields.String()
    postcode = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()
    access_note = fields.String()
    lines = fields.List(fields.Nested(TallySchema))
    extras = fields.Integer(metadata={"description": "Found there and not planned."})
    not_erased = fields.List(
        fields.Nested(NotErasedSchema),
        metadata={"description": "As it is: those the holder has not proven erased; they cannot be taken."},
    )
    handover_code = maybe()
    expected_at = maybe(
        metadata={
            "description": "The hour told for this stop by the round that comes; null when there is none."
        }
    )


class PlannedSchema(Schema):
    """A planned unit with what was noted of it."""

    unit_id = fields.Integer(required=True)
    line = maybe(fields.Integer)
    kind = fields.String()
    serial = maybe()
    asset_tag = maybe()
    code = maybe(metadata={"description": "On its label."})
    outcome = maybe()
    reason = maybe()
    note = fields.String()


class CheckSchema(Schema):
    """What was noted of one unit; those of one act share `batch` and are undone together."""

    id = fields.Integer(required=True)
    batch = fields.String(required=True)
    outcome = fields.String(required=True)
    unit_id = maybe(fields.Integer)
    line = maybe(fields.Integer)
    code = maybe()
    reason = maybe()
    note = fields.String()
    kind = maybe(metadata={"description": "Of an extra."})
    label = fields.String()
    serial = maybe()
    at = fields.AwareDateTime()


class Slot(Asked):
    """A day and hours, Europe/Paris."""

    day = Day(required=True)
    from_time = clock_time(required=True)
    to_time = clock_time(required=True)
    note = Text(500, load_default="")


class PickupReason(Asked):
    """Why: the other organisation reads it."""

    reason = Text(500, 1, required=True)


class Outcome(Asked):
    """What is noted: taken unless said; a difference wants its reason."""

    outcome = Choice(("taken", *DIFFERENCES), load_default="taken")
    reason = Choice(sorted(REASONS), allow_none=True, load_default=None)
    note = Text(300, load_default="")


class CodeCheck(Outcome):
    """One unit, by its label code, serial number or asset tag."""

    code = Text(80, 1, required=True)


class LineCheck(Outcome):
    """So many units of a line."""

    line = Whole(1, MOST_UNITS, required=True)
    units = Whole(1, 100_000, required=True)


class CheckedUnits(Asked):
    """So many units of a line."""

    line = Whole(1, MOST_UNITS, required=True)
    units = Whole(0, 100_000, required=True)


class Differences(Asked):
    """Several units missing or refused for one reason."""

    outcome = Choice(DIFFERENCES, required=True)
    reason = Choice(sorted({reason for name in DIFFERENCES for reason in BY_OUTCOME[name]}), required=True)
    note = Text(300, load_default="")
    codes = fields.List(Text(80, 1), load_default=list, validate=validate.Length(0, 1000))
    lines = fields.List(fields.Nested(CheckedUnits), load_default=list, validate=validate.Length(0, 1000))


class ExtraInput(Asked):
    """A device that is there but not on the list."""

    kind = Text(40, 1, required=True)
    label = Text(200, load_default="")
    serial = Text(80, load_default=None, allow_none=True)
    note = Text(300, load_default="")


class Undone(Asked):
    """Something noted; all that was noted with it is forgotten."""

    check = Whole(1, BIGGEST, required=True)


class DriverSignature(Asked):
    """The driver's signature."""

    driver_name = Text(120, 1, required=True)
    plate = Text(20, load_default="")


class HolderSignature(Asked):
    """The holder's contact signs, by name and the pick-up's 4-digit code."""

    name = Text(120, 1, required=True)
    code = Text(10, 1, required=True)
