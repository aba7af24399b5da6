"""Fleet units and inventories as the API takes and shows them."""

from __future__ import annotations

from reuse_market.fleets.queries import HERE
from reuse_market.fleets.services.discarding import MOST
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Choice,
    QueryFlag,
    QueryWhole,
    Schema,
    Shown,
    Text,
    fields,
    maybe,
    unit_ids,
)
from reuse_market.web.rest import Paging


class FleetQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(HERE)
    kind = Text(40)
    site_id = QueryWhole(1, BIGGEST)
    missed = QueryFlag(metadata={"description": "Only those the latest inventory lacks."})


class FleetUnitSchema(Shown):
    """A unit in use or discarded."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    kind = fields.String(required=True)
    maker = fields.String()
    model = fields.String()
    serial = maybe()
    asset_tag = maybe()
    cpu = maybe()
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer, metadata={"description": "Tenths of an inch."})
    os = maybe()
    bought_on = maybe(fields.Date)
    site_id = maybe(fields.Integer)
    holder_key = maybe(metadata={"description": "Its key in the holder's own tool."})
    missed_on = maybe(fields.Date, metadata={"description": "The first inventory that lacked it, if any."})
    decided_on = maybe(fields.Date, metadata={"description": "Of the decision to discard it, if recorded."})
    decision_number = fields.String()
    left_as = maybe(metadata={"description": "How it left outside the tool, if it has."})
    left_on = maybe(fields.Date)


class FleetSelection(Asked):
    """Units of the fleet."""

    units = unit_ids(MOST, required=True)


class Discarded(Schema):
    """How many units changed."""

    units = fields.Integer(required=True)


class ImportQuery(Asked):
    """How the file is taken. `dry_run` judges it and brings nothing in."""

    dry_run = QueryFlag(load_default=False)
    apply = QueryFlag(load_default=True, metadata={"description": "false: to answer first, then apply."})
    site_id = QueryWhole(1, BIGGEST, metadata={"description": "Where its devices are."})
    filename = Text(200, metadata={"description": "When the body is the file itself."})


class ImportReport(Schema):
    """Every record is good, to correct, set aside or known; `row` is what a spreadsheet shows."""

    format = fields.String(required=True)
    records = fields.Integer(required=True)
    good = fields.List(fields.Dict(), required=True)
    to_correct = fields.List(fields.Dict(), required=True)
    set_aside = fields.List(fields.Dict(), required=True)
    known = fields.List(fields.Dict(), required=True)
    gone = fields.List(fields.Dict())
    dropped_columns = fields.List(fields.String())
    ignored_columns = fields.List(fields.String())
    notes = fields.List(fields.Dict())
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "Of each list, kept or not."}
    )
    cut = fields.Boolean(metadata={"description": "Whether a list was cut at 20,000 entries."})
    applied = fields.Boolean(metadata={"description": "Whether the good records came in."})
    unit_ids = fields.List(
        fields.Integer(), metadata={"description": "Of the units made, in the file's order."}
    )
    import_id = fields.Integer()
    links = fields.Dict(keys=fields.String(), values=fields.String())


MOST_PROBLEMS = 1_000


class ImportSchema(Shown):
    """An import and how far it is. `state`: read, judging, judged, applying, done or cancelled."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    filename = fields.String(required=True)
    format = fields.String(required=True)
    rows = maybe(fields.Integer, metadata={"description": "Read so far, while a job works."})
    of = maybe(fields.Integer, metadata={"description": "About how many there are."})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    error = maybe(metadata={"description": "Why the work was given back, in words."})
    problems = fields.List(
        fields.Dict(), metadata={"description": "At most 1,000 rows to correct or set aside, and why."}
    )
    made_at = fields.DateTime(required=True)
    done_at = maybe(fields.DateTime)
