"""The REEN sheet as the API takes and shows it."""

from __future__ import annotations

from reuse_market.accounts.people_schemas import BASE64
from reuse_market.obligations.reen.reen_models import EXCLUSIONS, MARKS, OUTLETS, ROLES
from reuse_market.obligations.reen.services import MOST_MARKED, MOST_UNITS
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Choice,
    Day,
    Flag,
    QueryWhole,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
)
from reuse_market.web.rest import Paging


class ReenHolderQuery(Asked):
    """Whose sheet: those who oversee name a body; a body leaves it out."""

    holder_id = QueryWhole(1, BIGGEST, load_default=None)


class ReenHolderPaging(Paging):
    """The same, for a list."""

    holder_id = QueryWhole(1, BIGGEST, load_default=None)


class ReenFigureQuery(ReenHolderPaging):
    """Devices behind which figure: the stock on 1 January, or what left during the year."""

    figure = Choice(("stock", "left"), load_default="left")


class ReenLineInput(Asked):
    """A line from outside the platform. `left_on` of an outlet falls in the year; a correction says why."""

    role = Choice(ROLES, required=True)
    kind = Text(40, 1, required=True)
    units = Whole(-MOST_UNITS, MOST_UNITS, required=True)
    outlet = Choice(OUTLETS, load_default="")
    left_on = Day(load_default=None)
    committed = Flag(load_default=False)
    justified = Flag(load_default=False)
    exclusion = Choice(("", *EXCLUSIONS), load_default="")
    reference = Text(120, load_default="")
    reason = Text(300, load_default="")
    proof = Text(7_000_000, pattern=BASE64, load_default="", metadata={"description": "A file in base 64."})


class ReenMarkInput(Asked):
    """Devices, and what is said of them."""

    units = unit_ids(MOST_MARKED, required=True)
    code = Choice(MARKS, required=True)
    reason = Text(300, 1, required=True)


class ReenUnmarkInput(Asked):
    """Devices whose marks are taken back."""

    units = unit_ids(MOST_MARKED, required=True)


class ReenLineSchema(Shown):
    """A typed line. `why`: why it does not count, "" when it does."""

    id = fields.Integer(required=True)
    year = fields.Integer(required=True)
    role = fields.String(required=True)
    outlet = fields.String(required=True)
    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    left_on = maybe(fields.Date)
    committed = fields.Boolean()
    justified = fields.Boolean()
    exclusion = fields.String()
    reference = fields.String()
    reason = fields.String()
    proof_sha256 = maybe()
    deleted_at = maybe(fields.DateTime)


class ReenBodySchema(Shown):
    """A body that has a sheet."""

    holder_id = fields.Integer(required=True)
    name = fields.String(required=True)


class ReenOutletSchema(Schema):
    """A way out. `missing`: reason → devices that do not count."""

    outlet = fields.String(required=True)
    left = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    missing = fields.Dict(keys=fields.String(), values=fields.Integer())


class ReenSheetSchema(Shown):
    """A year. `rate_per_mille` null: not calculable, no stock; `target_per_mille` null: not provided."""

    holder_id = fields.Integer(required=True)
    year = fields.Integer(required=True)
    stock = fields.Integer(
        required=True, metadata={"description": "B: what counts of the stock on 1 January."}
    )
    oriented = fields.Integer(required=True, metadata={"description": "A: what counts of what left."})
    rate_per_mille = maybe(fields.Integer)
    target_per_mille = maybe(fields.Integer)
    reached = maybe(fields.Boolean)
    lacking = fields.Integer()
    unproven = fields.Integer()
    by_gift = fields.Integer()
    by_sale = fields.Integer()
    outlets = fields.List(fields.Nested(ReenOutletSchema))
    excluded = fields.Dict(keys=fields.String(), values=fields.Integer())


class ReenUnitSchema(Schema):
    """A device behind a figure. `why`: why it does not count, "" when it does."""

    unit_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    why = fields.String(required=True)
    outlet = fields.String()
    state = fields.String()
    lot = fields.String()
    proof = fields.String()
    mark = fields.String()
    discarded_on = maybe(fields.Date)
    left_on = maybe(fields.Date)


class ReenMarkedSchema(Schema):
    """How many devices."""

    units = fields.Integer(required=True)


class ReenPaperSchema(Schema):
    """The sheet as a paper; `new` false: the one in force says the same."""

    number = fields.String(required=True)
    verification_code = fields.String(required=True)
    new = fields.Boolean(required=True)
