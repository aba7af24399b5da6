"""The clock, instants, references and measures."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from reuse_market.kernel import clock, db, measures, spreadsheets
from reuse_market.kernel.dated import Delay, delay_days, in_force
from reuse_market.kernel.references import Counter, next_reference
from tests.support.races import together

NOON = datetime(2026, 7, 1, 12, 0, 0, 123_456, tzinfo=UTC)


def test_now_is_utc_and_cut_to_the_millisecond():
    with clock.frozen(NOON):
        assert clock.now() == NOON.replace(microsecond=123_000)
    assert clock.now().tzinfo is UTC
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),  # midnight in Paris, summer
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),  # midnight in Paris, winter
    ],
)
def test_today_is_the_civil_date_in_paris(instant, day):
    with clock.frozen(instant):
        assert clock.today() == day
        assert clock.in_days(3) == day + timedelta(days=3)


def test_frozen_blocks_nest_and_end():
    with clock.frozen(NOON):
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.today() == date(2026, 7, 2)
        assert clock.today() == date(2026, 7, 1)
    assert clock.now() > NOON


def test_wall_clock_times_become_utc():
    assert clock.at_paris(date(2026, 1, 15), 9) == datetime(2026, 1, 15, 8, tzinfo=UTC)
    assert clock.at_paris(date(2026, 7, 15), 9, 30) == datetime(2026, 7, 15, 7, 30, tzinfo=UTC)
    assert clock.at_paris(date(2026, 7, 15)).utcoffset() == timedelta(0)


@pytest.fixture
def keep(widget):
    @db.command
    def keep_instant(name, instant):
        row = widget(name=name, seen_at=instant)
        db.session().add(row)
        db.session().flush()
        return row.id

    return keep_instant


@pytest.mark.parametrize(
    "instant",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=2))),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 2:30 in Paris happens twice that night
        datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
        None,
    ],
)
def test_instants_come_back_as_they_went(database, widget, keep, instant):
    number = keep("a", instant)
    db.release()
    read = db.session().get(widget, number).seen_at
    assert read == instant
    if read is not None:
        assert read.tzinfo is UTC


def test_naive_instants_are_refused(database, keep):
    with pytest.raises(StatementError, match="naive"):
        keep("a", datetime(2026, 7, 1, 12))  # noqa: DTZ001 – the very thing that is refused


def test_instants_compare_inside_the_database(database, widget, keep):
    keep("before", NOON - timedelta(milliseconds=1))
    keep("same", NOON.astimezone(timezone(timedelta(hours=-9))))
    keep("after", NOON + timedelta(milliseconds=1))
    found = db.session().scalars(
        sa.select(widget.name).where(widget.seen_at >= NOON).order_by(widget.seen_at)
    )
    assert list(found) == ["same", "after"]


def test_references_count_up_by_prefix_and_year(database):
    with clock.frozen(NOON):
        assert [next_reference("LOT"), next_reference("LOT"), next_reference("CLAIM")] == [
            "LOT-2026-0001",
            "LOT-2026-0002",
            "CLAIM-2026-0001",
        ]
    with clock.frozen(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert next_reference("LOT") == "LOT-2027-0001"  # already the new year in Paris


def test_sixteen_threads_never_share_a_reference(database):
    outcomes = together(16, lambda _n: [next_reference("LOT") for _ in range(5)])
    assert [o.error for o in outcomes] == [None] * 16
    given_out = sorted(reference for o in outcomes for reference in o.value)
    year = clock.today().year
    assert given_out == [f"LOT-{year}-{n:04d}" for n in range(1, 81)]


def test_a_reference_is_given_back_by_a_failed_command(database):
    @db.command
    def fail():
        next_reference("LOT")
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert next_reference("LOT").endswith("-0001")
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Counter)) == 1


def test_the_delay_in_force_is_the_latest_already_valid(database):
    @db.command
    def install():
        for start, days in ((date(2025, 1, 1), 10), (date(2026, 7, 2), 14)):
            db.session().add(
                Delay(code="test.hold", days=days, valid_from=start, source="a decision", confidence="D")
            )

    install()
    with clock.frozen(NOON):
        assert delay_days("test.hold") == 10
        assert delay_days("test.hold", date(2026, 7, 2)) == 14
        assert in_force(Delay, date(2024, 12, 31), code="test.hold") is None
    with pytest.raises(LookupError):
        delay_days("test.unknown")


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 3, 0), (1, 3, 33), (1, 2, 50), (2, 3, 67), (1, 200, 1), (5, 0, None)]
)
def test_share_percent(part, whole, percent):
    assert measures.share_percent(part, whole) == percent


@given(st.integers(0, 10**12))
def test_vat_is_rounded_half_up_to_the_cent(cents):
    exact = cents * 1200
    assert abs(measures.with_vat(cents, 200) * 1000 - exact) <= 500
    assert measures.with_vat(cents, 0) == cents


def test_vat_example():
    assert measures.with_vat(12_99, 55) == 13_70  # 13,7045
    assert measures.with_vat(10, 50) == 11  # 10,5: half up


def test_the_same_rows_of_a_day_make_the_same_workbook() -> None:
    """A second later: nothing in the file says when, to the second, it was asked for."""
    with clock.frozen(clock.at_paris(clock.today(), 9)):
        one = spreadsheets.xlsx_bytes([["Modèle", 3]])
        time.sleep(1.1)
        assert spreadsheets.xlsx_bytes([["Modèle", 3]]) == one
