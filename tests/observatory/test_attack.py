"""Adding and subtracting all that is published never tells what fewer than 3 holders have."""

from __future__ import annotations

from itertools import product
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reuse_market.observatory.dataset import Dataset
from reuse_market.observatory.grouping import SEVERAL, Cell, exact, groups, may_be_told, rounded
from tests.observatory.attacking import Sum, System

KINDS, QUARTERS, COMMUNES, HOLDERS = ("laptop", "server"), ("Q1", "Q2"), ("a", "b", "c"), range(5)
PLACES = list(product(KINDS, QUARTERS, COMMUNES))
counts = st.sampled_from([1, 1, 2, 3, 10, 40, 400])
cubes = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(HOLDERS)), counts, min_size=3, max_size=14
)


def cells(cube: dict) -> list[Cell]:
    return [
        Cell(*place, holder, count, max(count - 2, 0), count + 3) for (place, holder), count in cube.items()
    ]


def views(found: list[Cell], *, even: bool) -> list[Sum]:
    """Every number that any filter of any page shows, with the cells it adds up (told to the attacker too)."""
    made = groups(found, even=even)
    rows = [exact(group, "stock") for group in made]
    source = Dataset(None, tuple(rows))
    told: list[Sum] = []
    for kind, quarter, commune in product((*KINDS, ""), (*QUARTERS, ""), (*COMMUNES, "")):
        for name in ("kind", "quarter", "commune", "state"):
            by = source.by(name, kind=kind, quarter=quarter, commune=commune)
            for value, (devices, _low, _high) in by.items():
                asked = {"kind": kind, "quarter": quarter, "commune": commune}
                inside = [
                    group for group, row in zip(made, rows, strict=True)
                    if getattr(row, name) == value and all(v in ("", getattr(row, k)) for k, v in asked.items())
                ]  # fmt: skip
                told.append(({cell: 1 for group in inside for cell in group.cells}, devices))
    return told


def few(found: list[Cell]) -> list[list[Cell]]:
    """Every number of the cube and of its edges behind which stand fewer than 3 holders."""
    asked = product((*KINDS, ""), (*QUARTERS, ""), (*COMMUNES, ""))
    sums = [
        [c for c in found if k in ("", c.kind) and q in ("", c.quarter) and p in ("", c.commune)]
        for k, q, p in asked
    ]
    return [one for one in sums if one and len({cell.holder for cell in one}) < 3]


def attacked(cube: dict, *, even: bool) -> None:
    found = cells(cube)
    told = views(found, even=even)
    for insider in (None, *HOLDERS):
        known = [({cell: 1}, cell.devices) for cell in found if cell.holder == insider]
        system = System.of(found, [*told, *known])
        for secret in [*few(found), *([cell] for cell in found)]:
            hidden = [cell for cell in secret if cell.holder != insider]
            # of three holders, one always knows what the two others have together, and no more
            alone = insider is None or len({cell.holder for cell in hidden}) == 1
            if hidden and alone and _bounded(hidden, told):
                least, most = system.bounds(hidden)
                assert least < most, (insider, hidden)


def _bounded(wanted: list[Cell], told: list[Sum]) -> bool:
    """Whether published sums hold them at all: what is left out altogether has no end above."""
    held = {cell for coefficients, _total in told for cell in coefficients}
    return set(wanted) <= held


@settings(max_examples=25, deadline=None)
@given(cubes, st.booleans())
def test_no_suppressed_number_can_be_worked_out(cube: dict, even: bool) -> None:
    """Neither by somebody outside nor by a holder who knows its own devices: `attacked` asserts it."""
    attacked(cube, even=even)


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(cubes, st.booleans())
def test_no_suppressed_number_can_be_worked_out_in_many_cubes(cube: dict, even: bool) -> None:
    """`attacked` asserts it."""
    attacked(cube, even=even)


