"""Forms: what was otherwise, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.proofs.correction_models import REASONS
from reuse_market.proofs.corrections.services import MOST
from reuse_market.proofs.corrections.table import Row
from reuse_market.proofs.corrections.wording import FIELD_WORDS, REASON_WORDS
from reuse_market.refurbishing.parts.words import WORK
from reuse_market.web.forms import CheckboxesField, DateField, Form, IntField, answers


class DeclineForm(Form):
    """Why the other side does not agree."""

    answer = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=MOST)], render_kw={"rows": 3},
        description=_l("Both sides will read it."),
    )  # fmt: skip


def correction_form(row: Row, known: dict[str, Any]) -> Form:
    """Corrected or voided, the facts that may be said anew (as they were told), the reason."""
    members: dict[str, Any] = {}
    kinds = [("correct", _("Correct what it says"))] if row.fields else []
    kinds += [("void", _("Say that it did not take place"))] if row.void else []
    members["kind"] = RadioField(
        _("What is wrong"), [InputRequired()], choices=answers(kinds), default=kinds[0][0]
    )
    for name, (least, most) in row.numbers.items():
        members[name] = IntField(
            _(FIELD_WORDS[name]), [Optional()], minimum=least, maximum=most, default=known.get(name)
        )
    for name, codes in row.codes.items():
        choices = answers((code, _(WORK[code])) for code in codes)
        members[name] = CheckboxesField(
            _(FIELD_WORDS[name]), [Optional()], choices=choices, default=known.get(name)
        )
    for name in row.days:
        day = date.fromisoformat(known[name]) if known.get(name) else None
        members[name] = DateField(_(FIELD_WORDS[name]), [Optional()], default=day)
    # What cannot be voided took place: only what it says may be wrong.
    told_wrong = [code for code in REASONS if row.void or code != "did_not_occur"]
    reasons = answers((code, _(REASON_WORDS[code])) for code in told_wrong)
    members["reason"] = RadioField(_("Reason"), [InputRequired()], choices=reasons, default="incorrect_data")
    members["note"] = TextAreaField(
        _("What happened (not public)"), [Optional(), Length(max=MOST)], render_kw={"rows": 3},
        description=_("The other organisation reads it, if it must agree."),
    )  # fmt: skip
    return type("CorrectionForm", (Form,), members).from_request()  # type: ignore[attr-defined]  # a form class


def told(form: Any, row: Row) -> dict[str, Any]:
    """The facts said anew, as the verb takes them."""
    return {name: form[name].data for name in row.fields if form[name].data not in (None, [])}
