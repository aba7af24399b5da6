"""A holder's forecast as a page, a file or a program shows it: by kind and quarter, with its totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reuse_market.fleets.forecast_models import FleetForecast, ForecastGround, ForecastMade
from reuse_market.fleets.forecasting import reading
from reuse_market.fleets.forecasting.projection import HORIZON
from reuse_market.fleets.forecasting.quarters import first_day, quarter_of
from reuse_market.kernel import clock


@dataclass(frozen=True, slots=True)
class Told:
    """A figure: devices announced, expected in all (those inside), and the ends of its interval."""

    announced: int = 0
    expected: int = 0
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A kind with what its forecast rests on, and its figures in the order of the quarters."""

    ground: ForecastGround
    told: list[Told]
    year: Told  # the first four quarters


@dataclass(frozen=True, slots=True)
class Overview:
    """A holder's forecast. `total`: all kinds (or the one asked for) by quarter. `made` None: not made yet."""

    made: ForecastMade | None
    behind: bool
    quarters: list[date]
    lines: list[Line]
    total: list[Told]
    year: Told


def overview(holder_id: int, kind: str | None = None) -> Overview:
    """The forecast as last made, of one kind or of all. Figures of past quarters are left out."""
    now = quarter_of(clock.today())
    quarters = [first_day(now + step) for step in range(HORIZON)]
    rows = {(row.kind, row.quarter): row for row in reading.quarters(holder_id)}
    grounds = [one for one in reading.grounds(holder_id) if kind in (None, "", one.kind)]
    lines = []
    for ground in grounds:
        told = [_told(rows.get((ground.kind, quarter))) for quarter in quarters]
        lines.append(Line(ground, told, together(told[:4])))
    total = [together([line.told[step] for line in lines]) for step in range(HORIZON)]
    return Overview(
        reading.made(holder_id), reading.behind(holder_id), quarters, lines, total, together(total[:4])
    )


def together(told: list[Told]) -> Told:
    """The sum of figures. Intervals add as independent ones do: by the squares of their halves."""
    expected = sum(one.expected for one in told)
    below = sum((one.expected - one.low) ** 2 for one in told) ** 0.5
    above = sum((one.high - one.expected) ** 2 for one in told) ** 0.5
    low, high = max(0, round(expected - below)), round(expected + above)
    return Told(sum(one.announced for one in told), expected, low, high)


def _told(row: FleetForecast | None) -> Told:
    return Told(row.announced, row.expected, row.low, row.high) if row is not None else Told()
