"""One clock: UTC instants, Europe/Paris civil dates. Demo and tests may set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_instant", default=None)


def now() -> datetime:
    """The present UTC instant, cut to the millisecond (what the journal stores)."""
    instant = _fixed.get() or datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def today() -> date:
    """The present civil date in Europe/Paris: what deadlines are counted in."""
    return now().astimezone(PARIS).date()


def in_days(days: int) -> date:
    """The civil date `days` days from today."""
    return today() + timedelta(days=days)


def at_paris(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The UTC instant of a Europe/Paris wall-clock time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware) inside the block: demo data, tests."""
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
