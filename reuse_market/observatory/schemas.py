"""Datasets as the API shows them."""

from __future__ import annotations

from reuse_market.observatory.dataset import TOLD
from reuse_market.web.fields import Asked, Choice, Schema, Shown, Text, fields, maybe

QUARTER = r"^([0-9]{4}-(01|04|07|10)-01)?$"


class RowsQuery(Asked):
    """Which rows; a row that spans several kinds, quarters or communes is of none of them."""

    state = Choice(TOLD, load_default="")
    kind = Text(40, load_default="")
    quarter = Text(10, load_default="", pattern=QUARTER, metadata={"description": "Its first day."})
    commune = Text(5, load_default="", metadata={"description": "INSEE code."})


class RowSchema(Schema):
    """A group of devices of at least 3 holders. An empty name: several, counted together."""

    state = fields.String(
        required=True, metadata={"description": "available, stock, announced, forecast or wanted."}
    )
    kind = fields.String(required=True)
    quarter = fields.String(required=True)
    commune = fields.String(required=True)
    devices = fields.Integer(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True, metadata={"description": "low and high hold it 9 times out of 10."})


class DatasetSchema(Shown):
    """A dataset: what it is, under which licence, and when each part was counted."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    licence = fields.String(required=True)
    available_as_of = fields.DateTime(required=True, metadata={"description": "Of open lots."})
    as_of = maybe(fields.DateTime, metadata={"description": "Of the rest; null: never published."})


class DatasetRowsSchema(DatasetSchema):
    """The same with its rows."""

    rows = fields.List(fields.Nested(RowSchema), required=True)
