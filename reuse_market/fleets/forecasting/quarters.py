"""Quarters as whole numbers, so that an age is a difference: 2026's first is 2026 × 4."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = 3
PERIOD = r"20[0-9]{2}-(?:Q[1-4]|0[1-9]|1[0-2])"
"""A quarter ("2027-Q2") or a month ("2027-05")."""


def quarter_of(day: date) -> int:
    """The number of the quarter that holds a day."""
    return day.year * 4 + (day.month - 1) // MONTHS


def first_day(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 4, quarter % 4 * MONTHS + 1, 1)


def left_per_mille(day: date) -> int:
    """How much of its quarter is still to come on a day, that day included, in thousandths."""
    start, end = first_day(quarter_of(day)), first_day(quarter_of(day) + 1)
    return (end - day) // timedelta(days=1) * 1000 // ((end - start) // timedelta(days=1))


def of_months(months: int) -> int:
    """Months as quarters, to the nearest (halves up)."""
    return (months * 2 + MONTHS) // (MONTHS * 2)


def period_of(text: str) -> tuple[date, date | None] | None:
    """The first days of the quarter and, when a month is named, of the month; None for anything else."""
    if not re.fullmatch(PERIOD, text):
        return None
    year, part = int(text[:4]), text[5:]
    if part.startswith("Q"):
        return first_day(year * 4 + int(part[1:]) - 1), None
    month = date(year, int(part), 1)
    return first_day(quarter_of(month)), month


def period(quarter: date, month: date | None = None) -> str:
    """The text that `period_of` reads."""
    if month is not None:
        return f"{month.year}-{month.month:02d}"
    return f"{quarter.year}-Q{(quarter.month + 2) // MONTHS}"
