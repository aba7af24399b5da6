"""The form of the waiting list: a kind with its minimums, or more of one group."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from reuse_market.catalogue.describing import size
from reuse_market.catalogue.forms import MEMORIES
from reuse_market.equipment import queries as equipment
from reuse_market.reservations.placing import MOST
from reuse_market.reservations.vouchers import MOST_CENTS
from reuse_market.web.forms import EuroField, Form, IntField, answers


class WaitForm(Form):
    """How many, of what; one is told, and served in order."""

    units = IntField(_l("How many devices"), [InputRequired()], minimum=1, maximum=MOST)
    kind = SelectField(_l("Kind of device"), [InputRequired()])
    ram = SelectField(_l("Memory"))
    grade = SelectField(_l("Appearance"))
    most = EuroField(
        _l("Price up to, VAT included"),
        description=_l("Leave it empty for any price; 0 for free devices only."),
        maximum=MOST_CENTS,
    )
    fewer = BooleanField(_l("Offer me what there is, even if it is fewer: I keep my place for the rest"))
    offer = HiddenField(validators=[Length(max=16)])

    @property
    def ram_gb(self) -> int | None:
        """The memory asked for."""
        return int(self.ram.data) if (self.ram.data or "").isdigit() else None


def wait_form(lang: str, **data: object) -> WaitForm:
    """The form with the choices of today in the reader's language."""
    form: WaitForm = WaitForm.from_request(**data)
    labels = [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]
    memories = [(str(gb), str(_l("%(size)s or more", size=size(gb, lang)))) for gb in MEMORIES]
    grades = [
        (step.code, str(_l("%(grade)s or better", grade=f"{step.code} – {step.label}")))
        for step in equipment.grade_scale(lang)
    ]
    form.kind.choices = answers(labels)
    form.ram.choices = answers([("", _l("Any")), *memories])
    form.grade.choices = answers([("", _l("Any")), *grades])
    for field in (form.ram, form.grade):
        field.data = field.data or ""
    return form
