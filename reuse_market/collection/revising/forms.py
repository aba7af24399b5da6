"""Forms of revisions: what was otherwise, line by line or by number, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.collection.queries import Tally
from reuse_market.collection.revising.choosing import Correction
from reuse_market.equipment import queries as equipment
from reuse_market.web.forms import Form, IntField

WHY = _l("Why: the other organisation will read it")
# what is chosen → (before, after, the reason written on the note)
CHANGES: dict[str, tuple[str | None, str, str]] = {
    "missing_taken": ("missing", "taken", "found"),
    "refused_taken": ("refused", "taken", "found"),
    "taken_missing": ("taken", "missing", "miscounted"),
    "taken_refused": ("taken", "refused", "not_as_declared"),
    "extra": (None, "extra", "not_declared"),
}
CONTESTS = ("missing_taken", "refused_taken", "words")


class AnswerForm(Form):
    """Why: refused, appealed or settled."""

    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=500)], render_kw={"rows": 3},
        description=_l("Both sides will read it."),
    )  # fmt: skip


def revision_form(lines: Sequence[Tally], lang: str, *, contest: bool = False) -> Form:
    """One kind of correction at a time: so many of each line, or devices by their numbers; or extras."""
    words = {
        "missing_taken": _("Noted missing, in fact taken"),
        "refused_taken": _("Noted refused, in fact taken"),
        "taken_missing": _("Noted taken, in fact missing"),
        "taken_refused": _("Noted taken, in fact left with the holder"),
        "extra": _("Taken in addition, not on the list"),
        "words": _("The count is right, not the reason"),
    }
    offered = CONTESTS if contest else tuple(CHANGES)
    members: dict[str, Any] = {
        "line_numbers": tuple(row.line for row in lines if row.line is not None),
        "change": RadioField(
            _l("What is to be corrected?"),
            [InputRequired()],
            choices=[(code, words[code]) for code in offered],
        ),
    }
    for row in lines:
        if row.line is not None:
            members[f"line_{row.line}"] = IntField(row.label, [Optional()], minimum=0, maximum=100_000)
    members["codes"] = TextAreaField(
        _l("Or the numbers of the devices"), [Length(max=4000)], render_kw={"rows": 2},
        description=_l("Label codes, serial numbers or asset tags, one a line."),
    )  # fmt: skip
    if not contest:
        kinds = [("", "–"), *((k.code, equipment.kind_label(k.code, lang)) for k in equipment.kinds())]
        members["kind"] = SelectField(_l("In addition: kind of device"), choices=kinds)
        members["label"] = StringField(_l("In addition: what they are"), [Length(max=200)])
        members["units"] = IntField(_l("In addition: how many"), [Optional()], minimum=0, maximum=10_000)
    members["reason"] = TextAreaField(WHY, [InputRequired(), Length(max=500)], render_kw={"rows": 3})
    kind: Any = type("RevisionForm", (Form,), members)
    return kind.from_request()


def found_form(lines: Sequence[Tally], missing: dict[int | None, int]) -> Form:
    """Missing devices found again, by line."""
    shown = [row for row in lines if row.line is not None and missing.get(row.line)]
    members: dict[str, Any] = {"line_numbers": tuple(row.line for row in shown)}
    for row in shown:
        members[f"line_{row.line}"] = IntField(row.label, [Optional()], minimum=0, maximum=missing[row.line])
    kind: Any = type("FoundForm", (Form,), members)
    return kind.from_request()


def by_line(form: Any) -> dict[int, int]:
    """Line number → units typed."""
    return {number: form[f"line_{number}"].data or 0 for number in form.line_numbers}


def corrections(form: Any) -> list[Correction]:
    """What the verb takes."""
    if form.change.data == "words":
        return []
    before, after, reason = CHANGES[form.change.data]
    if after == "extra":
        return [Correction(None, after, None, form.units.data or 0, reason=reason, kind=form.kind.data or None,
                           label=form.label.data or "")]  # fmt: skip
    named = tuple(each.strip() for each in (form.codes.data or "").splitlines() if each.strip())
    made = [
        Correction(before, after, line, units, reason=reason)
        for line, units in by_line(form).items()
        if units
    ]
    if named:
        made.append(Correction(before, after, codes=named, reason=reason))
    return made
