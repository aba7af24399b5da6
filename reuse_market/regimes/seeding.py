"""The first rows of an installation, as data/*.csv hold them; a cell of rules.csv may name several kinds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from reuse_market.regimes.parties import GROUPS

DATA = Path(__file__).with_name("data")
SPREAD = ("regime", "origin_kind", "giver_kind", "recipient_kind", "kind")
INTEGERS = ("cents", "per_mille")


def rules() -> Iterator[dict[str, Any]]:
    """One row per cell: the product of the codes that each column of rules.csv names, groups spelt out."""
    for row in rows("rules"):
        named = [row[column].split() if column == "origin_kind" else _codes(row[column]) for column in SPREAD]
        for codes in product(*named):
            yield row | dict(zip(SPREAD, codes, strict=True))


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of data/`name`.csv: dates and integers read, the rest as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: _value(column, text) for column, text in row.items()}


def _codes(text: str) -> list[str]:
    """The codes of a cell; `private`, `public`, `buyers` and `people` stand for their members."""
    return [code for word in text.split() for code in GROUPS.get(word, (word,))]


def _value(column: str, text: str) -> Any:
    if column in INTEGERS:
        return int(text)
    return date.fromisoformat(text) if column == "valid_from" else text
