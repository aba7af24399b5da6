"""A holder's counts, age rules and plans made into its forecast and the cells of the resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from reuse_market.fleets.forecast_models import RenewalPlan
from reuse_market.fleets.forecasting import counting, reading
from reuse_market.fleets.forecasting.counting import Counts
from reuse_market.fleets.forecasting.projection import HORIZON, Cell, mean_release, project
from reuse_market.fleets.forecasting.quarters import first_day, left_per_mille, of_months, quarter_of
from reuse_market.fleets.forecasting.reading import Age
from reuse_market.fleets.forecasting.sharing import interval_of_share, shared
from reuse_market.fleets.forecasting.survival import Fitted, fit, half_gone
from reuse_market.kernel import clock

Row = dict[str, Any]
Places = Counter[tuple[str, int]]  # (commune, quarter of purchase) → devices in use


@dataclass
class Built:
    """Rows of resource_cell, fleet_forecast and forecast_ground, without holder and instant."""

    cells: list[Row] = field(default_factory=list)
    quarters: list[Row] = field(default_factory=list)
    grounds: list[Row] = field(default_factory=list)

    def add_cell(
        self, commune: str, kind: str, basis: str, quarter: int, *told: int, state: str = ""
    ) -> None:
        """A cell of `told`: expected, low, high; one number stands for the three."""
        expected, low, high = told if len(told) > 1 else told * 3
        self.cells.append({
            "commune_insee": commune, "kind": kind, "basis": basis, "state": state,
            "quarter": first_day(quarter), "expected": expected, "low": low, "high": high,
        })  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Announced:
    """Devices announced in each quarter of the horizon, in all and by commune."""

    whole: list[int]
    by_commune: list[Counter[str]]


def build(holder_id: int) -> Built:
    """Everything a holder's rows say today. The seed of chance is the holder, the kind and the quarter."""
    counted = counting.counts_by_kind(holder_id)
    plans, ages = reading.open_plans(holder_id), reading.ages(holder_id)
    communes = reading.communes(holder_id)
    built = Built()
    for kind in sorted(counted.keys() | {plan.kind for plan in plans}):
        counts, seed = counted.get(kind, Counts()), crc32(f"{holder_id}/{kind}".encode())
        own = [plan for plan in plans if plan.kind == kind]
        _add_kind(built, kind, counts, own, ages.get(kind, Age(None, own=False)), communes, seed)
    return built


def _add_kind(
    built: Built, kind: str, counts: Counts, plans: Sequence[RenewalPlan], age: Age,
    communes: Mapping[int | None, str], seed: int,
) -> None:  # fmt: skip
    now = quarter_of(clock.today())
    places = _places(counts, communes)
    announced = _announced(plans, counts, communes, now)
    fitted, cells = None, []
    if age.months is not None:
        fitted = fit(counts.groups, now=now, rule=of_months(age.months))
        in_use: Counter[int] = Counter()
        for (_, bought), number in places.items():
            in_use[bought] += number
        left = left_per_mille(clock.today())
        cells = project(fitted, in_use, now=now, seed=seed + now, left=left, announced=announced.whole)
    built.grounds.append({"kind": kind} | _ground(counts, age, fitted))
    for commune, state, number in _stock(counts, communes):
        built.add_cell(commune, kind, "stock", now, number, state=state)
    shares = _shares(fitted, places, now) if fitted else [{} for _ in range(HORIZON)]
    for step in range(HORIZON):
        cell = cells[step] if cells else None
        _add_quarter(built, kind, now, step, cell, announced, shares[step])


def _add_quarter(
    built: Built, kind: str, now: int, step: int, cell: Cell | None, announced: _Announced,
    shares: Mapping[str, float],
) -> None:  # fmt: skip
    quarter, sure = now + step, announced.whole[step]
    expected, low, high = sure, sure, sure
    if cell is not None:
        expected = max(cell.total.expected, sure)
        low, high = min(cell.total.low, expected), max(cell.total.high, expected)
    if not high:
        return
    told = {"announced": sure, "expected": expected, "low": low, "high": high}
    built.quarters.append({"kind": kind, "quarter": first_day(quarter)} | told)
    for commune, number in sorted(announced.by_commune[step].items()):
        built.add_cell(commune, kind, "announced", quarter, number)
    beyond = (expected - sure, max(low - sure, 0), high - sure)
    for commune, number in sorted(shared(beyond[0], shares).items()):
        low, high = interval_of_share(*beyond, number)
        if number or high:
            built.add_cell(commune, kind, "forecast", quarter, number, low, high)


def _places(counts: Counts, communes: Mapping[int | None, str]) -> Places:
    """Devices in use by commune and quarter of purchase; those without a date are taken to be as old as the
    others of their kind."""
    told: Places = Counter()
    bought: Counter[int] = Counter()
    for (site, quarter), number in counts.in_use.items():
        told[communes[site], quarter] += number
        bought[quarter] += number
    for site, number in counts.undated.items():
        for quarter, part in shared(number, bought).items():
            told[communes[site], quarter] += part
    return told


def _stock(counts: Counts, communes: Mapping[int | None, str]) -> list[tuple[str, str, int]]:
    told: Counter[tuple[str, str]] = Counter()
    for (site, state), number in counts.stock.items():
        told[communes[site], state] += number
    return [(commune, state, number) for (commune, state), number in sorted(told.items())]


def _announced(
    plans: Sequence[RenewalPlan], counts: Counts, communes: Mapping[int | None, str], now: int
) -> _Announced:
    """Plans by quarter; one without a site is spread as the devices in use are."""
    told = _Announced([0] * HORIZON, [Counter() for _ in range(HORIZON)])
    use: Counter[str] = Counter()
    for (site, state), number in counts.stock.items():
        use[communes[site]] += number if state == "in_use" else 0
    for plan in plans:
        step = quarter_of(plan.quarter) - now
        if not 0 <= step < HORIZON:
            continue
        told.whole[step] += plan.quantity
        spread = {communes[plan.site_id]: 1} if plan.site_id or not use.total() else use
        told.by_commune[step].update(shared(plan.quantity, spread))
    return told


def _shares(fitted: Fitted, places: Places, now: int) -> list[dict[str, float]]:
    """The weight of each commune in what is released in each quarter."""
    stocks: dict[str, dict[int, int]] = {}
    for (commune, bought), number in places.items():
        stocks.setdefault(commune, {})[bought] = number
    means = {commune: mean_release(fitted, stock, now) for commune, stock in stocks.items()}
    return [{commune: mean[step] for commune, mean in means.items()} for step in range(HORIZON)]


def _ground(counts: Counts, age: Age, fitted: Fitted | None) -> Row:
    undated = counts.undated.total()
    seen = [group.seen for group in counts.groups]
    gone = [group for group in counts.groups if group.gone is not None]
    half = half_gone(fitted) if fitted else None
    return {
        "in_use": sum(number for (_, state), number in counts.stock.items() if state == "in_use"),
        "undated": undated, "discards": sum(group.count for group in gone),
        "since": first_day(min(seen)) if gone else None,
        "rule_months": age.months, "own_rule": age.own,
        "age_months": half * 3 if half is not None else None,
    }  # fmt: skip
