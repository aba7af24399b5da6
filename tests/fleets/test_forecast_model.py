"""The model of the forecast by itself: what it learns, what it foretells, and the back-test on known laws."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from reuse_market.fleets.forecasting import HORIZON, Group, fit, project
from reuse_market.fleets.forecasting.projection import mean_release
from reuse_market.fleets.forecasting.quarters import (
    first_day,
    left_per_mille,
    of_months,
    period,
    period_of,
    quarter_of,
)
from reuse_market.fleets.forecasting.sharing import interval_of_share, shared
from reuse_market.fleets.forecasting.survival import half_gone
from tests.support.fleet_laws import LAWS, NOW, scores


def test_quarters_are_numbers_and_periods_are_texts() -> None:
    assert quarter_of(date(2026, 12, 31)) + 1 == quarter_of(date(2027, 1, 1)) == 2027 * 4
    assert first_day(2027 * 4 + 2) == date(2027, 7, 1)
    assert [left_per_mille(date(2027, 1, 1)), left_per_mille(date(2027, 3, 31))] == [1000, 11]
    assert [of_months(months) for months in (6, 30, 60, 61, 62)] == [2, 10, 20, 20, 21]
    assert period_of("2027-Q2") == (date(2027, 4, 1), None)
    assert period_of("2027-05") == (date(2027, 4, 1), date(2027, 5, 1))
    assert [period_of(text) for text in ("2027-Q5", "2027-13", "1999-Q1", "2027-5", "")] == [None] * 5
    assert [period(date(2027, 4, 1)), period(date(2027, 4, 1), date(2027, 5, 1))] == ["2027-Q2", "2027-05"]


def test_shares_add_up_and_their_intervals_are_wider_for_smaller_parts() -> None:
    assert shared(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert shared(0, {"a": 1}) == shared(5, {}) == {}
    assert interval_of_share(100, 80, 130, 100) == (80, 130)
    low, high = interval_of_share(100, 80, 130, 10)
    assert low < 8
    assert high > 13


def test_what_is_still_in_use_and_what_left_before_it_was_seen_both_count() -> None:
    """Without censoring the age would be that of the discards alone; without truncation, that of survivors."""
    gone = [Group(NOW - 16 - step, NOW - 12, NOW - 1 - step, 20) for step in range(8)]  # at 15 quarters
    kept = [Group(NOW - 30, NOW - 12, None, 2000)]
    young = fit(gone, now=NOW, rule=20)
    old = fit(gone + kept, now=NOW, rule=20)
    assert half_gone(young) in range(14, 18)
    assert old.rates()[25] < 0.02 < 0.2 < young.rates()[25]
    late = [Group(NOW - 16, NOW - 1, None, 5000)]  # seen for the first time last quarter: tells of no age
    assert fit(gone + late, now=NOW, rule=20).rates()[:15] == young.rates()[:15]


def test_without_a_discard_the_age_rule_speaks_and_its_interval_is_wide() -> None:
    fitted = fit([], now=NOW, rule=20)
    assert half_gone(fitted) in range(19, 25)
    cells = project(fitted, {NOW - 19: 400}, now=NOW, seed=7)
    year = sum(cell.model.expected for cell in cells[:6])
    assert 200 < year < 400
    assert any(cell.model.high - cell.model.low > 60 for cell in cells)
    assert cells == project(fitted, {NOW - 19: 400}, now=NOW, seed=7)
    assert cells != project(fitted, {NOW - 19: 400}, now=NOW, seed=8)
    assert sum(mean_release(fitted, {NOW - 19: 400}, NOW)) <= 400


def test_a_bigger_announcement_replaces_the_figure_and_is_not_counted_again() -> None:
    fitted = fit([], now=NOW, rule=20)
    stock = {NOW - age: 30 for age in range(4, 24)}
    free = project(fitted, stock, now=NOW, seed=3)
    told = project(fitted, stock, now=NOW, seed=3, announced=[0, 0, 300])
    assert [c.total for c in free] == [c.model for c in free]
    assert told[2].total.low == told[2].total.expected == told[2].total.high == 300
    assert told[2].model.expected < 100
    after = (sum(c.total.expected for c in cells[3:]) for cells in (told, free))
    assert next(after) + 150 < next(after)
    small = project(fitted, stock, now=NOW, seed=3, announced=[1])
    assert small[0].total.expected == free[0].total.expected


def test_seasons_are_learned() -> None:
    """All discards of four years in the fourth quarters: the forecast puts them there."""
    groups = [Group(quarter - 20, NOW - 16, quarter, 50) for quarter in range(NOW - 13, NOW, 4)] + [
        Group(NOW - age, NOW - 16, None, 15) for age in range(1, 22)
    ]
    fitted = fit(groups, now=NOW, rule=20)
    cells = project(fitted, {NOW - age: 15 for age in range(1, 22)}, now=NOW, seed=1)
    by_season: Counter[int] = Counter()
    for step, cell in enumerate(cells):
        by_season[step % 4] += cell.model.expected
    assert by_season[3] > 2 * max(by_season[season] for season in (0, 1, 2))
    assert len(cells) == HORIZON


@pytest.mark.parametrize("law", LAWS)
def test_the_interval_holds_and_the_error_is_no_worse_than_the_age_rule(law: str) -> None:
    """A short run of `python -m bench forecast`: coverage with the room that so few holders need."""
    found = list(scores(law, 8, seed=11_000))
    inside = sum(one.inside for one in found) / sum(one.told for one in found)
    mine, naive = sum(one.relative_error for one in found), sum(one.relative_naive for one in found)
    assert 0.80 <= inside <= 0.99
    assert mine <= (1.1 if law == "age limit" else 1.0) * naive
