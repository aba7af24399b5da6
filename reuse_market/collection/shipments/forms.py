"""Forms of shipments: what to send to whom, and the receiver's answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.collection.shipment_models import SHIPMENT_OUTCOMES, TRANSFERS
from reuse_market.collection.shipments import words
from reuse_market.collection.shipments.choosing import Sorted, bearers
from reuse_market.collection.shipments.reading import Row
from reuse_market.collection.shipments.sending import HEAVIEST
from reuse_market.web.filters import code as printed
from reuse_market.web.filters import number
from reuse_market.web.forms import CheckboxesField, EuroField, Form, IntField, answers

ANY_REASON = sorted({code for reasons in words.REASONS.values() for code in reasons})


MOST_BOXES = 12  # devices to tick one by one; beyond, their numbers are typed or scanned


class SortForm(Form):
    """What the list of devices is narrowed by."""

    state = SelectField(_l("State"))
    kind = SelectField(_l("Kind"))
    lot = SelectField(_l("Lot"))


class SendForm(Form):
    """Devices sorted by state, kind, model and lot; numbers scanned; whom to send them to."""

    ranges = CheckboxesField(_l("Devices to send"))
    codes = TextAreaField(
        _l("Or their numbers"), [Length(max=40_000)], render_kw={"rows": 3},
        description=_l("Label codes, serial numbers or asset tags, one a line: scan them one after the other."),
    )  # fmt: skip
    receiver_id = SelectField(_l("Send to"), [InputRequired()], coerce=int)
    transfer = RadioField(_l("Ownership of the devices"), [InputRequired()], default="none")
    price_cents = EuroField(_l("Price of one device, VAT included"), description=_l("Only for a sale."))
    weight_kg = IntField(
        _l("Weight of the load"), [Optional()], minimum=1, maximum=HEAVIEST // 1000, unit=_l("kg")
    )
    note = StringField(_l("Note for the receiver"), [Length(max=300)])


class AnswerForm(Form):
    """The same answer for the devices ticked."""

    units = CheckboxesField(_l("Devices"), coerce=int)
    codes = TextAreaField(
        _l("Numbers of these devices"), [Length(max=40_000)], render_kw={"rows": 3},
        description=_l("Label codes, serial numbers or asset tags, one a line: scan them one after the other."),
    )  # fmt: skip
    outcome = RadioField(_l("Your answer"), [InputRequired()], default="received")
    reason = SelectField(_l("Reason, where it is not received"), default="")
    note = StringField(_l("Note"), [Length(max=300)])
    weight_kg = IntField(
        _l("Weight of the load as weighed on arrival"), [Optional()], minimum=1, maximum=HEAVIEST // 1000,
        unit=_l("kg"),
    )  # fmt: skip


class ReadForm(Form):
    """One device received, by what is written on it."""

    code = StringField(_l("Label code, serial number or asset tag"), [Length(max=80)])


def send_form(
    found: Sequence[Sorted], receivers: Sequence[tuple[int, str]], kind: Callable[[str], str]
) -> SendForm:
    """The form with its choices."""
    form: SendForm = SendForm.from_request()
    form.ranges.choices = answers((one.key, sorted_said(one, kind)) for one in found)
    form.receiver_id.choices = answers(receivers)
    form.transfer.choices = answers((code, _(words.TRANSFERS[code])) for code in TRANSFERS)
    return form


def answer_form(waiting: Sequence[Row], kind: Callable[[str], str]) -> AnswerForm:
    """The form with the devices left to answer: ticked where they are few, else by what is written on them."""
    form: AnswerForm = AnswerForm.from_request()
    few = len(waiting) <= MOST_BOXES
    alone = bearers((row.unit.id, row.codes) for row in waiting).values()
    form.units.choices = answers(
        (row.unit.id, unit_said(row, kind)) for row in waiting if few or row.unit.id not in alone
    )
    if few and "codes" not in request.form:  # typed when there were more: it still counts
        del form.codes
    form.outcome.choices = answers((code, _(words.OUTCOMES[code][0])) for code in SHIPMENT_OUTCOMES)
    named = {code: _(text) for reasons in words.REASONS.values() for code, text in reasons.items()}
    form.reason.choices = answers([("", _("No reason")), *named.items()])
    return form


def sorted_said(one: Sorted, kind: Callable[[str], str]) -> str:
    """Units alike in one line: how many, what, which state, which lot."""
    count = ngettext("%(count)s device", "%(count)s devices", one.units, count=number(one.units))
    model = f"{one.maker} {one.model}".strip()
    parts = [kind(one.kind), model, _(words.UNIT_STATES[one.state])]
    parts += [_("grade %(grade)s", grade=one.grade)] if one.grade else []
    return " – ".join([count, *(part for part in (*parts, one.lot) if part)])


def unit_said(row: Row, kind: Callable[[str], str]) -> str:
    """A device in one line: what it is and its numbers."""
    name = f"{row.maker} {row.model}".strip() or kind(row.unit.kind)
    numbers = [printed(row.code) if row.code else "", row.unit.serial or "", row.unit.asset_tag or ""]
    return " – ".join([name, *(one for one in numbers if one)])
