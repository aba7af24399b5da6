"""Forms of the bench. Prefixed where several stand on one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.equipment import queries as equipment
from reuse_market.equipment import systems
from reuse_market.erasure.forms import choices
from reuse_market.erasure.words import SEEN_HOW
from reuse_market.kernel import clock
from reuse_market.refurbishing import words
from reuse_market.refurbishing.models import OPEN_TO, Offer
from reuse_market.refurbishing.protocols import Protocol
from reuse_market.refurbishing.queries import Case
from reuse_market.units.models import Unit
from reuse_market.web.forms import CheckboxesField, DateField, EuroField, Form, IntField


class ScanForm(Form):
    """What the scanner or the keyboard gives: label code, serial or asset tag."""

    code = StringField(_l("Label code, serial number or asset tag"), [Length(max=200)])


class FilterForm(Form):
    """Filters of the bench's lists."""

    kind = SelectField(_l("Kind"))
    lot = SelectField(_l("Lot"))


COMPUTING = frozenset({*systems.KINDS, "tablet", "smartphone", "storage_device", "other"})
SCREENED = frozenset({"laptop", "all_in_one", "monitor", "tablet", "smartphone", "other"})


class IdentityForm(Form):
    """What the device is."""

    maker = StringField(_l("Maker"), [Length(max=80)])
    model = StringField(_l("Model"), [Length(max=120)])
    serial = StringField(_l("Serial number"), [Length(max=80)])
    asset_tag = StringField(_l("Asset tag"), [Length(max=80)])
    cpu = StringField(_l("Processor"), [Length(max=120)])
    ram_gb = IntField(_l("Memory"), maximum=4096, unit=_l("GB"))
    storage_gb = IntField(_l("Storage"), maximum=1_000_000, unit=_l("GB"))
    screen = StringField(
        _l("Screen diagonal, in inches"),
        [Length(max=5)],
        render_kw={"class": "short", "inputmode": "decimal"},
    )
    os = StringField(_l("Operating system"), [Length(max=80)])

    def values(self, unit: Unit) -> dict[str, Any]:
        """What is typed, as the verb takes it; a size left as shown keeps the exact figure known before."""
        names = ("maker", "model", "serial", "asset_tag", "cpu", "os")
        said: dict[str, Any] = {name: self[name].data for name in names if name in self}
        if "ram_gb" in self:
            said["ram_mb"] = _megabytes(self.ram_gb.data, unit.ram_mb, 1024)
        if "storage_gb" in self:
            said["storage_mb"] = _megabytes(self.storage_gb.data, unit.storage_mb, 1000)
        if "screen" in self:
            said["screen_tenths"] = _tenths(self.screen.data or "")
        return said

    def validate_screen(self, field: Any) -> None:
        """Refuse what is no diagonal."""
        if field.data and _tenths(field.data) is None:
            raise ValueError(_l("Enter a number of inches, for example 15.6."))


