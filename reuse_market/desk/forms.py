"""Searches of the operator's lists. A value that is not offered filters nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from reuse_market.accounts import words as accounts
from reuse_market.desk.words import LOT_STATES
from reuse_market.web.forms import Form, answers


class LotSearch(Form):
    """Lots by state and by text."""

    text = StringField(_l("Reference, title or holder"), [Length(max=100)])
    state = SelectField(_l("State"), validate_choice=False)

    def offer(self) -> LotSearch:
        """Fill the choices."""
        _offer(self.state, {key: word for key, (word, _tone) in LOT_STATES.items()})
        return self


class OrganisationSearch(Form):
    """Organisations by role, state and text."""

    text = StringField(_l("Name or SIRET"), [Length(max=100)])
    role = SelectField(_l("Role"), validate_choice=False)
    state = SelectField(_l("State"), validate_choice=False)

    def offer(self) -> OrganisationSearch:
        """Fill the choices."""
        _offer(self.role, accounts.ROLES)
        _offer(self.state, {key: word for key, (word, _tone) in accounts.STATES.items()})
        return self


def asked(field: SelectField) -> str | None:
    """The value chosen, or None when nothing (or nothing offered) was."""
    return field.data if field.data in {one.value for one in field.choices} and field.data else None


def _offer(field: SelectField, words: Mapping[str, str]) -> None:
    field.choices = answers([("", _("All")), *((key, _(word)) for key, word in words.items())])
