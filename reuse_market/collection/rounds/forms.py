"""Forms of vehicles and rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.accounts.models import Site
from reuse_market.collection.forms import TIME
from reuse_market.collection.round_models import Vehicle
from reuse_market.collection.rounds.facts import Load
from reuse_market.collection.rounds.vehicles import LIMITS
from reuse_market.kernel import clock
from reuse_market.web.filters import date_long, number
from reuse_market.web.forms import CheckboxesField, DateField, Form, IntField, answers

TERMS = ("day", "from_time", "to_time", "depot_site_id", "driver_name", "note")


class VehicleForm(Form):
    """A vehicle; what is not known is left empty and limits nothing."""

    name = StringField(
        _l("Name"), [InputRequired(), Length(max=80)], description=_l("For example: white van")
    )
    plate = StringField(
        _l("Number plate"), [Length(max=20)], render_kw={"autocapitalize": "characters", "class": "short"}
    )
    units = IntField(_l("Devices it holds"), minimum=1, maximum=LIMITS["units"])
    payload_kg = IntField(_l("Payload"), minimum=1, maximum=LIMITS["payload_g"] // 1000, unit="kg")
    volume_l = IntField(_l("Volume"), minimum=1, maximum=LIMITS["volume_l"], unit="l")
    height_cm = IntField(_l("Height"), minimum=1, maximum=LIMITS["height_cm"], unit="cm")
    tail_lift = SelectField(
        _l("Tail-lift"), choices=[("unknown", _l("I do not know")), ("yes", _l("Yes")), ("no", _l("No"))]
    )

    def values(self) -> dict[str, Any]:
        """Arguments of the verbs."""
        kept = {
            name: self[name].data for name in ("name", "plate", "units", "volume_l", "height_cm", "tail_lift")
        }
        kilos = self["payload_kg"].data
        return kept | {"payload_g": kilos * 1000 if kilos else None}


class TermsForm(Form):
    """The day, the hours, where it starts from and who drives."""

    day = DateField(_l("Day"), [InputRequired()])
    from_time = StringField(
        _l("Leaves from (hour)"), [InputRequired(), TIME], render_kw={"type": "time", "class": "short"}
    )
    to_time = StringField(
        _l("Back by (hour)"), [InputRequired(), TIME], render_kw={"type": "time", "class": "short"}
    )
    depot_site_id = SelectField(_l("Depot"), coerce=lambda value: int(value or 0))
    driver_name = StringField(_l("Driver’s name"), [Length(max=120)])
    note = TextAreaField(_l("Remark for the driver"), [Length(max=500)], render_kw={"rows": 2})

    def terms(self) -> dict[str, Any]:
        """Arguments of the verbs."""
        return {name: self[name].data for name in TERMS}


class RoundForm(TermsForm):
    """The same, with one vehicle."""

    vehicle_id = SelectField(_l("Vehicle"), coerce=lambda value: int(value or 0))

    def terms(self) -> dict[str, Any]:
        """Arguments of the verbs."""
        return super().terms() | {"vehicle_id": self["vehicle_id"].data}


class NewRoundForm(TermsForm):
    """Which pick-ups, with which vehicles: with several, the planner shares the stops between them."""

    pickups = CheckboxesField(_l("Pick-ups"))
    vehicles = CheckboxesField(
        _l("Vehicles"), coerce=int,
        description=_l("Choose several: the stops are then shared between them, one round each."),
    )  # fmt: skip


def fill_terms(form: Any, sites: Sequence[Site], vehicles: Sequence[Vehicle]) -> None:
    """Give a form of terms its choices."""
    form.day.earliest = clock.today()
    form.depot_site_id.choices = answers((site.id, f"{site.name}, {site.commune_name}") for site in sites)
    if "vehicle_id" in form._fields:
        named = [(vehicle.id, vehicle_said(vehicle)) for vehicle in vehicles]
        form.vehicle_id.choices = answers([(0, _("No vehicle yet")), *named])
    if "vehicles" in form._fields:
        form.vehicles.choices = answers((vehicle.id, vehicle_said(vehicle)) for vehicle in vehicles)


def fill_pickups(form: Any, loads: Sequence[Load]) -> None:
    """Give a form its pick-ups to tick."""
    form.pickups.choices = answers((load.pickup.reference, pickup_said(load)) for load in loads)


def vehicle_said(vehicle: Vehicle) -> str:
    """A vehicle in one line."""
    parts = [vehicle.name]
    if vehicle.units:
        parts.append(_("%(count)s devices at most", count=number(vehicle.units)))
    if vehicle.payload_g:
        parts.append(f"{number(vehicle.payload_g // 1000)} kg")
    return " – ".join(parts)


def pickup_said(load: Load) -> str:
    """A pick-up in one line: day, hours, holder, commune, devices."""
    pickup = load.pickup
    commune = load.site.commune_name if load.site else ""
    slot = _(
        "%(day)s, %(start)s to %(end)s", day=date_long(pickup.day), start=pickup.from_time, end=pickup.to_time
    )
    what = _("%(units)s devices", units=number(load.units))
    agreed = [] if pickup.state == "agreed" else [_("day not agreed yet")]
    return " – ".join([slot, ", ".join(part for part in (load.holder, commune) if part), what, *agreed])
