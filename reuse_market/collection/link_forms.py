"""Forms of links: a driver's, a signature from afar."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.web.forms import Form


class DriverLinkForm(Form):
    """Whom the day's link is for."""

    name = StringField(_l("Name of the driver"), [InputRequired(), Length(max=120)],
                       render_kw={"autocomplete": "off"})  # fmt: skip
    email = StringField(
        _l("E-mail address of the driver"), [Length(max=200)], render_kw={"type": "email", "autocomplete": "off"},
        description=_l("Leave it empty to send the link yourself, by text message for example."),
    )  # fmt: skip
    phone = StringField(
        _l("Phone of the driver"), [Length(max=30)], render_kw={"type": "tel", "autocomplete": "off"},
        description=_l("For your own list: the site sends no text message."),
    )  # fmt: skip
    language = RadioField(
        _l("Language of the mail"), choices=[("fr", "Français"), ("en", "English")], default="fr"
    )

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        return {name: self[name].data or "" for name in ("name", "email", "phone")} | {
            "language": self.language.data or "fr"
        }


class SignByLinkForm(Form):
    """The contact's name is its signature."""

    name = StringField(
        _l("Your name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
