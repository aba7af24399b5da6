"""The label queue and the figures of a workshop as the API takes and shows them."""

from __future__ import annotations

from reuse_market.refurbishing.label_schemas import LabelSheetSchema
from reuse_market.web.fields import Asked, Schema, Shown, fields, maybe, unit_ids


class WaitingLabelSchema(Shown):
    """A unit whose label waits for the next sheet."""

    unit_id = fields.Integer(required=True)
    code = maybe()
    kind = fields.String(required=True)


class LabelsInput(Asked):
    """Units of this workshop."""

    units = unit_ids(480, required=True)


class LabelsAddedSchema(Schema):
    """How many labels wait now, and how many of those sent were not waiting yet."""

    waiting = fields.Integer(required=True)
    added = fields.Integer(required=True)


class QueuedSheetSchema(LabelSheetSchema):
    """The sheet printed, and its name: `put-back` when the paper jammed."""

    sheet = fields.String(required=True)


class PrintedSheetSchema(Shown):
    """A sheet of the last ones."""

    sheet = fields.String(required=True)
    labels = fields.Integer(required=True)
    printed_at = fields.AwareDateTime(required=True)


class StockWaitSchema(Schema):
    """Units that wait for one thing."""

    waits_for = fields.String(
        required=True,
        metadata={
            "description": "shipment, intake, signature, owner, lock, tests, repair, erasure, check, offer, removal: "
            "what each waits for first, once a unit."
        },
    )
    units = fields.Integer(required=True)
    ages = fields.List(
        fields.Integer(), required=True,
        metadata={"description": "Units by days since they came: 0–7, 8–30, 31–90, more than 90."},
    )  # fmt: skip
    oldest_days = fields.Integer(required=True)


class WorkedDaySchema(Schema):
    """A day on which somebody tested or made ready; an hour counts when something was done in it."""

    day = fields.Date(required=True)
    tested = fields.Integer(required=True)
    ready = fields.Integer(required=True)
    hours = fields.Integer(required=True)
    ready_per_hour_tenths = fields.Integer(required=True)


class FirstTestsSchema(Schema):
    """First tests of a model here, and how many passed."""

    model = fields.String(required=True, metadata={"description": "Empty: of unknown model."})
    kind = fields.String(required=True)
    tested = fields.Integer(required=True)
    passed = fields.Integer(required=True)
    percent = fields.Integer(required=True)


class FiguresSchema(Schema):
    """What waits, the last 30 days, the models most tested."""

    waits = fields.List(fields.Nested(StockWaitSchema), required=True)
    days = fields.List(fields.Nested(WorkedDaySchema), required=True)
    models = fields.List(fields.Nested(FirstTestsSchema), required=True)
