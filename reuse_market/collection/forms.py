"""Forms of pick-ups: a slot, the phone page's, the two signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from reuse_market.collection.queries import Planned, Tally
from reuse_market.collection.words import BY_OUTCOME, REASONS
from reuse_market.kernel import clock
from reuse_market.web.forms import CheckboxesField, DateField, Form, IntField

TIME = Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", message=_l("Enter a time, for example 09:30."))
LISTED = 60  # units one can tick; beyond, their number is typed


class SlotForm(Form):
    """A day and hours, Europe/Paris."""

    day = DateField(_l("Day"), [InputRequired()])
    from_time = StringField(
        _l("From (hour)"), [InputRequired(), TIME], render_kw={"type": "time", "class": "short"}
    )
    to_time = StringField(
        _l("To (hour)"), [InputRequired(), TIME], render_kw={"type": "time", "class": "short"}
    )
    note = TextAreaField(
        _l("What the other side should know"), [Length(max=500)], render_kw={"rows": 3},
        description=_l("For example: two people and a van, badge at the reception."),
    )  # fmt: skip

    def slot(self) -> dict[str, Any]:
        """Arguments of the verbs."""
        return {name: self[name].data for name in ("day", "from_time", "to_time", "note")}


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=500)], render_kw={"rows": 3},
        description=_l("The other organisation will read it."),
    )  # fmt: skip


class CodeForm(Form):
    """One device, by what is written on it."""

    code = StringField(
        _l("Label code, serial number or asset tag"), [Length(max=80)],
        description=_l("Type or scan what is written on the label or on the device."),
    )  # fmt: skip


class CountForm(Form):
    """How many devices of a line, all alike."""

    units = IntField(_l("How many are there?"), [InputRequired()], minimum=1, maximum=100_000)


class ExtraForm(Form):
    """A device that is there but not on the list."""

    kind = SelectField(_l("Kind of device"), [InputRequired()])
    label = StringField(
        _l("What it is"), [Length(max=200)], description=_l("For example: grey laptop, 14 inches")
    )
    serial = StringField(_l("Serial number"), [Length(max=80)])
    note = TextAreaField(_l("Note"), [Length(max=300)], render_kw={"rows": 2})


class BrokenForm(Form):
    """A device that is taken though it is broken."""

    code = StringField(_l("Label code, serial number or asset tag"), [InputRequired(), Length(max=80)])
    note = TextAreaField(_l("What is broken"), [Length(max=300)], render_kw={"rows": 2})


class StickForm(Form):
    """A label of a sheet stuck on a device without number."""

    line = SelectField(_l("Which line"), [InputRequired()], coerce=int)
    code = StringField(_l("Code of the label you stick on it"), [InputRequired(), Length(max=80)])
    serial = StringField(_l("Serial number"), [Length(max=80)])


class PhotoForm(Form):
    """A picture of a difference, or of the stop."""

    picture = FileField(
        _l("Picture"), description=_l("JPEG, PNG or WebP, at most 5 MB. Place and date are taken out of it."),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"},
    )  # fmt: skip
    batch = SelectField(_l("What does it show?"), [Length(max=32)])


class DriverForm(Form):
    """The driver's signature."""

    driver_name = StringField(
        _l("Your name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    plate = StringField(
        _l("Number plate of the vehicle"),
        [Length(max=20)],
        render_kw={"autocapitalize": "characters", "class": "short"},
    )


class HolderForm(Form):
    """The holder's contact signs on the driver's phone."""

    name = StringField(_l("Name of the person who hands over"), [InputRequired(), Length(max=120)],
                       render_kw={"autocomplete": "off"})  # fmt: skip
    code = StringField(
        _l("Handover code, 4 digits"), [InputRequired(), Length(max=10)],
        description=_l("The holder has it by e-mail and on the pick-up page."),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"},
    )  # fmt: skip


def difference_form(outcome: str, left: Sequence[Planned], lines: Sequence[Tally], lang: str) -> Form:
    """Which devices are missing or refused, and why. Those with numbers are ticked, the others counted."""
    members: dict[str, Any] = {"line_numbers": tuple(row.line for row in lines if row.loose)}
    numbered = [unit for unit in left if unit.serial or unit.asset_tag]
    if numbered and len(numbered) <= LISTED:
        labels = {row.line: row.label for row in lines}
        choices = [(unit.code or unit.serial, _said(unit, labels)) for unit in numbered]
        members["units"] = CheckboxesField(_l("Tick the devices"), choices=choices)
    if numbered:
        members["code"] = StringField(
            _l("Or type a label code, serial number or asset tag"), [Length(max=80)]
        )
    for row in lines:
        if row.loose:
            members[f"line_{row.line}"] = IntField(row.label, minimum=0, maximum=row.loose)
    reasons = [(code, REASONS[code][lang]) for code in BY_OUTCOME[outcome]]
    members["reason"] = RadioField(_l("Why?"), [InputRequired()], choices=reasons)
    members["note"] = TextAreaField(_l("Note"), [Length(max=300)], render_kw={"rows": 2})
    kind: Any = type("DifferenceForm", (Form,), members)
    return kind.from_request()


def named_codes(form: Any) -> list[str]:
    """The codes ticked and typed."""
    ticked = list(form.data.get("units") or [])
    typed = form.data.get("code") or ""
    return [*ticked, typed] if typed and typed not in ticked else ticked


def by_line(form: Any) -> dict[int, int]:
    """Line number → units counted."""
    return {number: form[f"line_{number}"].data or 0 for number in form.line_numbers}


def slot_form(kind: type[SlotForm] = SlotForm, **data: Any) -> SlotForm:
    """The slot form, from today on."""
    form: Any = kind.from_request(**data)
    form.day.earliest = clock.today()
    return form


def _said(unit: Planned, labels: dict[int | None, str]) -> str:
    """What is written on the device, then what it is: a missing one has no label to read."""
    numbers = " / ".join(number for number in (unit.serial, unit.asset_tag) if number)
    return f"{numbers} – {labels.get(unit.line, '')}"
