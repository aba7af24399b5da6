"""Forms of a reservation: ask, sign on one's own account, sign with a code, let go; those of a voucher."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.equipment import queries as equipment
from reuse_market.reservations import slip
from reuse_market.reservations.models import VOUCHER_STATES
from reuse_market.reservations.services import LONGEST_NAME, MOST
from reuse_market.reservations.vouchers import MOST_CENTS
from reuse_market.reservations.wording import voucher_badge
from reuse_market.web.filters import number
from reuse_market.web.forms import CodeField, DateField, EuroField, Form, IntField, answers

CHOICES = [
    ("collect", _l("We collect them at the seller’s")),
    ("deliver", _l("We ask the seller to deliver them to us")),
    ("carrier", _l("A carrier brings them")),
]
SIGNER = _l("Name of the person who receives and signs")


class ReserveForm(Form):
    """How many, and how. `once` names this form: sent twice, it reserves once."""

    units = IntField(_l("How many devices"), [InputRequired()], minimum=1, maximum=MOST)
    delivery = RadioField(_l("How do you get them?"), [InputRequired()], choices=CHOICES, default="collect")
    order_number = StringField(
        _l("Your order number"),
        [Length(max=60)],
        description=_l("It is printed on the handover slip."),
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(_l("A word to the seller"), [Length(max=500)], render_kw={"rows": "3"})
    once = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")], default=lambda: uuid.uuid4().hex)

    def say_left(self, left: int) -> None:
        """More than are left is answered with how many are."""
        _say_left(self.units, left)


class QuoteForm(Form):
    """How many a quote is for; the reservation form's own box."""

    units = IntField(_l("How many devices"), [InputRequired()], minimum=1, maximum=MOST)

    def say_left(self, left: int) -> None:
        """More than are left is answered with how many are."""
        _say_left(self.units, left)


def _say_left(box: IntField, left: int) -> None:
    if left <= MOST:
        box.tighten(left, gettext("Only %(left)s are left. Change the number.", left=number(left)))


class ReceiveForm(Form):
    """The beneficiary's signature, signed in."""

    name = StringField(
        SIGNER, [InputRequired(), Length(max=LONGEST_NAME)], render_kw={"autocomplete": "name"}
    )
    received = BooleanField("", [InputRequired(message=_l("Tick the box: it is what you sign."))])
    undertaken = BooleanField("")

    def say_how_many(self, units: int) -> None:
        """Put the number of devices into the sentence that is signed."""
        self.received.label.text = ngettext(
            "I have received this device", "I have received these %(num)s devices", units
        )


class HandOverForm(Form):
    """The beneficiary's signature on the seller's screen."""

    name = StringField(SIGNER, [InputRequired(), Length(max=LONGEST_NAME)], render_kw={"autocomplete": "off"})
    code = StringField(
        _l("Handover code"),
        [InputRequired(), Regexp(r"[0-9]{4}\Z", message=_l("Enter the four digits of the code."))],
        description=_l("Four digits: the beneficiary got them by e-mail, and finds them on its page."),
        filters=[lambda typed: typed.replace(" ", "") if typed else typed],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "class": "short", "maxlength": "7"},
    )
    undertaken = BooleanField("")


class ReleaseForm(Form):
    """Why one lets go. The seller has to say."""

    reason = TextAreaField(_l("Reason"), [Length(max=500)], render_kw={"rows": "3"})


def say_undertakings(form: Form, codes: Sequence[str], lang: str) -> None:
    """Put what the law asks the beneficiary to undertake into the sentence it ticks; without any, no box."""
    if not codes:
        del form.undertaken
        return
    what = " ; ".join(slip.undertaking(code, lang) for code in codes)
    form.undertaken.label.text = str(_l("We undertake: %(what)s.", what=what))


class VoucherForm(Form):
    """For what a voucher is good. Nothing here says who for."""

    kind = SelectField(_l("Kind of device"))
    cap_cents = EuroField(
        _l("Most the person pays, VAT included"),
        description=_l("Leave it empty for the ceiling the law sets for the kind of device."),
        maximum=MOST_CENTS,
    )
    ends_on = DateField(_l("Good until"), [InputRequired()])


def voucher_form(lang: str, ends_on: date) -> VoucherForm:
    """The form, with the kinds of today and the usual last day."""
    form: VoucherForm = VoucherForm.from_request(ends_on=ends_on)
    form.kind.choices = answers([("", _l("Any kind")), *_kinds(lang)])
    return form


class VoucherFilter(Form):
    """What the list of vouchers is narrowed by."""

    state = SelectField(_l("State"))
    kind = SelectField(_l("Kind of device"))


def voucher_filter(lang: str) -> VoucherFilter:
    """The filters of the address; what is unknown narrows nothing."""
    form: VoucherFilter = VoucherFilter.from_query()
    states = [(state, voucher_badge(state)[0]) for state in VOUCHER_STATES]
    for field, choices in ((form.state, states), (form.kind, _kinds(lang))):
        field.choices = answers([("", _l("Any")), *choices])
        if field.data not in {code for code, _label in choices}:
            field.data = ""
    return form


def _kinds(lang: str) -> list[tuple[str, str]]:
    return [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]


class LabelForm(Form):
    """Which device is on the counter."""

    code = CodeField(_l("Code of the device"), [InputRequired(), Length(max=40)])


class CounterForm(Form):
    """The voucher presented, and what is paid."""

    voucher = CodeField(
        _l("Code of the orientation voucher"), [InputRequired(), Length(max=40)],
        description=_l("Seven letters and digits, on the card of the person."),
    )  # fmt: skip
    price_cents = EuroField(_l("Price paid, VAT included"), [InputRequired()], maximum=MOST_CENTS)
