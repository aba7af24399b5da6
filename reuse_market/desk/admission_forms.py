"""Forms of the operator's decisions on an organisation."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.accounts import words as accounts
from reuse_market.accounts.models import ROLES, Evidence
from reuse_market.accounts.registration_forms import EMAIL_OR_NONE, WRONG_EMAIL, OrganisationForm
from reuse_market.web.filters import date_long
from reuse_market.web.forms import CheckboxesField, DateField, Form, answers

ALL_ROLES = [(code, _l(accounts.ROLES[code])) for code in ROLES]


class DecisionForm(Form):
    """Why, or with which roles."""

    reason = TextAreaField(
        _l("Reason"), [Length(max=500)],
        description=_l("The organisation reads it, in the message and in its file."),
    )  # fmt: skip
    roles = CheckboxesField(_l("Roles confirmed"), choices=ALL_ROLES)
    paper_charter = BooleanField(_l("I hold the charter signed on paper."))


class IdentityForm(OrganisationForm):
    """What the operator corrects; every role may be given, those that oversee by an administrator."""

    roles = CheckboxesField(_l("Roles"), [InputRequired()], choices=ALL_ROLES)
    email = StringField(
        _l("E-mail address"),
        [Length(max=200), Regexp(EMAIL_OR_NONE, message=WRONG_EMAIL)],
        render_kw={"type": "email"},
    )  # fmt: skip


class QualificationForm(Form):
    """What an organisation is before the law, proved by what, from when."""

    party_kind = SelectField(_l("It is"), [InputRequired()])
    evidence = StringField(
        _l("Proved by"), [InputRequired(), Length(max=300)],
        description=_l("The text, its number and its date, for example: decree of 4 March 2019."),
    )  # fmt: skip
    evidence_id = SelectField(_l("File"), validate_choice=False)
    valid_from = DateField(_l("From"), description=_l("Leave empty for today."))
    until = DateField(_l("Until"), description=_l("Leave empty when it has no end."))

    def offer(self, kinds: dict[str, str], files: Iterable[tuple[Evidence, str]]) -> QualificationForm:
        """Fill the standings and the files."""
        self.party_kind.choices = answers([(code, _(word)) for code, word in kinds.items()])
        named = [(str(row.id), f"{_(label)} – {date_long(row.sent_at)}") for row, label in files]
        self.evidence_id.choices = answers([("", _("None: seen on paper")), *named])
        return self

    def file_id(self) -> int | None:
        """The file chosen, if one was."""
        known = {one.value for one in self.evidence_id.choices}
        return (
            int(self.evidence_id.data) if self.evidence_id.data and self.evidence_id.data in known else None
        )
