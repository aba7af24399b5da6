"""Payload v1: its bytes are RFC 8785, frozen, and hold nothing but codes and integers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_letters, ascii_lowercase, digits
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reuse_market.kernel.errors import Invalid
from reuse_market.traceability import payload

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="ascii"))


def _words(first: str, more: str, longest: int) -> st.SearchStrategy[str]:
    """A sign of `first`, then signs of both: what st.from_regex would draw, in half the time."""
    return st.builds(str.__add__, st.sampled_from(first), st.text(first + more, max_size=longest))


KEYS = _words(ascii_lowercase, digits + "_", 12)
CODES = _words(ascii_letters + digits, "_.:/+-", 20)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | CODES
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30)


@given(st.dictionaries(KEYS, VALUES))
def test_the_standard_library_writes_rfc_8785_bytes(body: dict[str, Any]) -> None:
    payload.check(body)
    assert payload.canonical(body) == rfc8785.dumps(body)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_version_1_is_frozen(name: str) -> None:
    """Never edit golden.json: a new shape is version 2, beside."""
    case = GOLDEN[name]
    stored = case["bytes"].encode("ascii")
    assert payload.canonical(case["body"]) == stored == rfc8785.dumps(case["body"])
    assert payload.digest(stored) == case["hash"]
    assert case["body"]["v"] == payload.VERSION == 1


def test_the_golden_file_covers_what_events_hold() -> None:
    bodies = [case["body"] for case in GOLDEN.values()]
    assert len(bodies) == 3
    assert {frozenset(body) for body in bodies} == {
        frozenset({
            "v", "id", "act_id", "stream", "seq", "prev", "type", "actor", "occurred_at", "recorded_at", "units",
            "change", "facts", "commitments", "corrects",
        })
    }  # fmt: skip


@given(st.sets(st.integers(1, 5_000)))
def test_ranges_are_the_pairs(ids: set[int]) -> None:
    pairs = payload.ranges(ids)
    assert payload.members(pairs) == sorted(ids)
    assert all(first <= last for first, last in pairs)
    assert all(one[1] + 1 < two[0] for one, two in zip(pairs, pairs[1:], strict=False))


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 – hypothesis adds it
def test_stamps_read_back_to_the_millisecond(naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)
    assert payload.read_stamp(payload.stamp(instant)) == instant


def test_stamps_sort_as_time_does() -> None:
    assert payload.stamp(datetime(2026, 3, 4, 9, 5, 6, 70_000, UTC)) == "2026-03-04T09:05:06.070Z"


@pytest.mark.parametrize(
    "value",
    [
        "Atelier Exemple", "élan", "", " LOT", "a" * 81, "it’s free text", 'x"y', "a,b", "nom@exemple.org", "-x",
        1.5, float("nan"), 2**53, -(2**53), b"bytes", datetime(2026, 1, 1, tzinfo=UTC), {1, 2}, object(),
    ],
)  # fmt: skip
def test_what_is_no_code_nor_integer_never_enters(value: Any) -> None:
    for body in ({"a": value}, {"a": [value]}, {"a": {"b": value}}):
        with pytest.raises(Invalid):
            payload.check(body)


@pytest.mark.parametrize("key", ["Name", "é", "", "a b", "1a", "a" * 41, 5])
def test_keys_are_plain(key: Any) -> None:
    with pytest.raises(Invalid):
        payload.check({key: 1})


def test_a_commitment_tells_nothing_without_its_key() -> None:
    (one, key), (two, other) = payload.commit_value("42"), payload.commit_value("42")
    assert one != two
    assert key != other
    assert payload.commitment("42", key) == one
    assert payload.commitment("43", key) != one
