"""Forms of the REEN sheet: a typed line, marks on devices."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.obligations.reen import wording
from reuse_market.obligations.reen.reen_models import EXCLUSIONS, MARKS, OUTLETS, ReenLine
from reuse_market.obligations.reen.services import MOST_UNITS
from reuse_market.web.forms import DateField, Form, IntField, answers


class LineForm(Form):
    """A line typed into the sheet; `role` decides which of its fields are asked."""

    kind = SelectField(_l("Kind of device"), [InputRequired()])
    units = IntField(
        _l("How many devices"), [InputRequired()], minimum=-MOST_UNITS, maximum=MOST_UNITS
    )  # fmt: skip
    outlet = SelectField(_l("Where they went"))
    left_on = DateField(_l("Day they left"))
    committed = BooleanField(_l("The taker had committed beforehand, in writing, to reuse them"))
    justified = BooleanField(_l("The taker has justified since that they were reused"))
    exclusion = SelectField(_l("Left out of the calculation"))
    reference = StringField(_l("Reference of the proof"), [Length(max=120)], render_kw={"maxlength": 120})
    reason = StringField(_l("Reason"), [Length(max=300)], render_kw={"maxlength": 300})
    proof = FileField(
        _l("Proof"), description=_l("PDF, JPEG or PNG, 5 MB at most."),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )  # fmt: skip

    def content(self) -> bytes:
        """The bytes of the file, none when none was chosen."""
        data: bytes = self.proof.data.read() if getattr(self.proof.data, "filename", "") else b""
        return data

    def values(self, role: str) -> dict[str, Any]:
        """As the verbs take them."""
        out = role == "outlet"
        typed = {
            "role": role, "kind": self.kind.data, "units": self.units.data, "exclusion": self.exclusion.data or "",
            "reference": self.reference.data or "", "reason": self.reason.data or "",
        }  # fmt: skip
        if not out:
            return typed
        return typed | {
            "outlet": self.outlet.data or "", "left_on": self.left_on.data,
            "committed": self.committed.data, "justified": self.justified.data,
        }  # fmt: skip


class MarkForm(Form):
    """What is said of the ticked devices."""

    unit = SelectMultipleField(validate_choice=False)
    code = SelectField(_l("What you say of them"), [InputRequired()])
    reason = StringField(
        _l("Why, or which paper shows it"), [InputRequired(), Length(max=300)], render_kw={"maxlength": 300}
    )  # fmt: skip

    def ids(self) -> list[int]:
        """The ticked devices."""
        return [int(i) for i in self.unit.data or [] if i.isascii() and i.isdecimal() and len(i) < 10]


def line_form(role: str, lang: str, row: ReenLine | None = None) -> LineForm:
    """The form of a role, filled with a line there is already."""
    form: LineForm = LineForm.from_request(obj=row) if row is not None else LineForm.from_request()
    form.kind.choices = answers(
        [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]
    )
    form.exclusion.choices = answers(
        [("", _("No, they count")), *((code, _(wording.WHY[code])) for code in EXCLUSIONS)]
    )
    form.outlet.choices = answers([(code, _(wording.OUTLETS[code])) for code in OUTLETS])
    form.left_on.latest = clock.today()
    if role == "stock":
        for name in ("outlet", "left_on", "committed", "justified"):
            delattr(form, name)
        form.units.description = _("More than the platform counts, or fewer with a minus sign.")
        form.reason.flags.required = True
    return form


def mark_form() -> MarkForm:
    """The form, with its marks."""
    form: MarkForm = MarkForm.from_request()
    form.code.choices = answers([(code, _(wording.MARKS[code])) for code in MARKS])
    return form
