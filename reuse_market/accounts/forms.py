"""Forms of sign-in, account and sites."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.web.forms import Form, IntField

YES_NO = [("unknown", _l("I do not know")), ("yes", _l("Yes")), ("no", _l("No"))]


class SignInForm(Form):
    """E-mail and password."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(), Length(max=200)],
        render_kw={"type": "email", "autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasswordForm(Form):
    """A new password, the present one repeated."""

    present = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(), Length(max=200)],
        description=_l("At least 12 characters. A short sentence works well."),
        render_kw={"autocomplete": "new-password"},
    )


class LanguageForm(Form):
    """The language of pages and mails."""

    language = SelectField(_l("Language"), choices=[("fr", "Français"), ("en", "English")])
    next = HiddenField()


class SiteForm(Form):
    """A place where devices are kept, with what a driver must know before leaving."""

    name = StringField(
        _l("Name of the site"), [InputRequired(), Length(max=120)], description=_l("For example: head office")
    )
    street = StringField(
        _l("Number and street"), [Length(max=200)], render_kw={"autocomplete": "address-line1"}
    )
    postcode = StringField(
        _l("Postcode"),
        [InputRequired(), Regexp(r"[0-9]{5}\Z", message=_l("Enter the five digits of the postcode."))],
        render_kw={"inputmode": "numeric", "class": "short", "autocomplete": "postal-code"},
    )
    commune_name = StringField(_l("Commune"), [InputRequired(), Length(max=80)])
    has_dock = SelectField(_l("Loading dock"), choices=YES_NO)
    has_lift = SelectField(_l("Lift"), choices=YES_NO)
    needs_tail_lift = SelectField(_l("Tail-lift needed"), choices=YES_NO)
    floor = StringField(_l("Floor"), [Length(max=40)], render_kw={"class": "short"})
    height_limit_cm = IntField(_l("Height limit for the vehicle, in centimetres"), minimum=100, maximum=600)
    hours = StringField(
        _l("Opening hours"), [Length(max=200)], description=_l("For example: Monday to Thursday, 9 to 12")
    )
    access_note = TextAreaField(_l("What else a driver must know"), [Length(max=500)])
    contact_name = StringField(_l("Contact on site"), [Length(max=120)])
    contact_phone = StringField(_l("Phone of the contact"), [Length(max=30)], render_kw={"type": "tel"})
    contact_email = StringField(_l("E-mail of the contact"), [Length(max=200)], render_kw={"type": "email"})
