"""The form of a dated row, made from what its table says of its columns."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.desk import reference_words as words
from reuse_market.desk.reference_services import choices_of
from reuse_market.desk.reference_tables import Field, Table
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.dated import CONFIDENCES, LONGEST_SOURCE, SHORTEST_SOURCE
from reuse_market.web.forms import CheckboxesField, DateField, EuroField, Form, IntField, answers


def row_form(table: Table, **data: Any) -> Any:
    """The form of a new row of `table`, filled from the POST, else from `data` (codes by column)."""
    fields: dict[str, Any] = {one.name: _field(table, one) for one in (*table.keys, *table.values)}
    fields["valid_from"] = DateField(_l("In force from"), [InputRequired()])
    fields["source"] = StringField(
        _l("Source"),
        [InputRequired(), Length(min=SHORTEST_SOURCE, max=LONGEST_SOURCE)],
        description=_l("The text, its number and its date: at least 10 characters."),
        render_kw={"maxlength": LONGEST_SOURCE},
    )
    fields["confidence"] = SelectField(
        _l("Confidence"),
        [InputRequired()],
        choices=answers([(code, _(words.CONFIDENCE[code])) for code in CONFIDENCES]),
    )
    return type("RowForm", (Form,), fields).from_request(**data)  # type: ignore[attr-defined]


class OpinionForm(Form):
    """A legal opinion on a prudent reading."""

    valid_from = DateField(_l("In force from"), [InputRequired()])
    source = StringField(
        _l("Legal opinion"),
        [InputRequired(), Length(min=SHORTEST_SOURCE, max=LONGEST_SOURCE)],
        description=_l("Whose opinion, of which day, and where it is kept."),
        render_kw={"maxlength": LONGEST_SOURCE},
    )


def filter_form(table: Table) -> Any:
    """The filter of a long table: one select per key, "" for all."""
    fields = {
        one.name: SelectField(
            _(one.label),
            choices=[("", _("All")), *_named(choices_of(table, one), one)],
            validate_choice=False,
        )
        for one in table.keys
    }
    return type("RowFilter", (Form,), fields).from_query()  # type: ignore[attr-defined]


def chosen(form: Any, table: Table) -> dict[str, str]:
    """What the filter asks for; nonsense counts as nothing."""
    return {
        one.name: form[one.name].data
        for one in table.keys
        if form[one.name].data in {value for value, *_rest in form[one.name].choices}
    }


def word(code: str, field: Field | None = None) -> str:
    """A code in the reader's words, as it is when it has none; what is possible instead has words of its own."""
    if field is not None and field.name == "instead":
        return _(words.INSTEAD[code])
    if code == "*":
        return _("any kind")
    if code in words.CODES:
        return _(words.CODES[code])
    if code in words.AGEC_CATEGORIES:
        return words.AGEC_CATEGORIES[code]
    kind = equipment.kind(code)
    if kind is None:
        return code
    return kind.label_en if str(get_locale()) == "en" else kind.label_fr


def _named(codes: list[str], field: Field) -> list[tuple[str, str]]:
    return [(code, word(code, field)) for code in codes]


def _field(table: Table, one: Field) -> Any:
    rule = [Optional()] if one.optional else [InputRequired()]
    label = _(one.label)
    if one.kind == "text":
        limits = {"maxlength": min(one.most, 300)}
        return StringField(label, [*rule, Length(max=one.most)], render_kw=limits)
    if one.kind == "cents":
        return EuroField(label, rule)
    if one.kind in ("whole", "per_mille"):
        return IntField(label, rule, minimum=one.least, maximum=one.most, unit=one.unit)
    if one.kind == "codes":
        return CheckboxesField(label, choices=answers(_named(list(one.codes), one)))
    blank = [("", _("Nothing"))] if one.optional else []
    codes = [code for code in choices_of(table, one) if code]
    return SelectField(label, rule, choices=answers([*blank, *_named(codes, one)]))
