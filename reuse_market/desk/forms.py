"""Searches of the operator's lists. A value that is not offered filters nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.accounts import words as accounts
from reuse_market.desk.words import ASKED_BY, LOT_STATES
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


class OnBehalfForm(Form):
    """How an organisation asked the operator to act for it, and who asked."""

    channel = RadioField(
        _l("How the organisation asked you"),
        [InputRequired()],
        choices=[(key, _l(word)) for key, word in ASKED_BY.items()],
    )
    caller_name = StringField(
        _l("Who asked"),
        [Length(max=120)],
        description=_l(
            "The name the person gave. It is told to the organisation and kept beside the journal."
        ),
    )
    next = HiddenField()


def asked(field: SelectField) -> str | None:
    """The value chosen, or None when nothing (or nothing offered) was."""
    return field.data if field.data in {one.value for one in field.choices} and field.data else None


def _offer(field: SelectField, words: Mapping[str, str]) -> None:
    field.choices = answers([("", _("All")), *((key, _(word)) for key, word in words.items())])
