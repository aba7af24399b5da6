"""Forms of passwords, people and tokens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.web.forms import CheckboxesField, DateField, Form

RIGHTS = [
    ("prepare", _l("Prepare: fill in everything; a colleague confirms")),
    ("commit", _l("Commit the organisation: publish, accept, reserve, sign")),
]
ENDS = [("30", _l("30 days")), ("90", _l("90 days")), ("365", _l("One year")), ("", _l("No end date"))]


class LostPasswordForm(Form):
    """Where to send the link."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(), Length(max=200)],
        render_kw={"type": "email", "autocomplete": "username"},
    )


class NewPasswordForm(Form):
    """A password chosen by the link of a mail."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(), Length(max=200)],
        description=_l("At least 12 characters. A short sentence works well."),
        render_kw={"autocomplete": "new-password"},
    )


class JoinForm(NewPasswordForm):
    """Somebody's first password, and their name as colleagues read it."""

    name = StringField(
        _l("Your name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
    )


class InvitationForm(Form):
    """Whom to invite, and what they may do."""

    name = StringField(_l("Name of the person"), [InputRequired(), Length(max=120)])
    email = StringField(_l("E-mail address"), [InputRequired(), Length(max=200)], render_kw={"type": "email"})
    rights = RadioField(_l("What may this person do?"), [InputRequired()], choices=RIGHTS)
    until = DateField(_l("Last day of access"), description=_l("For a trainee or an auditor, for example."))
    language = SelectField(_l("Language of the mail"), choices=[("fr", "Français"), ("en", "English")])


class MemberForm(Form):
    """What a member may do, until when."""

    rights = RadioField(_l("What may this person do?"), [InputRequired()], choices=RIGHTS)
    until = DateField(_l("Last day of access"))


class RemovalForm(Form):
    """To remove oneself, tick."""

    confirmed = BooleanField(_l("I remove myself: I will no longer act for this organisation"))


class TokenForm(Form):
    """What a program may do, until when."""

    label = StringField(
        _l("What is it for?"),
        [InputRequired(), Length(max=120)],
        description=_l("For example: stock tool of the workshop"),
    )
    scopes = CheckboxesField(_l("What may it do?"), [InputRequired()])
    days = SelectField(_l("How long does it work?"), choices=ENDS, default="365", validate_choice=True)


class PinForm(Form):
    """The PIN of a workshop's shared computer."""

    pin = PasswordField(
        _l("New PIN"),
        [InputRequired(), Length(max=20)],
        description=_l("4 to 8 figures, typed at each turn on the shared computer."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "class": "short"},
    )
