"""The filters of the shop window, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from reuse_market.catalogue.asked import filters_of
from reuse_market.catalogue.describing import size
from reuse_market.catalogue.filtering import Filters
from reuse_market.equipment import queries as equipment
from reuse_market.web.forms import EuroField, Form, IntField, answers

MEMORIES = (4, 8, 16, 32)
STORAGES = (128, 256, 512, 1000)
SCREENS = (10, 13, 14, 15, 17, 22, 24, 27)
BATTERIES = (60, 70, 80, 90)
WARRANTIES = (3, 6, 12, 24)
DISTANCES = (5, 10, 20, 50)
CPUS = ("i3", "i5", "i7", "ryzen 3", "ryzen 5", "ryzen 7", "celeron", "pentium", "xeon")
SYSTEMS = {
    "windows": "Windows",
    "linux": "Linux",
    "chrome": "ChromeOS",
    "android": "Android",
    "mac": "macOS",
    "ios": "iOS",
    "none": _l("none installed"),
}
REGIMES = (
    ("sale", _l("sold by its first holder")), ("gift", _l("given by a company")),
    ("free_transfer", _l("given by a public body")),
)  # fmt: skip
ANY = ("", _l("Any"))
MARK = "\N{OBJECT REPLACEMENT CHARACTER}"
PLAIN = ("text", "kind", "units", "ram", "grade", "most", "sort", "free")  # on the list itself
FINER = (
    "brand", "cpu", "storage", "screen", "battery", "least", "regime", "agec", "os", "warranty", "within", "windows_11",
    "charger",
)  # fmt: skip
NAMES = (*PLAIN, *FINER)


class ListForm(Form):
    """What one looks for, on the list itself. A whole need may be typed at once: "24 × portable 14″ i5 8 Go"."""

    text = StringField(
        _l("What are you looking for?"),
        [Length(max=120)],
        description=_l("For example: 24 laptops 14″ i5 8 GB"),
        render_kw={"type": "search"},
    )
    kind = SelectField(_l("Kind"))
    units = IntField(_l("How many alike"), minimum=1, maximum=500)
    ram = SelectField(_l("Memory"))
    grade = SelectField(_l("Appearance"))
    most = EuroField(_l("Price up to, VAT included"))
    sort = SelectField(
        _l("Sort by"),
        choices=[
            ("", _l("Best match")),
            ("units", _l("Most devices")),
            ("price", _l("Lowest price")),
            ("distance", _l("Nearest")),
            ("grade", _l("Best appearance")),
            ("new", _l("Newest")),
        ],
    )
    free = BooleanField(_l("Free of charge only"))


class FilterForm(ListForm):
    """Every filter."""

    brand = StringField(_l("Brand"), [Length(max=80)])
    cpu = SelectField(
        _l("Processor"), choices=[ANY, *((code, code.title() if " " in code else code) for code in CPUS)]
    )
    storage = SelectField(_l("Storage"))
    screen = SelectField(_l("Screen"), choices=[ANY, *((str(n), f"{n}″") for n in SCREENS)])
    battery = SelectField(
        _l("Battery"), choices=[ANY, *((str(n), _l("%(n)s %% or more", n=n)) for n in BATTERIES)]
    )
    least = EuroField(_l("Price from, VAT included"))
    regime = SelectField(_l("How it came"), choices=[ANY, *REGIMES])
    agec = SelectField(
        _l("Counts for AGEC"), choices=[ANY, ("yes", _l("Yes")), ("no", _l("No"))],
        description=_l("The quota of reused goods of State services and local authorities."),
    )  # fmt: skip
    os = SelectField(_l("Operating system"), choices=[ANY, *SYSTEMS.items()])
    warranty = SelectField(
        _l("Warranty"), choices=[ANY, *((str(n), _l("%(n)s months or more", n=n)) for n in WARRANTIES)]
    )
    within = SelectField(
        _l("Distance"), choices=[ANY, *((str(n), _l("within %(n)s km", n=n)) for n in DISTANCES)],
        description=_l("From your first site, once you have signed in."),
    )  # fmt: skip
    windows_11 = BooleanField(_l("Able to run Windows 11"))
    charger = BooleanField(_l("With its charger"))


class Offered(NamedTuple):
    """What the database offers to choose from, in the language `lang` of the page."""

    lang: str
    labels: dict[str, str]  # the kinds, one of each
    steps: dict[str, equipment.Step]  # the grades, by code
    answers: dict[str, tuple[tuple[str, str], ...]]  # of the fields "kind" and "grade"


def offered() -> Offered:
    """What there is today: one statement."""
    return _offered(equipment.shop_words(), str(get_locale())[:2])


@lru_cache(maxsize=16)
def _offered(said: tuple[tuple[Any, ...], ...], lang: str) -> Offered:
    kinds, steps = equipment.shop_kinds(said, lang), equipment.shop_steps(said, lang)
    or_better = str(_l("%(grade)s or better", grade=MARK))
    better = ((one.code, or_better.replace(MARK, f"{one.code} – {one.label}")) for one in steps)
    answers = {"kind": tuple((code, plural) for code, _label, plural in kinds), "grade": tuple(better)}
    return Offered(
        lang, {code: label for code, label, _more in kinds}, {one.code: one for one in steps}, answers
    )


@cache
def _sizes(name: str, lang: str) -> list[SelectChoice]:
    """The sizes of a filter, in the language of the page (that is `lang`)."""
    sizes = MEMORIES if name == "ram" else STORAGES
    more = ((str(gb), str(_l("%(size)s or more", size=size(gb, lang)))) for gb in sizes)
    return answers([("", str(_l("Any"))), *more])


def filter_form(form_class: type[ListForm], told: Offered) -> ListForm:
    """The filters of the address, with the choices of today in the reader's language."""
    form = form_class.from_query()
    assert isinstance(form, ListForm)
    for name in ("ram", "storage"):
        if name in form:
            form[name].choices = _sizes(name, told.lang)
    for name, choices in told.answers.items():
        if name in form:
            form[name].choices = answers([("", str(_l("Any"))), *choices])
    for field in form:
        if isinstance(field, SelectField) and field.data in (None, "None"):
            field.data = ""
    return form


@cache
def part(names: tuple[str, ...]) -> type[ListForm]:
    """A form of these fields of the list only."""
    return type("Part", (ListForm,), {name: None for name in PLAIN if name not in names})


def filters(values: Mapping[str, Any]) -> Filters:
    """What is asked: the `values` that were read on the list; the finer filters as the address says."""
    ram = values.get("ram") or ""
    return replace(
        filters_of({name: value for name, value in request.args.items() if name in FINER}),
        text=values.get("text") or "", kind=values.get("kind") or None, units=values.get("units"),
        ram_gb=int(ram) if ram.isdigit() else None, grade=values.get("grade") or None,
        most_cents=values.get("most"), free=bool(values.get("free")), sort=values.get("sort") or "",
    )  # fmt: skip


def kept(values: Mapping[str, Any]) -> dict[str, str]:
    """What was answered, as the address keeps it: name → text. Without what could not be read (not in `values`)."""
    told = {name: value for name, value in request.args.items() if name in NAMES and value}
    return {name: value[:120] for name, value in told.items() if name in FINER or name in values}
