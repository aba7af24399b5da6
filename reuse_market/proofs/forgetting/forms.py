"""Forms of forgetting: typed again, or ticked, because nothing brings it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.web.forms import Form


class ForgetPersonForm(Form):
    """The address of the account, typed again."""

    confirmed = StringField(
        _l("E-mail address of the account, to confirm"), [InputRequired(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip


class ForgetSerialsForm(Form):
    """That nothing brings them back."""

    confirmed = BooleanField(_l("I confirm: nothing brings these numbers back"), [InputRequired()])
