"""Forms of an invoice: record it, say it is wrong, give back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.reservations.invoices.lifecycle import REASONS
from reuse_market.reservations.invoices.services import LONGEST_NUMBER, MOST_CENTS
from reuse_market.web.forms import DateField, EuroField, Form, IntField

WHY = {
    "return": _l("Devices are returned"),
    "refund": _l("A refund"),
    "discount": _l("A discount"),
    "mistake": _l("A mistake of the invoice"),
}


class InvoiceForm(Form):
    """The three things that an invoice says; VAT follows the reservation."""

    number = StringField(
        _l("Number of your invoice"),
        [InputRequired(), Length(max=LONGEST_NUMBER)],
        render_kw={"autocomplete": "off"},
    )
    issued_on = DateField(_l("Date of the invoice"), [InputRequired()])
    net_cents = EuroField(_l("Amount before tax"), [InputRequired()], maximum=MOST_CENTS)


class DisputeForm(Form):
    """What is wrong."""

    reason = TextAreaField(_l("What is wrong?"), [InputRequired(), Length(max=500)], render_kw={"rows": "3"})


class CreditForm(Form):
    """A credit note."""

    number = StringField(
        _l("Number of your credit note"),
        [InputRequired(), Length(max=LONGEST_NUMBER)],
        render_kw={"autocomplete": "off"},
    )
    issued_on = DateField(_l("Date of the credit note"), [InputRequired()])
    units = IntField(_l("How many devices it is for"), [InputRequired()], minimum=0, maximum=500)
    net_cents = EuroField(_l("Amount given back, before tax"), [InputRequired()], maximum=MOST_CENTS)
    reason = SelectField(_l("Why?"), choices=[(code, WHY[code]) for code in REASONS])
