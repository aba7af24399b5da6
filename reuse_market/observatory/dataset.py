"""The public dataset of the resource: published rows, the instants they tell of, and every view added up from them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any

from reuse_market.observatory.grouping import SEVERAL, Row, spread

NAME = "resource"
LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
AVAILABLE, STOCK, ANNOUNCED, FORECAST = "available", "stock", "announced", "forecast"
STATES = (AVAILABLE, STOCK, ANNOUNCED, FORECAST)
WANTED = "wanted"  # not the resource, but what is asked of it; by the quarter it is needed in
TOLD = (*STATES, WANTED)
DATED = (ANNOUNCED, FORECAST)  # the states whose quarter is the one in which devices will be released
FIELDS = ("state", "kind", "quarter", "commune", "devices", "low", "high")
VERSION = 1


@dataclass(frozen=True)
class Dataset:
    """Rows of one moment (`as_of`; None: never computed). Immutable: what is added up once is kept."""

    as_of: datetime | None
    rows: tuple[Row, ...]
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def select(self, state: str = "", kind: str = "", quarter: str = "", commune: str = "") -> list[Row]:
        """The rows that say they are of these; a row that spans several kinds is of none."""
        asked = ("rows", state, kind, quarter, commune)
        if asked not in self._kept:
            self._kept[asked] = [
                row
                for row in self.rows
                if state in ("", row.state)
                and kind in ("", row.kind)
                and quarter in ("", row.quarter)
                and commune in ("", row.commune)
            ]
        found: list[Row] = self._kept[asked]
        return found

    def by(self, name: str, **asked: str) -> dict[str, tuple[int, int, int]]:
        """(devices, low, high) of the rows asked for, by `name` ("commune", "kind", "quarter"); SEVERAL: grouped."""
        place = (name, *(f"{key}={value}" for key, value in sorted(asked.items())))
        if place not in self._kept:
            shares: dict[str, list[Row]] = defaultdict(list)
            for row in self.select(**asked):
                shares[getattr(row, name)].append(row)
            self._kept[place] = {key: spread(rows) for key, rows in shares.items()}
        found: dict[str, tuple[int, int, int]] = self._kept[place]
        return found

    def quarters(self) -> list[str]:
        """The quarters told of, in order."""
        return sorted({row.quarter for row in self.rows} - {SEVERAL})


def written(dataset: Dataset, listed: Dataset | None = None) -> bytes:
    """The dataset as one JSON file; `listed`: what open lots offer, beside it."""
    told: dict[str, Any] = {
        "name": NAME,
        "version": VERSION,
        "licence": LICENCE,
        "fields": FIELDS,
        "as_of": dataset.as_of.isoformat() if dataset.as_of else None,
        "rows": [astuple(row) for row in dataset.rows],
    }
    if listed is not None and listed.as_of is not None:
        told |= {
            "available_as_of": listed.as_of.isoformat(),
            "available": [astuple(row) for row in listed.rows],
        }
    return json.dumps(told, separators=(",", ":")).encode()


def read(data: bytes) -> Dataset:
    """The dataset `written` wrote."""
    told = json.loads(data)
    return Dataset(datetime.fromisoformat(told["as_of"]), tuple(Row(*row) for row in told["rows"]))


def table(parts: Iterable[Dataset], names: dict[str, str]) -> list[list[Any]]:
    """Rows for a spreadsheet or a program, header first; `names`: communes by INSEE code."""
    rows: list[list[Any]] = [[*FIELDS[:4], "commune_name", *FIELDS[4:], "as_of"]]
    for part in parts:
        day = part.as_of.isoformat(timespec="seconds") if part.as_of else ""
        rows += [
            [row.state, row.kind, row.quarter, row.commune, names.get(row.commune, ""), row.devices, row.low,
             row.high, day]
            for row in part.rows
        ]  # fmt: skip
    return rows
