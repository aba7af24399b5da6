"""The holder's answers: one a device, or one for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.refurbishing import words
from reuse_market.refurbishing.locks.queries import Waiting
from reuse_market.web.forms import Form

LATER = ""


def answer_form(rows: Sequence[Waiting], *, signed: bool) -> Any:
    """A question for each lock waiting, `all` for those left empty; `signed` asks for the name (a link)."""
    given = [(code, _l(text)) for code, text in words.RELEASES.items()]
    fields: dict[str, Any] = {
        "all": RadioField(
            _l("For all of them"), choices=[*given, (LATER, _l("Device by device"))], default=LATER
        )
    }
    for row in rows:
        fields[f"wait{row.wait.id}"] = RadioField(
            _l("Your answer"), choices=[*given, (LATER, _l("Later"))], default=row.wait.answer or LATER
        )
    if signed:
        fields["name"] = StringField(
            _l("Your name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
        )
    made: Any = type("LockAnswerForm", (Form,), fields)
    return made.from_request()


def answers_of(form: Any, rows: Sequence[Waiting]) -> dict[int, str]:
    """Wait → answer; what was answered before and stays as it was is not answered again."""
    found = {}
    for row in rows:
        given = form[f"wait{row.wait.id}"].data or form.all.data
        if given and given != row.wait.answer:
            found[row.wait.id] = given
    return found
