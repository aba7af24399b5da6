"""Forms and bodies around an arrival: who comes, a protocol's part, a grouped day, the terms of a stop."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import validate
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.collection.arrivals.days import MOST_PLACES, MOST_SLOTS
from reuse_market.collection.arrivals.kinds import CHOSEN
from reuse_market.collection.forms import TIME, SlotForm
from reuse_market.collection.schemas import Slot
from reuse_market.web.fields import BIGGEST, Asked, Choice, Day, Schema, Text, Whole, clock_time, fields
from reuse_market.web.forms import DateField, Form, IntField

WAYS = [
    ("fetched", _l("Fetched at the holder’s")),
    ("dropped_off", _l("Brought by the holder to who collects")),
    ("carrier", _l("By a carrier")),
]
SLOT_BOXES = 4


class ProposalForm(SlotForm):
    """A slot and how the devices travel."""

    arrival = SelectField(_l("How the devices travel"), choices=WAYS, default="fetched")
    carrier_name = StringField(_l("Carrier"), [Length(max=120)], description=_l("Only when a carrier comes."))
    carrier_ref = StringField(_l("Carrier’s reference"), [Length(max=60)])

    def slot(self) -> dict[str, Any]:
        """Arguments of the verb; a way that was not said is the usual one."""
        way = {name: self[name].data or "" for name in ("note", "carrier_name", "carrier_ref")}
        return super().slot() | way | {"arrival": self["arrival"].data or "fetched"}


class Proposal(Slot):
    """A slot and how the devices travel."""

    arrival = Choice(CHOSEN, load_default="fetched")
    carrier_name = Text(120, load_default="")
    carrier_ref = Text(60, load_default="")


class ComingForm(Form):
    """Who comes, with which vehicle."""

    driver_name = StringField(_l("Name of who comes"), [InputRequired(), Length(max=120)])
    plate = StringField(
        _l("Number plate of the vehicle"), [Length(max=20)],
        render_kw={"autocapitalize": "characters", "class": "short"},
    )  # fmt: skip
    carrier_name = StringField(_l("Carrier"), [Length(max=120)])
    carrier_ref = StringField(_l("Carrier’s reference"), [Length(max=60)])


class Coming(Asked):
    """Who comes, with which vehicle."""

    driver_name = Text(120, 1, required=True)
    plate = Text(20, load_default="")
    carrier_name = Text(120, load_default="")
    carrier_ref = Text(60, load_default="")


class RulesForm(Form):
    """What one side of a protocol says of its own."""

    rules = TextAreaField(_l("What the other side must know"), [InputRequired(), Length(max=1000)],
                          render_kw={"rows": 6})  # fmt: skip


class Rules(Asked):
    """What one side of a protocol says of its own: instructions, means of rescue, vehicle, precautions."""

    rules = Text(1000, 1, required=True)


class _DayForm(Form):
    site_id = SelectField(_l("Place"), [InputRequired()], coerce=int, choices=[])
    day = DateField(_l("Day"), [InputRequired()])
    most_units = IntField(_l("Devices one holder may bring"), minimum=1, maximum=100_000)
    note = TextAreaField(
        _l("What holders should know"), [Length(max=500)], render_kw={"rows": 3},
        description=_l("For example: enter by the yard, somebody unloads with you."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Arguments of the verb: slots with a beginning count."""
        form: Any = self
        hours = [
            (form[f"from_{n}"].data, form[f"to_{n}"].data or "", form[f"places_{n}"].data or 1)
            for n in range(SLOT_BOXES) if form[f"from_{n}"].data
        ]  # fmt: skip
        named = {name: form[name].data for name in ("site_id", "day", "most_units")}
        return named | {"note": form.note.data or "", "hours": hours}

    def boxes(self) -> list[list[Any]]:
        """The boxes of each slot."""
        return [[self[f"{name}_{n}"] for name in ("from", "to", "places")] for n in range(SLOT_BOXES)]

    def refuse(self, field: str | None, message: str) -> None:
        """A refusal of the slots stands at the first one."""
        super().refuse("from_0" if field == "slots" else field, message)


def _boxes() -> dict[str, Any]:
    time = {"type": "time", "class": "short"}
    members: dict[str, Any] = {}
    for n in range(SLOT_BOXES):
        members[f"from_{n}"] = StringField(_l("From (hour)"), [Optional(), TIME], render_kw=time)
        members[f"to_{n}"] = StringField(_l("To (hour)"), [Optional(), TIME], render_kw=time)
        members[f"places_{n}"] = IntField(_l("Holders at most"), minimum=1, maximum=MOST_PLACES)
    return members


DayForm: Any = type("DayForm", (_DayForm,), _boxes())


class DayHours(Schema):
    """Hours of a grouped day and the holders they take."""

    from_time = clock_time(required=True)
    to_time = clock_time(required=True)
    places = Whole(1, MOST_PLACES, required=True)


class DayInput(Asked):
    """A grouped day: where, when, how many."""

    site_id = Whole(1, BIGGEST, required=True)
    day = Day(required=True)
    most_units = Whole(1, 100_000, allow_none=True, load_default=None)
    note = Text(500, load_default="")
    slots = fields.List(fields.Nested(DayHours), required=True, validate=validate.Length(1, MOST_SLOTS))


class SlotTaken(Asked):
    """A slot of a grouped day."""

    slot = Whole(1, BIGGEST, required=True)
