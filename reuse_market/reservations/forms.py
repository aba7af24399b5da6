"""Forms of a reservation: ask, sign on one's own account, sign with a code, let go."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.reservations.services import LONGEST_NAME, MOST
from reuse_market.web.forms import Form, IntField

CHOICES = [
    ("collect", _l("We collect them at the seller’s")),
    ("deliver", _l("We ask the seller to deliver them to us")),
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


class ReceiveForm(Form):
    """The beneficiary's signature, signed in."""

    name = StringField(
        SIGNER, [InputRequired(), Length(max=LONGEST_NAME)], render_kw={"autocomplete": "name"}
    )
    received = BooleanField("", [InputRequired(message=_l("Tick the box: it is what you sign."))])

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


class ReleaseForm(Form):
    """Why one lets go. The seller has to say."""

    reason = TextAreaField(_l("Reason"), [Length(max=500)], render_kw={"rows": "3"})
