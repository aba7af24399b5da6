"""Forms of fairness: narrow who got what, grant an exception."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.reservations.fairness.services import MOST_UNITS
from reuse_market.web.forms import DateField, Form, IntField, answers


class AllottedFilter(Form):
    """What the list is narrowed by."""

    kind = SelectField(_l("Kind of device"))
    text = StringField(_l("Structure"))


class ExceptionForm(Form):
    """So many more for one structure, until when and why."""

    kind = SelectField(_l("Kind of device"), [InputRequired()])
    units = IntField(_l("How many more"), [InputRequired()], minimum=1, maximum=MOST_UNITS)
    until = DateField(_l("Until"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=300)], description=_l("The structure reads it."),
        render_kw={"rows": "3"},
    )  # fmt: skip


def allotted_filter(lang: str) -> AllottedFilter:
    """The filters of the address; what is unknown narrows nothing."""
    form: AllottedFilter = AllottedFilter.from_query()
    form.kind.choices = answers([("", _l("Any")), *_kinds(lang)])
    if form.kind.data not in {code for code, _label in _kinds(lang)}:
        form.kind.data = ""
    return form


def exception_form(lang: str) -> ExceptionForm:
    """The form, with the kinds of today and a last day three months ahead."""
    form: ExceptionForm = ExceptionForm.from_request(until=clock.in_days(90))
    form.kind.choices = answers(_kinds(lang))
    return form


def _kinds(lang: str) -> list[tuple[str, str]]:
    return [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]
