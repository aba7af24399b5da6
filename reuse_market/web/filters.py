"""Formats for people, in the reader's language: money, weights, distances, dates, codes.

Values come as stored (cents, grams, metres, UTC instants); None is said, never shown as 0.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, gettext
from wtforms import fields, widgets

from reuse_market.kernel import formats
from reuse_market.web.stepped import stepped

PARIS = ZoneInfo("Europe/Paris")
_FRENCH, _ENGLISH = Locale("fr", "FR"), Locale("en", "GB")


def _reader() -> Locale:
    """The format rules of the page's language; English is British (day before month)."""
    locale = get_locale()
    return _ENGLISH if locale is not None and locale.language == "en" else _FRENCH


def _plain(text: str) -> str:
    """One kind of no-break space: the narrow one is missing from Atkinson Hyperlegible and others."""
    return text.replace("\u202f", "\u00a0")


def _unknown() -> str:
    return gettext("not provided")


def number(value: int | Decimal | None) -> str:
    """1234 → « 1 234 » or "1,234"."""
    if value is None:
        return _unknown()
    lang = _reader().language
    return formats.whole(value, lang) if isinstance(value, int) else formats.number(value, lang)


def euros(cents: int | None) -> str:
    """Integer cents → « 1 234,50 € » or "€1,234.50"."""
    if cents is None:
        return _unknown()
    return formats.euros(cents, _reader().language)


def percent(per_mille: int | None) -> str:
    """Thousandths → « 14,2 % » or "14.2%"."""
    if per_mille is None:
        return _unknown()
    return _plain(
        format_percent(
            Decimal(per_mille) / 1000,
            format="#,##0.#\u00a0%" if _reader() is _FRENCH else "#,##0.#%",
            locale=_reader(),
        )
    )


def _scaled(value: int, exact_below: int) -> str:
    """Thousandths of a unit as that unit: one decimal below `exact_below` units, none above. Halves go up."""
    step = Decimal("0.1") if abs(value) < exact_below * 1000 else Decimal(1)
    amount = (Decimal(value) / 1000).quantize(step, ROUND_HALF_UP)
    return _plain(format_decimal(amount, format="#,##0.#", locale=_reader()))


def kilos(grams: int | None) -> str:
    """Integer grams → « 850 g », « 12,4 kg », « 1 310 kg »."""
    if grams is None:
        return _unknown()
    return f"{number(grams)}\u00a0g" if 0 < abs(grams) < 1000 else f"{_scaled(grams, 100)}\u00a0kg"


def kilometres(metres: int | None) -> str:
    """Integer metres → « 850 m », « 3,2 km », « 48 km »."""
    if metres is None:
        return _unknown()
    return f"{number(metres)}\u00a0m" if 0 < metres < 1000 else f"{_scaled(metres, 10)}\u00a0km"


def date_long(day: date | None) -> str:
    """A civil date in full: « 1er mars 2026 », "1 March 2026". An instant is first taken to Paris."""
    if day is None:
        return _unknown()
    day = _civil(day)
    text = format_date(day, "d MMMM y", locale=_reader())
    return text.replace("1 ", "1er ", 1) if day.day == 1 and _reader() is _FRENCH else text


def month_long(day: date | None) -> str:
    """The month of a civil date: « mars 2027 », "March 2027"."""
    return _unknown() if day is None else format_date(_civil(day), "MMMM y", locale=_reader())


def date_short(day: date | None) -> str:
    """A civil date in figures, for tables: 04/03/2026."""
    return _unknown() if day is None else format_date(_civil(day), "dd/MM/y", locale=_reader())


def _civil(day: date) -> date:
    return _paris(day).date() if isinstance(day, datetime) else day


def _paris(moment: datetime) -> datetime:
    """An instant on Paris clocks. A naive one is refused: instants are stored in UTC, with their zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be shown")
    return moment.astimezone(PARIS)


def instant(moment: datetime | None) -> str:
    """A UTC instant on Paris clocks: « 18 septembre 2025 à 9 h 05 », "18 September 2025 at 09:05"."""
    if moment is None:
        return _unknown()
    return gettext("%(date)s at %(time)s", date=date_long(moment), time=clock(moment))


def clock(moment: datetime | None) -> str:
    """The hour of a UTC instant on Paris clocks: « 9 h 05 », "09:05"."""
    if moment is None:
        return _unknown()
    local = _paris(moment)
    if _reader() is _ENGLISH:
        return format_time(local, "HH:mm", tzinfo=PARIS, locale=_ENGLISH)
    return f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02d}" if local.minute else "")


def moment(value: date | datetime | None) -> str:
    """A date or an instant, whichever it is, in full."""
    return instant(value) if isinstance(value, datetime) else date_long(value)


def code(label: str | None) -> str:
    """A seven-character label in two breaths, on one line: « 7K4 M2PX »."""
    if not label:
        return _unknown()
    return f"{label[:3]}\u00a0{label[3:]}" if len(label) == 7 else label


def field_kind(field: Any) -> str:
    """How the kit draws a field: hidden, radio, checkboxes, checkbox, or input (selects, text areas…)."""
    if isinstance(field, fields.HiddenField):
        return "hidden"
    if isinstance(field, fields.RadioField):
        return "radio"
    if isinstance(field, fields.SelectMultipleField):
        return "checkboxes" if isinstance(field.widget, widgets.ListWidget) else "input"
    return "checkbox" if isinstance(field, fields.BooleanField) else "input"


def field_errors(errors: Any) -> list[str]:
    """The messages of a field as a flat list (lists of fields nest theirs); a lazy text is one message."""
    if isinstance(errors, dict):
        errors = list(errors.values())
    if not isinstance(errors, list | tuple):
        return [str(errors)]
    return [text for one in errors for text in field_errors(one)]


def first_control(field: Any) -> str:
    """The id an error message leads to: the first box of a group, else the control."""
    return f"{field.id}-0" if field_kind(field) in ("radio", "checkboxes") else str(field.id)


def register(app: Flask) -> None:
    """Give the templates every format of this module and the helpers the kit's field macros need."""
    for one in (
        number,
        euros,
        percent,
        kilos,
        kilometres,
        date_long,
        date_short,
        month_long,
        instant,
        clock,
        moment,
        code,
        field_kind,
        field_errors,
        first_control,
        stepped,
    ):
        app.add_template_filter(one)
