"""Rows judged, reported, and given back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from reuse_market.fleets.reading import Report, Table, bad_rows_file, judge, propose, read_table, report_json
from reuse_market.fleets.reading.reasons import SENTENCES, because
from reuse_market.fleets.sample_inventory import HEADER, sample_inventory

TODAY = dt.date(2026, 1, 15)
SAMPLE = Path(__file__).parents[1] / "samples" / "parc_exemple_60.csv"
LABELS = "Fabricant;Numéro de série;Type;Modèle;Date d'achat;Fin de location;Propriété;Commentaires"


def read(*lines: str, encoding: str = "utf-8", known=lambda key: False) -> tuple[Table, Report]:
    table = read_table("\r\n".join((LABELS, *lines, "")).encode(encoding), "Parc Exemple.csv")
    return table, judge(table, propose(table.header, table.sample()), known=known, today=TODAY)


def code_of(line: str) -> str:
    """The list and code a single row falls under."""
    shown = report_json(read(line)[1])
    for name in ("to_correct", "set_aside"):
        if shown[name]:
            return f"{name}:{shown[name][0]['code']}"
    return "good:" + ",".join(warning["code"] for warning in shown["good"][0]["warnings"])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;10/03/2020;;Corporate;x", "good:"),
        ("Dell Inc.;;Portable;Latitude 5400;;;Corporate;", "good:no_serial"),
        ("Dell Inc.;Default string;Portable;Latitude 5400;;;Corporate;", "good:placeholder_serial"),
        ("Dell Inc.;7GHK5X2;;Latitude 5400;;;Corporate;", "good:kind_guessed"),
        ("Exemple;7GHK5X2;;Boîte;;;Corporate;", "good:kind_unknown"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;2020;;;", "good:date_year_only,ownership_blank"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;31/12/2025;Corporate;", "good:lease_over"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;31/02/2020;;Corporate;", "to_correct:date_unreadable"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;31/12/2030;;Corporate;", "to_correct:date_in_future"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;bientôt;Corporate;", "to_correct:date_unreadable"),
        ("Dell Inc.;6,37702E+15;Portable;Latitude 5400;;;Corporate;", "to_correct:serial_scientific"),
        ("Dell Inc.;7GHK5X2;;;;;Corporate;", "to_correct:neither_kind_nor_model"),
        ("Exemple;7GHK5X2;Roofing;Boîte;;;Corporate;", "to_correct:kind_not_understood"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;;Corporate;a;b", "to_correct:too_many_cells"),
        ("QEMU;;Ordinateur;Standard PC;;;Corporate;", "set_aside:virtual_machine"),
        ("VMware, Inc.;VMware-56 4d;;VMware7,1;;;Corporate;", "set_aside:virtual_machine"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;15/01/2026;Corporate;", "set_aside:leased_until"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;;Personal;", "set_aside:personally_owned"),
        ("Dell Inc.;7GHK5X2;Portable;Latitude 5400;31/02/2020;;Personal;", "set_aside:personally_owned"),
        (LABELS, "set_aside:header_again"),
    ],
)
def test_one_row(line: str, code: str) -> None:
    assert code_of(line) == code


def test_a_doubled_serial_names_the_other_row_and_makers_keep_serials_apart() -> None:
    _, report = read(
        "Dell Inc.;7GHK5X2;Portable;Latitude 5400;;;Corporate;",
        "HP;7GHK5X2;Portable;EliteBook 840;;;Corporate;",
        "DELL;7ghk5x2 ;Portable;Latitude 5400;;;Corporate;",
    )
    assert [record.row for record in report.good] == [2, 3]
    assert [(item.row, item.reason) for item in report.set_aside] == [(4, because("doubled_serial", other=2))]


def test_known_devices_carry_what_changes() -> None:
    held = {"7GHK5X2|dell": {"model": "Latitude 5300", "kind": "laptop", "bought_on": dt.date(2020, 3, 10)}}
    _, report = read(
        "Dell Inc.;7GHK5X2;Portable;Latitude 5400;;;Corporate;",
        "HP;5CG9123ABC;Portable;EliteBook 840;;;Corporate;",
        known=lambda key: held.get(key) or key.startswith("5CG"),
    )
    shown = report_json(report)
    assert [(item["row"], item["changes"]) for item in shown["known"]] == [
        (2, {"model": {"from": "Latitude 5300", "to": "Latitude 5400"}}),
        (3, {}),
    ]
    assert (shown["records"], shown["good"]) == (2, [])


def test_comments_and_people_are_dropped_and_named() -> None:
    _, report = read("Dell Inc.;7GHK5X2;Portable;Latitude 5400;;;Corporate;appartient à une personne")
    assert report.dropped_columns == ["Commentaires"]
    assert "personne" not in json.dumps(report_json(report), ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_bad_rows_come_back_in_the_holders_format_and_read_again(encoding: str) -> None:
    table, report = read(
        "Dell Inc.;7GHK5X2;Portable;Latitude 5400;10/03/2020;;Corporate;",
        "Dell Inc.;8GHK5X2;Portable;Latitude 5400;31/02/2020;;Corporate;=2+5",
        "QEMU;;Ordinateur;Évolué;;;Corporate;@été",
        encoding=encoding,
    )
    data, name = bad_rows_file(
        table, report, lambda reason: f"+{reason.code}", titles=("Ligne d’origine", "Motif")
    )
    assert name == "Parc Exemple-a-corriger.csv"
    assert data[:2] == "".encode(encoding)[:2] or encoding in ("utf-8", "cp1252")
    rows = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=";"))
    assert rows[0][:8] == LABELS.split(";")
    assert [row[-2:] for row in rows[1:]] == [["3", "'+date_unreadable"], ["4", "'+virtual_machine"]]
    assert [row[7] for row in rows[1:]] == ["'=2+5", "'@été"]
    again = read_table(data, name)
    assert again.dialect == table.dialect
    mapping = propose(again.header, again.sample())
    assert mapping.targets()[-2:] == ["ignore", "ignore"]
    assert judge(again, mapping, today=TODAY).to_correct[0].faults == report.to_correct[0].faults


def test_bad_rows_of_a_workbook_come_back_as_one() -> None:
    from tests.fleets.reading.test_tables import SHEET, workbook

    rows = [*SHEET, ["=1+1", "AB12CD", "Latitude 5400", "jamais vu"]]
    table = read_table(workbook(rows), "parc.xlsx")
    report = judge(table, propose(table.header, table.sample()), today=TODAY)
    data, name = bad_rows_file(table, report)
    again = read_table(data, name)
    assert name == "parc-a-corriger.xlsx"
    assert again.header == [*map(str, rows[0]), "Row", "Reason"]
    assert [row.cells[4] for row in again.rows()] == ["4", "5"]
    assert list(again.raw_rows())[1][1][0] == "'=1+1"


def test_the_sample_is_the_generators_and_holds_its_traps() -> None:
    assert SAMPLE.read_bytes() == sample_inventory()
    assert sample_inventory(seed=61) != sample_inventory()
    table = read_table(SAMPLE.read_bytes(), SAMPLE.name)
    shown = report_json(judge(table, propose(table.header, table.sample()), today=TODAY))
    assert (shown["format"], shown["records"], len(shown["good"])) == ("glpi-csv", 60, 57)
    assert [(c["row"], c["field"]) for c in shown["to_correct"]] == [(19, "bought_on")]
    assert [(s["row"], s["code"]) for s in shown["set_aside"]] == [
        (43, "doubled_serial"),
        (61, "virtual_machine"),
    ]
    assert "row 35" in shown["set_aside"][0]["reason"]
    assert [g["row"] for g in shown["good"] if g["warnings"]] == [30]
    assert shown["dropped_columns"] == ["Usager"]
    assert len(table.header) == len(HEADER)


def test_every_sentence_can_be_filled() -> None:
    for code, sentence in SENTENCES.items():
        assert sentence.count("%") == sentence.count("%("), code
    with pytest.raises(KeyError):
        because("no such code")


def test_a_row_of_several_devices_is_to_correct_and_an_accessory_may_be_a_dock() -> None:
    lines = ("Type;Marque;Modèle;N° de série;Qté;Année", "Ordinateur portable;HP;ProBook 450;;3;2017",
             "Écran;Dell;P2419H;CN01;1;2016", "Écran;Dell;P2419H;CN02;1,00;", "Souris;Dell;MS116;;12,5;",
             "Périphérique;Lenovo;Station d'accueil ThinkPad USB-C Dock;ZKW1;;",
             "Périphérique;Dell;Clavier;;;")  # fmt: skip
    table = read_table("\r\n".join(lines).encode("cp1252"), "mairie.csv")
    report = judge(table, propose(table.header, table.sample()), today=TODAY)
    shown = report_json(report)
    assert [(one["row"], one["code"]) for one in shown["to_correct"]] == [
        (2, "several_devices"),
        (5, "kind_not_understood"),
    ]
    assert [(one.row, one.kind, one.bought_on and one.bought_on.year) for one in report.good] == [
        (3, "monitor", 2016), (4, "monitor", None), (6, "dock", None), (7, "carton", None),
    ]  # fmt: skip
