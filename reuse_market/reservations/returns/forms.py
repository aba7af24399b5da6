"""Forms of a return: ask, answer, settle."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.reservations.invoices.services import LONGEST_NUMBER, MOST_CENTS
from reuse_market.reservations.returns.services import LONGEST
from reuse_market.reservations.returns.wording import REASONS, REMEDIES, WISHES
from reuse_market.web.forms import CheckboxesField, DateField, EuroField, Form, answers


class ReturnForm(Form):
    """Which devices, why, and what is wished."""

    units = CheckboxesField(_l("Which devices?"), [InputRequired(message=_l("Choose at least one device."))])
    reason = SelectField(_l("What is wrong?"), choices=list(REASONS.items()))
    wish = SelectField(_l("What do you wish?"), choices=list(WISHES.items()))
    words = TextAreaField(
        _l("A few words for the workshop"), [Length(max=LONGEST)],
        description=_l("What happens, and when. No name of a person."), render_kw={"rows": "3"},
    )  # fmt: skip


class AcceptForm(Form):
    """What the seller does, and how to bring the devices."""

    remedy = SelectField(_l("What do you do?"), choices=list(REMEDIES.items()))
    answer = TextAreaField(_l("Where and when to bring them"), [Length(max=LONGEST)], render_kw={"rows": "2"})


class RefuseForm(Form):
    """Why not."""

    answer = TextAreaField(
        _l("Why do you not take them back?"), [Length(max=LONGEST)], render_kw={"rows": "2"}
    )


class SettleForm(Form):
    """How it ends, with the credit note of a purchase that was invoiced."""

    remedy = SelectField(_l("How does it end?"))
    credit_number = StringField(
        _l("Number of your credit note"), [Length(max=LONGEST_NUMBER)], render_kw={"autocomplete": "off"}
    )
    credit_cents = EuroField(_l("Amount given back, before tax"), maximum=MOST_CENTS)
    credited_on = DateField(_l("Date of the credit note"))


def ask_form(units: Sequence[tuple[int, str]], **data: object) -> ReturnForm:
    """The form with the devices that may come back; one alone is ticked."""
    chosen = [str(unit_id) for unit_id, _label in units] if len(units) == 1 else []
    form: ReturnForm = ReturnForm.from_request(units=chosen, **data)
    form.units.choices = answers([(str(unit_id), label) for unit_id, label in units])
    return form


def settle_form(remedy: str, owed: int | None, **data: object) -> SettleForm:
    """The form with the ends still open; without an invoice no credit note is asked for."""
    form: SettleForm = SettleForm.from_request(remedy=remedy, credit_cents=owed, **data)
    ends = REMEDIES if remedy == "repair" else {code: REMEDIES[code] for code in ("exchange", "refund")}
    form.remedy.choices = answers(list(ends.items()))
    if owed is None:
        for name in ("credit_number", "credit_cents", "credited_on"):
            del form[name]
    return form
