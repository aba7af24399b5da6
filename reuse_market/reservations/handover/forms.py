"""Forms of the handover: the plan, and the kit packed with the devices."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.reservations.forms import CHOICES
from reuse_market.reservations.handover import kit
from reuse_market.reservations.handover.planning import LONGEST_CARRIER, LONGEST_PLACE
from reuse_market.web.forms import DateField, Form, answers


class PlanForm(Form):
    """Who carries, when and where."""

    delivery = RadioField(_l("Who carries the devices?"), [InputRequired()], choices=CHOICES)
    carrier = StringField(
        _l("Name of the carrier"), [Length(max=LONGEST_CARRIER)],
        description=_l("Only when somebody else than the two of you carries."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    day = DateField(_l("Day of the handover"))
    place = StringField(
        _l("Place of the handover"), [Length(max=LONGEST_PLACE)],
        description=_l("Leave it empty for the usual address."), render_kw={"autocomplete": "off"},
    )  # fmt: skip


def kit_form(kind: str, bare: bool = False, **data: Any) -> Form:
    """One choice for each thing that goes with a device of this kind; nothing chosen: not told.

    `bare`: offered without a system, so that none can be told as supplied.
    """
    said = [("", _l("Not told")), (kit.IN, _l("Supplied"))]
    said += [(code, _l("Not supplied: %(why)s", why=_(words))) for code, words in kit.MISSING.items()]
    fields = {}
    for code in kit.items_of(kind):
        words = _(kit.LABELS[code])
        fields[f"kit_{code}"] = SelectField(
            words[:1].upper() + words[1:],
            choices=answers([one for one in said if not (bare and code == "os" and one[0] == kit.IN)]),
            default="",
        )  # fmt: skip
    shape: type[Form] = type("KitForm", (Form,), fields)
    return shape.from_request(**data)


def told(form: Form) -> dict[str, str]:
    """What was chosen: item → answer; those not told are left out."""
    return {field.name.removeprefix("kit_"): field.data for field in form if field.data}