def test_the_attacker_breaks_the_plain_rule() -> None:
    """Hiding what fewer than 3 hold and telling the whole beside it is not enough: that is what he is for."""
    monitors = [Cell("monitor", "Q1", "a", holder, 3, 3, 3) for holder in (1, 2, 3)]
    laptops = Cell("laptop", "Q1", "a", 1, 5, 5, 5)
    found = [*monitors, laptops]
    told: list[Sum] = [(dict.fromkeys(monitors, 1), 9), (dict.fromkeys(found, 1), 14)]
    assert System.of(found, told).bounds([laptops]) == (5, 5)
    assert System.of(found, views(found, even=False)).bounds([laptops]) == (0, 14)
    # Two unknowns, their sum and that of one with a third: bounds of a linear programme, by hand.
    small = System.of("xyz", [({"x": 1, "y": 1}, 4), ({"y": 1, "z": 1}, 3)])
    assert [small.bounds(name) for name in "xyz"] == [(1, 4), (0, 3), (0, 3)]
    assert small.bounds("xz") == (1, 7)


@settings(max_examples=150, deadline=None)
@given(cubes, st.booleans())
def test_groups_are_a_partition_into_what_may_be_told(cube: dict, even: bool) -> None:
    """Each cell in one group at most, with names that are its own, and nothing left out that could be told."""
    found = cells(cube)
    made = groups(found, even=even)
    assert all(may_be_told(group, even) for group in made)
    placed = [cell for group in made for cell in group.cells]
    assert len(placed) == len(set(placed))
    for group in made:
        for name in ("kind", "quarter", "commune"):
            own = {getattr(cell, name) for cell in group.cells}
            assert (own == {getattr(group, name)}) or (getattr(group, name) == SEVERAL and len(own) > 1)
        assert group.devices == sum(cell.devices for cell in group.cells)
    left = [cell for cell in found if cell not in set(placed)]
    assert not left or not _tellable(left, even)
    assert groups(reversed(found), even=even) == made or {frozenset(g.cells) for g in made} == {
        frozenset(g.cells) for g in groups(reversed(found), even=even)
    }


def _tellable(found: list[Cell], even: bool) -> bool:
    held: dict[int, int] = {}
    for cell in found:
        held[cell.holder] = held.get(cell.holder, 0) + cell.devices
    sizes = sorted(held.values(), reverse=True)
    return len(sizes) >= 3 and (not even or sum(sizes[2:]) * 10 >= sizes[0])


@pytest.mark.parametrize(
    ("held", "even", "told"),
    [
        ([5, 5, 5], True, True),
        ([5, 5], True, False),
        ([400, 30, 40], True, False),  # the second would know the first within a tenth
        ([400, 30, 40], False, True),
        ([400, 40, 40], True, True),
        ([400, 1, 1, 38], True, False),
        ([1, 1, 1], True, True),
    ],
)
def test_who_may_be_told(held: list[int], even: bool, told: bool) -> None:
    found = [Cell("laptop", "Q1", "a", holder, count, count, count) for holder, count in enumerate(held)]
    assert [group.devices for group in groups(found, even=even)] == ([sum(held)] if told else [])


def test_what_is_given_up_first() -> None:
    """The kind inside a commune, then the commune of a kind, then both; the quarter last."""

    def held(kind: str, commune: str, *holders: int, quarter: str = "Q1") -> list[Cell]:
        return [Cell(kind, quarter, commune, one, 10, 10, 10) for one in holders]

    found = [
        *held("laptop", "a", 1, 2, 3), *held("server", "a", 1, 2), *held("tablet", "a", 3),
        *held("laptop", "b", 4), *held("laptop", "c", 5, 6), *held("phone", "b", 4), *held("printer", "c", 5, 6),
        *held("laptop", "a", 1, quarter="Q2"), *held("laptop", "b", 2, 3, quarter="Q3"),
    ]  # fmt: skip
    told = {(g.kind, g.quarter, g.commune): g.devices for g in groups(found)}
    assert told == {
        ("laptop", "Q1", "a"): 30, ("", "Q1", "a"): 30, ("laptop", "Q1", ""): 30, ("", "Q1", ""): 30,
        ("laptop", "", ""): 30,
    }  # fmt: skip


def test_numbers_are_rounded_and_intervals_outwards() -> None:
    found = [
        Cell("laptop", "Q1", "a", holder, count, count - 3, count + 4)
        for holder, count in ((1, 9), (2, 8), (3, 5))
    ]
    [group] = groups(found)
    row = rounded(group, "forecast")
    below, above = 22 - isqrt(27) - 1, 22 + isqrt(48) + 1
    assert (row.devices, row.low, row.high) == (20, below // 5 * 5, -(-above // 5) * 5)
    assert row.low <= row.devices <= row.high
