"""Values as words of a language, for what is written outside a page: papers, mails, files.

Pages have the same formats as filters (web/filters.py); here the language is an argument, and instants and
dates may come as ISO text, as facts store them. No-break spaces are U+00A0: fonts lack the narrow one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from reuse_market.kernel.clock import PARIS

NBSP = "\u00a0"
_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}  # British: the day comes before the month


def number(value: int | Decimal, lang: str) -> str:
    """1234 → « 1 234 » or "1,234"."""
    return _plain(format_decimal(value, locale=_LOCALES[lang]))


@lru_cache(maxsize=8192)
def whole(value: int, lang: str) -> str:
    """`number` of an integer, remembered: a list writes the same ones again and again."""
    return number(value, lang)


@lru_cache(maxsize=8192)
def euros(cents: int, lang: str) -> str:
    """Integer cents → « 1 234,50 € » or "€1,234.50"."""
    return _plain(format_currency(Decimal(cents) / 100, "EUR", locale=_LOCALES[lang]))


def percent(per_mille: int, lang: str) -> str:
    """Thousandths → « 5,5 % » or "5.5%"."""
    whole, tenth = divmod(per_mille, 10)
    point = "." if lang == "en" else ","
    return f"{whole}{f'{point}{tenth}' if tenth else ''}{'' if lang == 'en' else NBSP}%"


def kilos(grams: int, lang: str) -> str:
    """Integer grams → « 850 g », « 12,4 kg », « 1 310 kg »; halves go up."""
    if 0 < abs(grams) < 1000:
        return f"{number(grams, lang)}{NBSP}g"
    step = Decimal("0.1") if abs(grams) < 100_000 else Decimal(1)
    amount = (Decimal(grams) / 1000).quantize(step, ROUND_HALF_UP)
    return f"{_plain(format_decimal(amount, '#,##0.#', locale=_LOCALES[lang]))}{NBSP}kg"


def date_long(value: date | str, lang: str) -> str:
    """A civil date in full: « 1er mars 2026 », "1 March 2026". An instant is first taken to Paris."""
    day = _civil(value)
    text = _plain(format_date(day, "d MMMM y", locale=_LOCALES[lang]))
    return text.replace("1 ", "1er ", 1) if day.day == 1 and lang == "fr" else text


def month_long(value: date | str, lang: str) -> str:
    """The month of a civil date: « mars 2027 », "March 2027"."""
    return _plain(format_date(_civil(value), "MMMM y", locale=_LOCALES[lang]))


def clock(value: datetime | str, lang: str) -> str:
    """The Paris wall-clock time of an instant: « 9 h », « 9 h 05 », "09:05"."""
    local = _moment(value).astimezone(PARIS)
    if lang == "en":
        return f"{local:%H:%M}"
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def instant(value: datetime | str, lang: str) -> str:
    """An instant on Paris clocks: « 18 septembre 2025 à 9 h 05 », "18 September 2025 at 09:05"."""
    joint = "à" if lang == "fr" else "at"
    return f"{date_long(_moment(value), lang)} {joint} {clock(value, lang)}"


def code(label: str) -> str:
    """A seven-character label in two breaths, on one line: « 7K4 M2PX »."""
    return f"{label[:3]}{NBSP}{label[3:]}" if len(label) == 7 else label


def _plain(text: str) -> str:
    return text.replace("\u202f", NBSP)


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be shown")
    return moment


def _civil(value: date | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return _moment(value).astimezone(PARIS).date() if isinstance(value, datetime) else value
