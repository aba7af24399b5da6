"""Files of real accounting systems: totals, debit and credit, no column names; sent twice at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from reuse_market import notices
from reuse_market.fleets.reading import Unreadable
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict
from reuse_market.obligations.agec import columns, importing, queries, reading
from reuse_market.obligations.agec.judging import REASONS, Choice, Verdict, judge
from tests.support.races import together
from tests.support.world import World

TODAY = date(2026, 11, 22)
HEAD = "Date;Fournisseur;N° facture;Libellé;Montant HT\r\n"
ROW = "02/01/2026;Entreprise Exemple;F-1;Portable;1 234,56\r\n"


def judged(text: str, year: int | None = 2026) -> Verdict:
    """What a file is worth with the columns its labels tell."""
    table = reading.read(text.encode())
    return judge(table, Choice(columns.proposed(table.header), "it_telephony", year), Counter(), TODAY)


@pytest.mark.parametrize(
    "total",
    ["Total;;;;1 234,56", ";;;Total général;1 234,56", ";;;Sous-total janvier;1 234,56", ";;;;1 234,56",
     ";TOTAL;;;1 234,56", ";;;Report;1 234,56", ";;;À reporter;1 234,56", ";Totaux;;;1 234,56"],
)  # fmt: skip
def test_a_total_is_never_a_purchase(total: str) -> None:
    verdict = judged(HEAD + ROW + total + "\r\n")
    assert verdict.cents == 123_456
    assert [(fault.row, fault.reason) for fault in verdict.faults] == [(3, REASONS["total"])]


@pytest.mark.parametrize(
    "text",
    ["Date;Fournisseur;Montant HT\r\n03/01/2026;Total Exemple;10,00\r\n",  # it has its day
     "Fournisseur;Libellé;Montant HT\r\nTotal Exemple;Carburant;10,00\r\n",  # it says what was bought
     "Montant HT;Réemploi\r\n10,00;non\r\n"],
)  # fmt: skip
def test_a_purchase_is_no_total(text: str) -> None:
    assert judged(text).cents == 1_000


def test_debit_and_credit_columns() -> None:
    """The export of accounting entries that the law describes (LPF, art. A47 A-1): its labels are known."""
    verdict = judged(
        "JournalCode\tEcritureNum\tEcritureDate\tCompteNum\tCompAuxLib\tPieceRef\tEcritureLib\tDebit\tCredit\r\n"
        "AC\t1\t20260102\t218300\tAtelier Exemple\tF-1\tPC\t1200,00\t0,00\r\n"
        "AC\t2\t20260202\t218300\tAtelier Exemple\tA-1\tAvoir\t\t200,00\r\n"
        "AC\t3\t20260202\t218300\tAtelier Exemple\tA-2\tAvoir\t0,00\tdeux\r\n"
    )
    assert [(values["day"], values["amount_cents"], values["supplier"], values["reference"], values["comment"])
            for _row, values in verdict.good] == [
        (date(2026, 1, 2), 120_000, "Atelier Exemple", "F-1", "PC"),
        (date(2026, 2, 2), -20_000, "Atelier Exemple", "A-1", "Avoir"),
    ]  # fmt: skip
    assert [(one.row, one.column, one.value, one.reason) for one in verdict.faults] == [
        (4, "Credit", "deux", REASONS["amount"])
    ]


JOURNAL = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\r\n"
    "AC|Achats|2|20260115|60632000|Petit equipement|||F-1|20260114|PC|1000,00|0,00|||20260115||\r\n"
    "AC|Achats|2|20260115|44566000|TVA|||F-1|20260114|PC|200,00|0,00|||20260115||\r\n"
    "AC|Achats|2|20260115|40100000|Fournisseurs|EX|Entreprise Exemple|F-1|20260114|PC|0,00|1200,00|||20260115||\r\n"
    "BQ|Banque|3|20260120|40100000|Fournisseurs|EX|Entreprise Exemple|V-1|20260120|PC|1200,00|0,00|||20260120||\r\n"
    "BQ|Banque|3|20260120|51200000|Banque|||V-1|20260120|PC|0,00|1200,00|||20260120||\r\n"
    "AC|Achats|4|20260202|607ACH|Avoir|||A-1|20260202|Avoir|0,00|100,00|||20260202||\r\n"
)


def test_a_whole_journal_is_worth_its_purchases_only() -> None:
    """Each amount stands on both sides: without its accounts, a year of purchases would be worth nothing."""
    for text in (JOURNAL, JOURNAL.replace("|", "\t")):
        verdict = judged(text)
        assert ([values["amount_cents"] for _row, values in verdict.good], [one.row for one in verdict.aside]) == (
            [100_000, -10_000], [3, 4, 5, 6],
        )  # fmt: skip
        assert (verdict.rows, verdict.cents, verdict.faults) == (6, 90_000, [])
    # The account of a list of invoices is the supplier's: it is not proposed there.
    listed = "Date;Compte;Fournisseur;Montant HT\r\n02/01/2026;401EX;Entreprise Exemple;10,00\r\n"
    assert judged(listed).cents == 1_000


def test_labels_dates_and_totals_of_public_bodies() -> None:
    text = (
        "Collectivité : COMMUNE EXEMPLE;;;;;;;\r\nExercice : 2026;;;;;;;\r\n\r\n"
        "N° bordereau;N° mandat;Date d'émission;Tiers;Objet;Imputation;Montant HT;Montant TVA;Montant TTC\r\n"
        "12;345;15/01/2026;Entreprise Exemple;10 PC;21838 - 020;8 000,00;1 600,00;9 600,00\r\n"
        "Total bordereau 12;;;;;;8 000,00;1 600,00;9 600,00\r\n"
    )
    verdict = judged(text)
    assert [(one["amount_cents"], one["reference"], one["day"]) for _row, one in verdict.good] == [
        (800_000, "345", date(2026, 1, 15))
    ]
    assert [fault.reason for fault in verdict.faults] == [REASONS["total"]]
    named = columns.proposed(
        ["Article", "Date de mandat", "Nom du tiers", "Objet du mandat", "Mt HT", "Mt TTC"]
    )
    assert named == {"day": 1, "supplier": 2, "comment": 3, "amount_cents": 4}
    assert columns.proposed(["DateLet", "Date d'échéance", "Montant TTC"]) == {}
    assert {fault.reason for fault in judged("Date;Montant TTC\r\n02/01/2026;12,00\r\n").faults} == {
        REASONS["no_amount"]
    }


@pytest.mark.parametrize(
    ("cells", "days"),
    [("150126;310126", [date(2026, 1, 15), date(2026, 1, 31)]),
     ("260115;260131", [date(2026, 1, 15), date(2026, 1, 31)]),
     ("230124", None), ("240324", [date(2024, 3, 24)]), ("991399", None), ("150126;2026-01-31", None)],
)  # fmt: skip
def test_six_digits_are_a_day_when_they_can_be_one_only(cells: str, days: list[date] | None) -> None:
    rows = "".join(f"{cell};10,00\r\n" for cell in cells.split(";"))
    verdict = judged("Date;Montant HT\r\n" + rows)
    if days is None:
        assert REASONS["date"] in {fault.reason for fault in verdict.faults}
    else:
        assert [values["day"] for _row, values in verdict.good] == days


def test_a_column_of_sides() -> None:
    """One amount and its side, as exports of accounting entries have it (LPF, art. A47 A-1): D or C, +1 or -1."""
    head, rows = "EcritureDate;CompAuxLib;Montant;Sens;Réemploi\r\n", [
        ("1 200,00", "D", ""), ("200,00", "C", "oui"), ("30,00", "-1", "10,00"), ("-50,00", "D", ""), ("7,00", "", ""),
        ("5,00", "+1", ""), ("4,00", "Crédit", ""), ("1,00", "X", ""), ("-9,00", "c", ""),
    ]  # fmt: skip
    verdict = judged(
        head
        + "".join(f"02/01/2026;Atelier Exemple;{';'.join(row)}\r\n" for row in rows)
        + ";Total;1 000,00;D;\r\n"
    )
    assert [(values["amount_cents"], values["reused_cents"]) for _row, values in verdict.good] == [
        (120_000, 0), (-20_000, -20_000), (-3_000, -1_000), (-5_000, 0), (700, 0), (500, 0), (-400, 0),
    ]  # fmt: skip
    assert [(one.row, one.column, one.value, one.reason) for one in verdict.faults] == [
        (9, "Sens", "X", REASONS["side"]), (10, "Montant", "-9,00", REASONS["side_twice"]),
        (11, "", "Total 1 000,00 D", REASONS["total"]),
    ]  # fmt: skip
    assert (
        columns.proposed(["Date", "D/C", "Montant"])["side"] == columns.proposed(["Sens (D/C)"])["side"] + 1
    )


def test_a_year_out_of_bounds_names_its_column() -> None:
    [fault] = judged(HEAD + ROW.replace("2026", "1985") + "").faults
    assert (fault.column, fault.value) == ("Date", "02/01/1985")


def test_a_file_without_names_of_columns_is_refused() -> None:
    """Its first row would be taken for them, and lost."""
    for text in (ROW * 3, "Montant HT\r\n1,00\r\n2,00\r\n"):
        with pytest.raises(Unreadable):
            reading.read(text.encode())
    assert reading.read(("2026;;;;\r\n" + HEAD + ROW).encode()).header[0] == "Date"


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_two_tabs_take_in_the_same_file_once(database: db.Database, tmp_path: Path) -> None:
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    year = clock.today().year
    town = World.begin().public_holder()
    data = HEAD + "".join(f"02/01/{year};Entreprise Exemple;F-{n};;10,00\r\n" for n in range(300))
    made = [importing.upload(data.encode(), "a.csv", actor=town.actor).id for _tab in range(4)]
    for one in made:
        choice = importing.choice_of(importing.waiting(one, town.actor))
        importing.choose_columns(one, choice.columns, actor=town.actor, category="it_telephony")
    outcomes = together(4, lambda n: importing.take_in(made[n], actor=town.actor).added)
    assert sorted(one.value for one in outcomes if one.error is None) == [300]
    assert [type(one.error) for one in outcomes if one.error is not None] == [Conflict] * 3
    with db.scope():
        assert queries.ledger(town.organisation_id, year).of("it_telephony").total_cents == 300_000
