"""The sentence of a lot: its figures add up, in both languages, in the right number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from reuse_market.lots.queries import Balance
from reuse_market.proofs.sentence import TERMS, sentence
from reuse_market.web import catalogues, filters

NAMES = [f.name for f in fields(Balance) if f.name not in ("declared", "extra")]
_app = Flask("sentences", template_folder=str(catalogues.ROOT / "templates"))
catalogues.register(_app)
filters.register(_app)

Reading = Callable[[str], AbstractContextManager[object]]


@pytest.fixture
def french() -> Iterator[None]:
    with _app.test_request_context("/?lang=fr"):
        yield


def balance(extra: int = 0, **counts: int) -> Balance:
    """A balance of these counts; what was declared follows from them."""
    return Balance(declared=sum(counts.values()) - extra, extra=extra, **counts)


def figures(side: str) -> int:
    """The sum of the figures said on one side (1 240 and 1,240 are one figure)."""
    return sum(int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d\u00a0,]*(?=\u00a0|\s|$)", side))


def test_every_count_has_words() -> None:
    assert sorted(TERMS) == sorted(NAMES)


@given(
    counts=st.dictionaries(st.sampled_from(NAMES), st.integers(0, 25_000), min_size=1),
    extra=st.integers(0, 3_000),
    language=st.sampled_from(["fr", "en"]),
)
def test_both_sides_add_up(counts: dict[str, int], extra: int, language: str) -> None:
    extra = min(extra, sum(counts.values()))
    with _app.test_request_context(f"/?lang={language}"):
        left, right = sentence(balance(extra, **counts)).removesuffix(".").split(" = ")
    total = sum(counts.values())
    said = [len(re.findall(r"\d[\d\u00a0,]*", term)) for term in right.split(", ")]
    assert (figures(left), figures(right)) == (total, total)
    assert set(said) == {1}
    assert len(said) == max(1, sum(1 for count in counts.values() if count))


def test_the_sentence_of_the_brief(french: None) -> None:
    counts = {"missing": 3, "refused": 2, "recycled": 4, "in_stock": 12, "provided": 30, "in_workshop": 10}
    assert sentence(balance(1, **counts)) == (
        "60 appareils déclarés + 1 trouvé en plus = 10 à l’atelier, 12 en stock, 30 remis, 4 recyclés, "
        "3 manquants, 2 refusés."
    )


def test_one_of_each(french: None) -> None:
    assert sentence(balance(1, missing=1, awarded=1)) == (
        "1 appareil déclaré + 1 trouvé en plus = 1 attribué, 1 manquant."
    )


def test_thousands_are_readable(french: None) -> None:
    assert sentence(balance(listed=10_000)) == "10\u00a0000 appareils déclarés = 10\u00a0000 à prendre."


def test_in_english() -> None:
    with _app.test_request_context("/?lang=en"):
        assert sentence(balance(2, provided=1, parts=3)) == (
            "2 devices declared + 2 found in addition = 1 handed over, 3 dismantled for parts."
        )
