"""Forms of a basket: many alike from several sellers. `parts` is what the page proposed, as it was checked."""

from __future__ import annotations

import re
import uuid

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.reservations.forms import CHOICES
from reuse_market.reservations.placing import MOST
from reuse_market.web.forms import Form, IntField

PART = r"[0-9a-f]{16}:[1-9][0-9]{0,2}"
PARTS = re.compile(rf"{PART}(,{PART}){{0,19}}")


class HowManyForm(Form):
    """How many alike, over all sellers."""

    units = IntField(_l("How many alike"), [InputRequired()], minimum=1, maximum=MOST)


class BasketForm(Form):
    """Where they come from, and how. `once` names this form: sent twice, it reserves once."""

    parts = HiddenField(validators=[InputRequired(), Regexp(rf"{PARTS.pattern}\Z")])
    delivery = RadioField(_l("How do you get them?"), [InputRequired()], choices=CHOICES, default="collect")
    order_number = StringField(
        _l("Your order number"),
        [Length(max=60)],
        description=_l("It is printed on the handover slip."),
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(_l("A word to the sellers"), [Length(max=500)], render_kw={"rows": "3"})
    once = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")], default=lambda: uuid.uuid4().hex)

    def chosen(self) -> list[tuple[str, int]]:
        """The parts as (group key, units); empty while they cannot be read, checked or not."""
        if not PARTS.fullmatch(self.parts.data or ""):
            return []
        pairs = (part.split(":") for part in self.parts.data.split(","))
        return [(key, int(units)) for key, units in pairs]


def written(parts: list[tuple[str, int]]) -> str:
    """Parts as the hidden field holds them."""
    return ",".join(f"{key}:{units}" for key, units in parts)
