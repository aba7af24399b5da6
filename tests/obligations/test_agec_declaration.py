"""The yearly declaration: the official schema, exact cents, and the least purchase that closes a gap."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reuse_market.obligations.agec import closing, declaration
from reuse_market.obligations.agec.amounts import cents_of, share_of
from reuse_market.obligations.agec.categories import CODES, LABELS
from reuse_market.obligations.agec.closing import Supply
from reuse_market.obligations.agec.declaration import COLUMNS, Declared, faults, read, written

SCHEMA = "agec/schema.json"
CENTS = st.integers(0, 10**11)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
ROWS = st.builds(
    Declared, year=st.integers(2021, 2035), siret=st.from_regex(r"[0-9]{14}", fullmatch=True),
    name=NAMES.filter(lambda name: bool(name.strip()) and name[0] not in "=+-@＝＋－＠"),  # noqa: RUF001 – made plain text
    category=st.sampled_from(CODES), total_cents=CENTS, reused_cents=CENTS, gift_cents=CENTS,
    recycled_cents=CENTS,
    comment=st.sampled_from(["", "dépense, « pour le chantier »", 'avec "guillemets"']),
)  # fmt: skip


def official() -> dict:
    """The official schema beside the checkout; the test is skipped, loudly, where there is none."""
    folder = Path(os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[3] / "shared" / "data")
    if not (folder / SCHEMA).is_file():
        absent = f"NO AGEC SCHEMA: {folder / SCHEMA} is absent"
        pytest.skip(absent)  # the State's file is never copied here; our own list of columns is tested anyway
    return json.loads((folder / SCHEMA).read_text(encoding="utf-8"))


def refused(schema: dict, text: str) -> list[str]:
    """A table schema read by the letter: names in order, types, `required`, `pattern`, `enum`."""
    header, *rows = csv.reader(io.StringIO(text))
    fields, found = schema["fields"], []
    if header != [field["name"] for field in fields]:
        found.append(f"header {header}")
    for row in rows:
        for field, cell in zip(fields, row, strict=True):
            rules = field.get("constraints", {})
            right = {"year": r"[0-9]{4}", "number": r"-?[0-9]+(\.[0-9]+)?", "string": r"(?s).*"}[
                field["type"]
            ]
            if (rules.get("required") and not cell) or not re.fullmatch(right, cell):
                found.append(f"{field['name']}: {cell!r}")
            if "pattern" in rules and not re.search(rules["pattern"], cell):
                found.append(f"{field['name']}: {cell!r} is not {rules['pattern']}")
            if "enum" in rules and cell not in rules["enum"]:
                found.append(f"{field['name']}: {cell!r} is not in the list")
    return found


def test_the_official_schema_takes_what_we_write() -> None:
    schema = official()
    assert [field["name"] for field in schema["fields"]] == list(COLUMNS)
    [category] = [field for field in schema["fields"] if field["name"] == "type_produit_acquis"]
    assert category["constraints"]["enum"] == list(LABELS.values())
    rows = [
        Declared(2026, "13002526500013", "Commune d’Exemple", code, 10**9 + n, n * 101, n, 0, "a, b")
        for n, code in enumerate(CODES)
    ]
    assert refused(schema, written(rows)) == []
    for before, after in (("annee,", "an,"), (",13002526500013,", ",1300252650001,"), ("Papier", "Papiers"),
                          (",0.00,", ",,")):  # fmt: skip
        assert refused(schema, written(rows).replace(before, after))
        assert faults(written(rows).replace(before, after))


def test_the_file_by_the_letter() -> None:
    rows = [Declared(2026, "13002526500013", "Ville, « Exemple »", "it_telephony", 1_500_000, 210_005, 0, 1)]
    assert written(rows) == (
        "annee,siret,raison_sociale,type_produit_acquis,montant_total,montant_reemploi_et_reutilisation,"
        "montant_produits_issus_don,montant_produits_recycles,commentaires\n"
        '2026,13002526500013,"Ville, « Exemple »",Matériel informatique et téléphonie,15000.00,2100.05,0.00,'
        "0.01,\n"
    )
    assert declaration.due(2026).isoformat() == "2027-06-30"
    text = written(rows)
    assert faults(text + text.splitlines()[1] + "\n") == [(3, "twice")]
    assert faults(text.replace("2026,", "26,")) == [(2, "year")]
    assert faults(text.replace("15000.00", '"15000,00"')) == [(2, "amount")]
    assert faults("") == [(1, "columns")]
    with pytest.raises(ValueError, match="amount"):
        read(text.replace("15000.00", "abc"))


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, max_size=17, unique_by=lambda row: (row.year, row.siret, row.category)))
def test_two_hundred_years_come_back_to_the_cent(rows: list[Declared]) -> None:
    text = written(rows)
    assert faults(text) == []
    assert read(text) == rows
    assert text.encode().decode("utf-8") == text
    totals = [Decimal(row["montant_total"]) for row in csv.DictReader(io.StringIO(text))]
    assert sum(totals) * 100 == sum(row.total_cents for row in rows)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 60)), min_size=1, max_size=4), st.integers(0, 300)
)
def test_the_cheapest_mix_is_the_cheapest(stock: list[tuple[int, int]], missing: int) -> None:
    """Against every combination there is."""
    supplies = [Supply(f"g{n}", units, price) for n, (units, price) in enumerate(stock)]
    every = itertools.product(*(range(s.units + 1) for s in supplies))
    costs = [sum(n * s.price_cents for n, s in zip(taken, supplies, strict=True)) for taken in every]
    best = min((cost for cost in costs if cost >= missing), default=None)
    found = closing.cheapest(supplies, missing)
    assert (None if found is None else sum(one.cents for one in found)) == best
    for one in found or ():
        [supply] = [s for s in supplies if s.key == one.key]
        assert 1 <= one.units <= supply.units
        assert one.cents == one.units * supply.price_cents


def test_a_gap_too_wide_for_the_cent_is_still_closed() -> None:
    supplies = [Supply("a", 9_000, 15_001), Supply("b", 700, 29_999), Supply("c", 5, 1)]
    found = closing.cheapest(supplies, 100_000_000)
    assert found is not None
    assert 100_000_000 <= sum(one.cents for one in found) < 100_030_000
    assert closing.cheapest(supplies, 10**9) is None
    assert (closing.alone(supplies[0], 150_010), closing.alone(supplies[2], 6)) == (10, None)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("1 234,56 €", 123_456), ("1\u202f234,5", 123_450), ("1.234,56", 123_456), ("1,234.56", 123_456),
        ("1234.56", 123_456), ("12", 1_200), ("-12,00", -1_200), ("(12,00)", -1_200), ("12,00-", -1_200),
        ("12.5 EUR", 1_250), ("1'234.00", 123_400), ("1,234", None), ("1.234", None), ("1 234", 123_400),
        ("", None), ("abc", None), ("1,2,3", None), ("12,345", None), ("1.234.567,89", 123_456_789),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(cell: str, cents: int | None) -> None:
    assert cents_of(cell) == cents


def test_a_share_is_an_amount_or_a_word() -> None:
    told = [share_of(cell, 5_000) for cell in ("Oui", "x", "non", "", "12,50", "Réemploi", "peut-être")]
    assert told == [5_000, 5_000, 0, 0, 1_250, 5_000, None]
