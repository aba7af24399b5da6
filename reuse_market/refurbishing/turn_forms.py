"""The form of a shared computer: who works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import Length

from reuse_market.accounts.technicians import Technician
from reuse_market.web.forms import Form, answers


class TurnForm(Form):
    """A badge, or a name and its PIN."""

    badge = PasswordField(
        _l("Badge"), [Length(max=40)], description=_l("Scan it: the turn begins."), render_kw={"autocomplete": "off"}
    )  # fmt: skip
    person = SelectField(_l("Or your name"))
    pin = PasswordField(
        _l("PIN"), [Length(max=20)],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "class": "short"},
    )  # fmt: skip


def turn_form(technicians: Sequence[Technician]) -> Any:
    """The form with those who have a PIN."""
    form = TurnForm.from_request()
    form.person.choices = answers(
        [(str(one.person_id), one.name) for one in technicians if one.pin] or [("0", "–")]
    )
    return form
