"""Dates as inventories write them: ISO, French, American, in words, or a spreadsheet's day number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from reuse_market.fleets.reading.labels import clean, fold

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_PARTS = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,].*)?$")
_WORDS = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]+) (\d{4})(?: .*)?$")
_WORDS_US = re.compile(r"^([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?: .*)?$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_YEAR_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_WORD_YEAR = re.compile(r"^([a-z]+) (\d{4}|\d{2})$")  # « mars-19 » is what Excel writes in a CSV
_YEAR = re.compile(r"^(19[89]\d|20\d\d)$")
_DAY_NUMBER = re.compile(r"^(\d{5})(?:[.,]\d+)?$")
_BLANK = re.compile(
    r"^(0{4}-00-00.*|00/00/0{4}|-+|n/?a|none|null|1900-01-0[01].*|0|jamais|never|nc|\?|inconnue?)?$", re.I
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january jan",
            "fevrier fevr fev february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept september sep",
            "octobre october oct",
            "novembre november nov",
            "decembre december dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(mon|tues|wednes|thurs|fri|satur|sun)day) "
)
_EXCEL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """What a cell tells: a day or none, and the code of a warning when the day was completed."""

    day: dt.date | None
    warning: str = ""


class DateOrder:
    """Whether a column writes the day or the month first, told by a part above 12 somewhere in it."""

    def __init__(self) -> None:
        self.first = self.second = 0
        self.undecided = False

    def see(self, cell: str) -> None:
        """Take one cell into account."""
        found = _PARTS.match(clean(cell)) if cell else None
        if found:
            one, other = int(found[1]), int(found[2])
            self.first += one > 12
            self.second += other > 12
            self.undecided |= one <= 12 and other <= 12 and one != other

    @property
    def told(self) -> str | None:
        """`dmy` or `mdy`; None when nothing decides."""
        if self.first == self.second == 0:
            return None
        return "dmy" if self.first >= self.second else "mdy"


def order_of(cells: Iterable[str]) -> str | None:
    """The order of a column of cells."""
    order = DateOrder()
    for cell in cells:
        order.see(cell)
    return order.told


def read_date(cell: str, *, order: str = "dmy", today: dt.date) -> ReadDate | None:
    """The day a cell tells, `ReadDate(None)` for a blank, None when it cannot be read as a date."""
    text = clean(cell)
    if _BLANK.match(text):
        return ReadDate(None)
    try:
        return _whole(text, order, today) or _partial(text, today)
    except (ValueError, OverflowError):
        return None


def _whole(text: str, order: str, today: dt.date) -> ReadDate | None:
    if found := _ISO.match(text) or _COMPACT.match(text):
        return ReadDate(dt.date(int(found[1]), int(found[2]), int(found[3])))
    if found := _PARTS.match(text):
        day, month = int(found[1]), int(found[2])
        if order == "mdy":
            day, month = month, day
        return ReadDate(dt.date(_full_year(found[3], today), month, day))
    if found := _DAY_NUMBER.match(text):
        return ReadDate(_EXCEL_ZERO + dt.timedelta(days=int(found[1])))
    folded = _WEEKDAY.sub("", fold(text))
    if (found := _WORDS.match(folded)) and found[2] in _MONTHS:
        return ReadDate(dt.date(int(found[3]), _MONTHS[found[2]], int(found[1])))
    if (found := _WORDS_US.match(folded)) and found[1] in _MONTHS:
        return ReadDate(dt.date(int(found[3]), _MONTHS[found[1]], int(found[2])))
    return None


def _partial(text: str, today: dt.date) -> ReadDate | None:
    if found := _MONTH_YEAR.match(text):
        return ReadDate(dt.date(int(found[2]), int(found[1]), 1), "date_month_only")
    if found := _YEAR_MONTH.match(text):
        return ReadDate(dt.date(int(found[1]), int(found[2]), 1), "date_month_only")
    if (found := _WORD_YEAR.match(fold(text))) and found[1] in _MONTHS:
        return ReadDate(dt.date(_full_year(found[2], today), _MONTHS[found[1]], 1), "date_month_only")
    if found := _YEAR.match(text):
        return ReadDate(dt.date(int(found[1]), 1, 1), "date_year_only")
    return None


def _full_year(text: str, today: dt.date) -> int:
    """Two digits: the century that does not lie more than twenty years ahead (leases end in the future)."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year + 20 else 1900 + year
