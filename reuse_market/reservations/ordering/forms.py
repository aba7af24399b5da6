"""Forms of a purchase: take a quote, issue an order."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.reservations.forms import CHOICES
from reuse_market.reservations.ordering.orders import LONGEST
from reuse_market.web.forms import Form, SiretField


class TakeForm(Form):
    """How the devices of a quote are got."""

    delivery = RadioField(_l("How do you get them?"), [InputRequired()], choices=CHOICES, default="collect")
    order_number = StringField(_l("Your order number"), [Length(max=60)], render_kw={"autocomplete": "off"})
    note = TextAreaField(_l("A word to the seller"), [Length(max=500)], render_kw={"rows": "3"})


class OrderForm(Form):
    """What Chorus Pro asks the invoice to bear."""

    siret = SiretField(
        _l("SIRET of the establishment that pays"), [InputRequired()],
        description=_l("14 digits. It receives the invoice in Chorus Pro."),
    )  # fmt: skip
    service_code = StringField(
        _l("Service code"), [Length(max=LONGEST["service_code"])],
        description=_l("As in Chorus Pro, when your establishment asks for one."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    commitment = StringField(
        _l("Legal commitment number"), [Length(max=LONGEST["commitment"])],
        description=_l("The number your accounts give to the order, when your establishment asks for one."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    buyer_reference = StringField(
        _l("Your reference"), [Length(max=LONGEST["reference"])], render_kw={"autocomplete": "off"}
    )
