"""Forms of label sheets: the paper, where to start, a series and who keeps it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.documents.label_formats import DEFAULT, FORMATS, named
from reuse_market.web.forms import Form, IntField


class SheetForm(Form):
    """The paper in the printer."""

    form = SelectField(_l("Label paper"), [InputRequired()], default=DEFAULT)
    start = IntField(
        _l("First free label of the sheet"), [InputRequired()], minimum=1, maximum=40, default=1,
        description=_l("Counted from the top left, line by line: 1 on a new sheet, 8 when seven are already used."),
    )  # fmt: skip


class SeriesForm(Form):
    """Labels printed in advance."""

    units = IntField(_l("How many labels?"), [InputRequired()], minimum=1, maximum=500)
    form = SelectField(_l("Label paper"), [InputRequired()], default=DEFAULT)
    kept_by = StringField(
        _l("Who keeps them?"),
        [Length(max=120)],
        description=_l("A person, a van, a room: you will find them again."),
    )


class KeeperForm(Form):
    """Who keeps a series now."""

    kept_by = StringField(_l("Who keeps them?"), [InputRequired(), Length(max=120)])


def with_papers(form: Any, lang: str) -> Any:
    """The form with its papers in words."""
    form.form.choices = [(code, named(code, lang)) for code in FORMATS]
    return form
