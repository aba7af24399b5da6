"""The yearly declaration as the official Table Schema v0.1.0 wants it: columns, rows, a reader and a check.

Source: datagouv/schema-declaration-biens-reemploi-reutilisation-recycle, v0.1.0 (arrêté du 13 janvier 2025):
UTF-8, comma, one row per year, SIRET and category; due on 30 June of the following year. Pure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reuse_market.kernel.spreadsheets import csv_text
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec.categories import BY_LABEL, LABELS

COLUMNS = (
    "annee", "siret", "raison_sociale", "type_produit_acquis", "montant_total",
    "montant_reemploi_et_reutilisation", "montant_produits_issus_don", "montant_produits_recycles",
    "commentaires",
)  # fmt: skip
SIRET = re.compile(r"[0-9]{14}")
_NUMBER = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")
WRONG = {
    "columns": N_("These are not the nine columns of the declaration, in their order."),
    "siret": N_("The SIRET has 14 digits."),
    "year": N_("The year has four digits."),
    "name": N_("The name of the organisation is missing."),
    "category": N_("This category is not one of the official list."),
    "amount": N_("An amount is a number of euros with a point before the cents."),
    "twice": N_("This category is declared twice for the year."),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """A row: cents before tax, `category` a code of ours."""

    year: int
    siret: str
    name: str
    category: str
    total_cents: int
    reused_cents: int
    gift_cents: int
    recycled_cents: int
    comment: str = ""


def due(year: int) -> date:
    """The last day to declare a year: 30 June of the following one (arrêté du 13 janvier 2025)."""
    return date(year + 1, 6, 30)


def written(rows: Sequence[Declared]) -> str:
    """The file's text: the header and the rows, commas, decimals with a point."""
    told = [
        (row.year, row.siret, row.name, LABELS[row.category], _euros(row.total_cents),
         _euros(row.reused_cents), _euros(row.gift_cents), _euros(row.recycled_cents), row.comment)
        for row in rows
    ]  # fmt: skip
    return csv_text([COLUMNS, *told], delimiter=",", eol="\n")


def read(text: str) -> list[Declared]:
    """The rows of a declaration. ValueError for a file that has faults."""
    found = faults(text)
    if found:
        raise ValueError(found[0])
    _header, *rows = csv.reader(io.StringIO(text))
    return [_read(row) for row in rows]


def _read(row: Sequence[str]) -> Declared:
    total, reused, gift, recycled = (_cents(cell) for cell in row[4:8])
    return Declared(int(row[0]), row[1], row[2], BY_LABEL[row[3]], total, reused, gift, recycled, row[8])


def faults(text: str) -> list[tuple[int, str]]:
    """What the official schema refuses: (line of the file, code of WRONG); empty when it passes."""
    header, *rows = [*csv.reader(io.StringIO(text))] or [[]]
    if tuple(header) != COLUMNS:
        return [(1, "columns")]
    found, seen = [], set()
    for line, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS):
            found.append((line, "columns"))
            continue
        found += [(line, code) for code in _wrong(row)]
        key = tuple(row[:2]) + (row[3],)
        found += [(line, "twice")] if key in seen else []
        seen.add(key)
    return found


def _wrong(row: Sequence[str]) -> list[str]:
    checks = {
        "year": re.fullmatch(r"[0-9]{4}", row[0]) is not None,
        "siret": SIRET.fullmatch(row[1]) is not None,
        "name": bool(row[2].strip()),
        "category": row[3] in BY_LABEL,
        "amount": all(_NUMBER.fullmatch(cell) for cell in row[4:8]),
    }
    return [code for code, right in checks.items() if not right]


def _euros(cents: int) -> str:
    """1234567 → "12345.67": exact, whatever the size."""
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{size // 100}.{size % 100:02d}"


def _cents(cell: str) -> int:
    sign, whole, part = _NUMBER.fullmatch(cell).groups()  # type: ignore[union-attr]  # faults() has matched it
    cents = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    return -cents if sign else cents
