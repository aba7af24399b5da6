"""Forms of a registration and of the organisation's own file."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp, StopValidation

from reuse_market.accounts import registration, words
from reuse_market.accounts.models import LEGAL_KINDS
from reuse_market.accounts.registration import Application
from reuse_market.web.forms import CheckboxesField, DateField, Form, SiretField, answers

EMAIL = r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+\.[^\s@,;:<>()\[\]\"\\]+\Z"
EMAIL_OR_NONE = f"({EMAIL})?\\Z"
WRONG_EMAIL = _l("Enter an e-mail address such as name@example.org.")
KINDS = [(code, _l(words.LEGAL_KINDS[code])) for code in LEGAL_KINDS]
ROLES = [(code, _l(words.ROLE_CHOICES[code])) for code in registration.ROLES]


class RnaField(StringField):
    """The number of an association in its register: W and 9 digits, spaces allowed. Empty is ""."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Drop spaces, dots and dashes; capitals."""
        if valuelist:
            self.data = re.sub(r"[\s.\-]+", "", valuelist[0]).upper()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no such number, and say its shape."""
        if self.data and not re.fullmatch(r"W[0-9]{9}", self.data):
            raise StopValidation(_("Enter the letter W and 9 digits, for example W381234567."))


class OrganisationForm(Form):
    """What an organisation is: for whoever registers it, and for the operator who corrects it."""

    name = StringField(
        _l("Name of the organisation"), [InputRequired(), Length(max=160)],
        render_kw={"autocomplete": "organization"},
    )  # fmt: skip
    siret = SiretField(
        _l("SIRET"), [Length(max=14)],
        description=_l("The 14 digits of the establishment; spaces do not count."),
    )  # fmt: skip
    rna = RnaField(
        _l("RNA number"), [Length(max=10)],
        description=_l("For an association without SIRET: W and 9 digits."),
    )  # fmt: skip
    legal_kind = SelectField(_l("Legal kind"), [InputRequired()], choices=[("", _l("Choose")), *KINDS])
    roles = CheckboxesField(_l("What do you want to do here?"), [InputRequired()], choices=ROLES)
    phone = StringField(_l("Phone"), [Length(max=30)], render_kw={"type": "tel", "autocomplete": "tel"})


class RegistrationForm(OrganisationForm):
    """The same, with its main site and the person who registers it."""

    street = StringField(
        _l("Number and street"), [Length(max=200)], render_kw={"autocomplete": "address-line1"}
    )
    postcode = StringField(
        _l("Postcode"),
        [InputRequired(), Regexp(r"[0-9]{5}\Z", message=_l("Enter the five digits of the postcode."))],
        render_kw={"inputmode": "numeric", "class": "short", "autocomplete": "postal-code"},
    )
    commune_name = StringField(_l("Commune"), [InputRequired(), Length(max=80)])
    person_name = StringField(
        _l("Your first and last name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    email = StringField(
        _l("Your e-mail address"),
        [InputRequired(), Length(max=200), Regexp(EMAIL, message=WRONG_EMAIL)],
        description=_l("We write to it: use an address of your organisation."),
        render_kw={"type": "email", "autocomplete": "email"},
    )  # fmt: skip

    def without_person(self) -> RegistrationForm:
        """Somebody signed in is known already."""
        del self.person_name, self.email
        return self

    def application(self, language: str, **person: str) -> Application:
        """What is typed, as the verb takes it."""
        data: dict[str, Any] = {name: value or "" for name, value in self.data.items()}
        data["roles"] = tuple(data["roles"] or ())
        data["email"] = data.get("email", "").lower()
        return Application(**data | {"language": language} | person)


class ForSomebodyForm(RegistrationForm):
    """The operator's: the organisation may have nobody yet."""

    person_name = StringField(_l("Name of the person"), [Length(max=120)])
    email = StringField(
        _l("E-mail address of the person"),
        [Length(max=200), Regexp(EMAIL_OR_NONE, message=WRONG_EMAIL)],
        description=_l("If given, the person receives a link to choose a password."),
        render_kw={"type": "email"},
    )  # fmt: skip


class ContactForm(Form):
    """How to reach the organisation."""

    phone = StringField(_l("Phone"), [Length(max=30)], render_kw={"type": "tel"})
    email = StringField(
        _l("E-mail address"),
        [Length(max=200), Regexp(EMAIL_OR_NONE, message=WRONG_EMAIL)],
        render_kw={"type": "email"},
    )  # fmt: skip


class EvidenceForm(Form):
    """A file that shows what the organisation is."""

    kind = SelectField(_l("What this file shows"), [InputRequired()])
    file = FileField(
        _l("File"), description=_l("PDF, JPEG or PNG, 5 MB at most."),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )  # fmt: skip
    issued_on = DateField(_l("Date of the document"))
    until = DateField(_l("Valid until"), description=_l("Leave empty when it has no end."))
    note = StringField(_l("Remark"), [Length(max=200)])

    def offer(self, kinds: dict[str, str]) -> EvidenceForm:
        """Fill the kinds."""
        self.kind.choices = answers([(code, _(word)) for code, word in kinds.items()])
        return self

    def content(self) -> bytes:
        """The bytes of the file, none when none was chosen."""
        data: bytes = self.file.data.read() if getattr(self.file.data, "filename", "") else b""
        return data


class CharterForm(Form):
    """Accepting the charter."""

    version = HiddenField()
    agreed = BooleanField(_l("I have read the charter and accept it for my organisation."), [InputRequired()])
