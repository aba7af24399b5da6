"""Forms of the ledger: the two figures, a line, a file, its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from reuse_market.obligations.agec.agec_models import AMOUNTS
from reuse_market.obligations.agec.amounts import MOST_CENTS
from reuse_market.obligations.agec.categories import EARLIEST, FIRST, SHOWN
from reuse_market.obligations.agec.columns import TARGETS
from reuse_market.obligations.agec.services import TEXTS
from reuse_market.web.forms import DateField, EuroField, Form, IntField, answers


class TotalsForm(Form):
    """The short path: two figures. Both empty: the lines count again."""

    year = HiddenField()
    category = HiddenField()
    total_cents = EuroField(
        _l("All that was spent this year, before tax"),
        [Optional()],
        description=_l("Purchases made here included."),
        maximum=MOST_CENTS,
    )
    reused_cents = EuroField(
        _l("Of which reused, bought elsewhere, before tax"),
        [Optional()],
        description=_l("0 if you bought nothing reused elsewhere."),
        maximum=MOST_CENTS,
    )


class EntryForm(Form):
    """A line of spend made elsewhere."""

    category = SelectField(_l("Category of the declaration"), choices=list(SHOWN.items()), default=FIRST)
    day = DateField(_l("Date of the invoice"), [Optional()])
    year = IntField(_l("Or the year, if there is no date"), [Optional()], minimum=EARLIEST, maximum=2100)
    amount_cents = EuroField(
        _l("Amount before tax"), [Optional()], maximum=MOST_CENTS, signed=True,
        description=_l("Of a credit note: with a minus, as its parts."),
    )  # fmt: skip
    reused_cents = EuroField(_l("Of which reused"), [Optional()], maximum=MOST_CENTS, signed=True)
    recycled_cents = EuroField(
        _l("Of which with recycled content"), [Optional()], maximum=MOST_CENTS, signed=True
    )
    gift_cents = EuroField(
        _l("Flat value of a gift"),
        [Optional()],
        description=_l("Only gifts of the State’s own platform, by the official grid."),
        maximum=MOST_CENTS,
    )
    supplier = StringField(_l("Supplier"), [Length(max=TEXTS["supplier"])])
    reference = StringField(_l("Reference"), [Length(max=TEXTS["reference"])])
    comment = StringField(_l("Comment"), [Length(max=TEXTS["comment"])])

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        names = ("category", "day", "year", *AMOUNTS, *TEXTS)
        return {name: self[name].data for name in names}


class FileForm(Form):
    """The file of the accounting system."""

    file = FileField(
        _l("File of your accounting system"), description=_l("CSV or spreadsheet, at most 5 MB.")
    )


class ColumnsForm(Form):
    """For each thing a line says, the column that says it."""

    category_all = SelectField(_l("Category of every row, where no column tells it"), validate_choice=False)
    year_all = IntField(
        _l("Year of every row, where no column tells the date"), [Optional()], minimum=EARLIEST, maximum=2100
    )

    def offer(self, header: Sequence[str], columns: Mapping[str, int]) -> None:
        """The columns to choose from, those known first."""
        self.category_all.choices = answers([("", _("None")), *SHOWN.items()])
        named = [(str(index), label, {"lang": ""}) if label else (str(index), _("Column %(number)s", number=index + 1))
                 for index, label in enumerate(header)]  # fmt: skip
        for target in TARGETS:
            self[target].choices = answers([("", _("No column")), *named])
            if not self[target].raw_data and target in columns:
                self[target].data = str(columns[target])

    def chosen(self) -> dict[str, int]:
        """Target → column."""
        return {target: int(self[target].data) for target in TARGETS if (self[target].data or "").isdecimal()}


for _target, _word in TARGETS.items():
    setattr(ColumnsForm, _target, SelectField(_l(_word), validate_choice=False))
