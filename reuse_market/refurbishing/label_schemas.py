"""Series and sheets of labels as the API takes and shows them."""

from __future__ import annotations

from reuse_market.documents.label_formats import FORMATS
from reuse_market.web.fields import Choice, Schema, Shown, Text, Whole, fields, maybe


class SeriesInput(Schema):
    """Labels printed in advance."""

    units = Whole(required=True, minimum=1, maximum=500)
    form = Choice(tuple(FORMATS), required=True)
    kept_by = Text(120)


class KeeperInput(Schema):
    """Who keeps a series now."""

    kept_by = Text(120, required=True)


class LabelSheetInput(Schema):
    """The paper in the printer; `start` is the first free label of its sheet."""

    form = Choice(tuple(FORMATS), required=True)
    start = Whole(required=True, minimum=1, maximum=40)


class SeriesSchema(Shown):
    """A series, and how many of its labels are stuck."""

    reference = fields.String(required=True)
    units = fields.Integer(required=True)
    stuck = fields.Integer(required=True)
    form = fields.String(required=True)
    kept_by = fields.String()
    made_at = fields.DateTime()
    printed = fields.Integer()
    printed_at = maybe(fields.DateTime)


class LabelSheetSchema(Schema):
    """A sheet of labels as a PDF, in base64."""

    form = fields.String(required=True)
    labels = fields.Integer(required=True)
    sheets = fields.Integer(required=True)
    pdf = fields.String(required=True)