def _megabytes(typed: int | None, known: int | None, in_one: int) -> int | None:
    if typed is None or (known is not None and known // in_one == typed):
        return known if typed is not None else None
    return typed * in_one


def _tenths(text: str) -> int | None:
    whole, _, rest = text.replace(",", ".").replace("″", "").strip().partition(".")
    if not whole.isdigit() or len(whole) > 2 or (rest and (not rest.isdigit() or len(rest) > 1)):
        return None
    return int(whole) * 10 + int(rest or 0)


def identity_form(case: Case, prefix: str = "identity") -> IdentityForm:
    """The form filled with what is known; without what its kind of device never has."""
    unit, model = case.unit, case.model
    tenths = unit.screen_tenths
    form: IdentityForm = IdentityForm.from_request(
        prefix=prefix, maker=model.maker if model else "", model=model.name if model else "",
        serial=unit.serial, asset_tag=unit.asset_tag, cpu=unit.cpu, os=unit.os,
        ram_gb=unit.ram_mb // 1024 if unit.ram_mb is not None else None,
        storage_gb=unit.storage_mb // 1000 if unit.storage_mb is not None else None,
        screen=f"{tenths // 10}.{tenths % 10}" if tenths is not None else "",
    )  # fmt: skip
    for name in ("cpu", "ram_gb", "storage_gb", "os", "screen"):
        kinds = SCREENED if name == "screen" else COMPUTING
        if unit.kind not in kinds and form[name].object_data in (None, ""):
            del form[name]
    return form


class TestForm(Form):
    """One list for each check of a protocol, all on "works"; battery where there is one."""

    __test__ = False  # not a pytest class
    note = TextAreaField(_l("Note"), [Length(max=500)], render_kw={"rows": 2})

    def results(self) -> dict[str, str]:
        """Check code → answer."""
        return {name: self[name].data for name in self.checks}

    def figures(self) -> dict[str, int | None]:
        """Reading code → figure, None when left empty."""
        return {name: self[name].data for name in self.measured}

    def check_notes(self) -> dict[str, str]:
        """The note of the check chosen, if one is typed."""
        text = (self.note_text.data or "").strip() if "note_text" in self else ""
        return {self.note_on.data: text} if text else {}


@cache
def _test_form_class(protocol: Protocol, with_battery: bool) -> type[TestForm]:
    fields: dict[str, Any] = {
        check.code: SelectField(
            _l(check.label),
            choices=choices(words.LOCK_ANSWERS if check.lock else words.ANSWERS),
            default="ok",
        )
        for check in protocol.checks
    }
    for one in protocol.readings if with_battery else ():
        fields[one.code] = IntField(_l(one.label), maximum=one.most, unit=one.unit)
    if with_battery and protocol.readings:
        named = [(check.code, _l(check.label)) for check in protocol.checks]
        fields["note_on"] = SelectField(_l("Note on"), choices=named, default=named[0][0])
        fields["note_text"] = StringField(_l("What was seen"), [Length(max=200)])
    if with_battery and protocol.battery:
        fields["battery_percent"] = IntField(
            _l("Battery health"),
            maximum=100,
            unit="%",
            description=_l("Capacity left, as the device says it."),
        )
    names = {
        "checks": [check.code for check in protocol.checks],
        "measured": [one.code for one in protocol.readings] if with_battery else [],
    }
    return type("TestForm", (TestForm,), {**fields, **names})


def form_of_test(protocol: Protocol, *, with_battery: bool = True, prefix: str = "test") -> Any:
    """The form of a protocol. `with_battery`: one box for its health (series ask it device by device)."""
    return _test_form_class(protocol, with_battery).from_request(prefix=prefix)


class ReadyForm(Form):
    """Grade and price."""

    cosmetic_grade = RadioField(_l("How it looks"), [InputRequired()])
    price_cents = EuroField(
        _l("Price before tax"), [InputRequired()], description=_l("0 if it is given."), maximum=100_000_00
    )
    vat_scheme = SelectField(_l("VAT"), choices=choices(words.VAT_SCHEMES))
    warranty_months = IntField(_l("Warranty"), [InputRequired()], maximum=120, unit=_l("months"))
    open_to = SelectField(_l("Open to"), choices=choices({code: words.OPEN_TO[code] for code in OPEN_TO}))
    functional_state = SelectField(_l("What works"), choices=choices(words.FUNCTIONAL), default="ok")
    os = StringField(
        _l("System installed after erasure"), [Length(max=80)],
        description=_l("Empty: a computer is offered without an operating system."),
    )  # fmt: skip

    def terms(self) -> dict[str, Any]:
        """What is typed, as the verb takes it."""
        names = (
            "cosmetic_grade",
            "price_cents",
            "vat_scheme",
            "warranty_months",
            "open_to",
            "functional_state",
        )
        return {name: self[name].data for name in names} | (
            {"os": self.os.data or ""} if "os" in self else {}
        )


def ready_form(last: Offer | None, kind: str, prefix: str = "ready", state: str = "ok") -> ReadyForm:
    """The form with this workshop's last terms for the same model; the grade and the system are always said anew.

    `state`: what the test says works, ok or partial.
    """
    form: ReadyForm = ReadyForm.from_request(
        prefix=prefix,
        price_cents=last.price_cents if last else None,
        vat_scheme=last.vat_scheme if last else "standard",
        warranty_months=last.warranty_months if last else 12,
        open_to=last.open_to if last and last.opens_on is None else "all", functional_state=state,
    )  # fmt: skip
    if kind not in systems.KINDS:
        del form.os
    form.cosmetic_grade.choices = [
        (step.code, f"{step.code} – {step.label}. {step.text}") for step in equipment.grade_scale(language())
    ]
    return form


class WasteForm(Form):
    """The diagnosis; the box is the confirmation, since there is no way back."""

    diagnosis = SelectField(_l("Why"), choices=choices(words.DIAGNOSES))
    note = TextAreaField(_l("Note"), [Length(max=500)], render_kw={"rows": 2})
    weight_g = IntField(_l("Weight"), minimum=1, maximum=500_000, unit="g")
    sure = BooleanField(_l("This device becomes waste: there is no way back"), [InputRequired()])


class PartsForm(Form):
    """The confirmation that a device ends as spare parts."""

    sure = BooleanField(_l("This device ends as spare parts: there is no way back"), [InputRequired()])


class ReturnForm(Form):
    """A provided device comes back."""

    ground = SelectField(_l("Why it comes back"), choices=choices(words.GROUNDS))


class BatchForm(Form):
    """What is known once the removal has taken place."""

    producer_scheme = StringField(
        _l("Producer scheme or company"),
        [InputRequired(), Length(max=120)],
        description=_l("Who took the devices."),
    )
    weight_kg = IntField(_l("Weight"), minimum=1, maximum=100_000, unit="kg")
    slip_number = StringField(
        _l("Slip number"),
        [Length(max=60)],
        description=_l("Often none when producers must take devices back."),
    )
    removed_on = DateField(_l("Removed on"), [InputRequired()])


def batch_form(scheme: str) -> BatchForm:
    """The form for today's removal."""
    form: BatchForm = BatchForm.from_request(producer_scheme=scheme, removed_on=clock.today())
    return form


class NoMediaForm(Form):
    """How it was seen that devices have no storage medium."""

    seen_how = SelectField(_l("Seen how"), choices=choices(SEEN_HOW), default="model")


class ChosenForm(Form):
    """Devices ticked in a list."""

    units = CheckboxesField(_l("Devices"), coerce=int)


def chosen_form(unit_ids: Iterable[int], labels: dict[int, str]) -> ChosenForm:
    """The boxes for these devices."""
    form: ChosenForm = ChosenForm.from_request()
    form.units.choices = [(unit_id, labels.get(unit_id, str(unit_id))) for unit_id in unit_ids]
    return form


def batteries_form(unit_ids: Sequence[int]) -> Any:
    """A battery box for each device of a series: field `unit<id>`."""
    boxes = {f"unit{i}": IntField(_l("Battery health"), maximum=100, unit="%") for i in unit_ids}
    made: Any = type("BatteriesForm", (Form,), boxes)
    return made.from_request(prefix="battery")


def language() -> str:
    """The page's language, "fr" or "en"."""
    return str(get_locale())[:2]
