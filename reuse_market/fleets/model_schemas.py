"""Models and identical groups of a fleet as the API takes and shows them."""

from __future__ import annotations

from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    QueryFlag,
    QueryWhole,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
)
from reuse_market.web.rest import Paging

TO_CHECK = "Whether its kind is in doubt, or its name a maker's code."


class GroupsQuery(Paging):
    """What the groups are narrowed by."""

    kind = Text(40)
    site_id = QueryWhole(1, BIGGEST)


class GroupSchema(Shown):
    """Devices in use or discarded of one configuration; sizes as they are sold, null when not told."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    maker = fields.String()
    model = fields.String()
    processor = fields.String()
    ram_gb = maybe(fields.Integer)
    storage_gb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer, metadata={"description": "Tenths of an inch."})
    windows_11 = maybe(
        metadata={"description": "yes, no or unknown, by the processor alone; null: no question."}
    )
    units = fields.Integer(required=True)
    in_use = fields.Integer(required=True)
    discarded = fields.Integer(required=True)


class ModelsQuery(Paging):
    """What the models are narrowed by."""

    kind = Text(40)
    text = Text(100, load_default="")
    to_check = QueryFlag(load_default=False, metadata={"description": TO_CHECK})


class FleetModelSchema(Shown):
    """A model of the fleet, how sure its kind is, and whether somebody should look at it."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    maker = fields.String()
    name = fields.String(required=True)
    units = fields.Integer(required=True)
    confidence = fields.String(required=True, metadata={"description": "sure, likely or unsure."})
    corrected = fields.Boolean(required=True)
    to_check = fields.Boolean(required=True, metadata={"description": TO_CHECK})


class ModelInput(Asked):
    """What a model is."""

    kind = Text(40, 1, required=True)
    maker = Text(80, load_default="")
    name = Text(120, 1, required=True)


class MergeInput(Asked):
    """Models that are one, spelt as `into`."""

    models = fields.List(Whole(1, BIGGEST), required=True)
    into = Whole(1, BIGGEST, required=True)


class Followed(Schema):
    """How many units changed."""

    units = fields.Integer(required=True)


class CorrectionSchema(Shown):
    """A spelling and what it stands for."""

    id = fields.Integer(required=True)
    written = fields.String(required=True)
    kind = fields.String(required=True)
    model = fields.String(required=True)
