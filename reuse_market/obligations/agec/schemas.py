"""The ledger as the API takes and shows it. All amounts are integer cents before tax."""

from __future__ import annotations

from reuse_market.obligations.agec.amounts import MOST_CENTS
from reuse_market.obligations.agec.categories import CODES, EARLIEST, FIRST
from reuse_market.obligations.agec.services import TEXTS
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Day,
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


class LedgerQuery(Asked):
    """Which year (this one by default) of which organisation (one’s own; others for those who oversee)."""

    year = QueryWhole(EARLIEST, 2100)
    organisation_id = QueryWhole(1, BIGGEST)


class EntriesQuery(Paging):
    """The same, for a list."""

    year = QueryWhole(EARLIEST, 2100)
    organisation_id = QueryWhole(1, BIGGEST)


class AgecTotalsInput(Asked):
    """The two figures of a year; both null: the lines count again."""

    year = Whole(EARLIEST, 2100, required=True)
    category = Choice(CODES, load_default=FIRST)
    total_cents = Cents(MOST_CENTS, allow_none=True, load_default=None)
    reused_cents = Cents(MOST_CENTS, allow_none=True, load_default=None)


class AgecEntryInput(Asked):
    """A line of spend made elsewhere: its day, or its year."""

    category = Choice(CODES, load_default=FIRST)
    day = Day(allow_none=True)
    year = Whole(EARLIEST, 2100)
    amount_cents = Cents(MOST_CENTS, signed=True, metadata={"description": "Below zero: a credit note."})
    reused_cents = Cents(MOST_CENTS, signed=True)
    recycled_cents = Cents(MOST_CENTS, signed=True)
    gift_cents = Cents(MOST_CENTS)
    supplier = Text(TEXTS["supplier"])
    reference = Text(TEXTS["reference"])
    comment = Text(TEXTS["comment"])


class AgecEntryChange(AgecEntryInput):
    """What changes of a line."""

    category = Choice(CODES)


class AgecImportQuery(Asked):
    """How a file is read. For each thing a line says, the label of its column; none: those answered for the same
    header before, or told by the labels."""

    dry_run = QueryFlag(load_default=False, metadata={"description": "Judge it, and bring nothing in."})
    filename = Text(200, metadata={"description": "When the body is the file itself."})
    category_all = Choice(CODES, metadata={"description": "Of every row, where no column tells it."})
    year_all = QueryWhole(
        EARLIEST, 2100, metadata={"description": "Of every row, where no column tells the date."}
    )
    day = Text(200)
    category = Text(200)
    amount_cents = Text(
        200, metadata={"description": "The column of the amounts, in euros as the file writes them."}
    )
    credit_cents = Text(200, metadata={"description": "Taken off the amount: credit notes, in euros."})
    side = Text(
        200, metadata={"description": "Debit (D) or credit (C) of each amount; a credit is taken off."}
    )
    account = Text(
        200, metadata={"description": "Of a journal: rows on other accounts than purchases stay aside."}
    )
    reused_cents = Text(200)
    recycled_cents = Text(200)
    gift_cents = Text(200)
    supplier = Text(200)
    reference = Text(200)
    comment = Text(200)


class AgecFaultSchema(Schema):
    """Why a row does not come in."""

    row = fields.Integer(required=True, metadata={"description": "As a spreadsheet shows it."})
    column = fields.String()
    value = fields.String()
    reason = fields.String(required=True)


class AgecImportReport(Schema):
    """Every row is good, known already, aside, or to correct: none is lost."""

    rows = fields.Integer(required=True)
    good = fields.Integer(required=True)
    net_cents = fields.Integer(metadata={"description": "Of the good rows."})
    known = fields.List(fields.Integer(), metadata={"description": "Rows the ledger has already."})
    to_correct = fields.List(fields.Nested(AgecFaultSchema))
    aside = fields.List(
        fields.Integer(),
        metadata={"description": "Rows of accounts that hold no purchases: taxes, payments…"},
    )
    columns = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "What was read where."}
    )
    applied = fields.Boolean(required=True, metadata={"description": "Whether the good rows came in."})
    import_id = maybe(fields.Integer)


class AgecEntrySchema(Shown):
    """A line of spend made elsewhere."""

    id = fields.Integer(required=True)
    year = fields.Integer()
    category = fields.String()
    day = maybe(fields.Date)
    amount_cents = fields.Integer()
    reused_cents = fields.Integer()
    recycled_cents = fields.Integer()
    gift_cents = fields.Integer()
    supplier = fields.String()
    reference = fields.String()
    comment = fields.String()
    source = fields.String()
    removed = fields.Boolean()


class AgecStandingSchema(Schema):
    """A category: thousandths and cents; null: not known (never 0)."""

    category = fields.String(required=True)
    label = fields.String()
    target_per_mille = maybe(fields.Integer)
    rate_per_mille = maybe(fields.Integer)
    total_cents = maybe(fields.Integer)
    reused_cents = fields.Integer()
    gift_cents = fields.Integer()
    recycled_cents = fields.Integer()
    here_cents = fields.Integer()
    missing_cents = maybe(fields.Integer)
    missing_on_top_cents = maybe(fields.Integer)
    typed = fields.Boolean(metadata={"description": "Two figures stand in for the lines."})


class AgecLineSchema(Schema):
    """Something bought or received here, and whether it counts."""

    reservation = fields.String(required=True)
    day = fields.Date()
    seller = fields.String()
    units = fields.Integer()
    category = maybe()
    net_cents = fields.Integer()
    counts = fields.Boolean()
    because = fields.String()


class AgecLedgerSchema(Shown):
    """A year of an organisation. `faults`: why its declaration cannot be made yet."""

    organisation_id = fields.Integer(required=True)
    year = fields.Integer(required=True)
    due = fields.Date(metadata={"description": "The last day to declare this year."})
    categories = fields.List(fields.Nested(AgecStandingSchema))
    here = fields.List(fields.Nested(AgecLineSchema))
    faults = fields.List(fields.String())
