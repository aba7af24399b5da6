"""Spreadsheets as people keep them: merged cells, titles, totals, hidden rows, a summary before the list."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import xlsxwriter

from reuse_market.fleets.reading import Report, Table, judge, propose, read_table
from tests.fleets.reading.packing import open_document

TODAY = dt.date(2026, 1, 15)
LABELS = ("N° inv.", "Type", "Marque", "Modèle", "N° de série", "Date d'achat", "Site")
ROW = ("INV", "Portable", "Dell", "Latitude 5400", "AB12CD", 43902, "Mairie")


def book(fill: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        fill(made)
    return out.getvalue()


def read(data: bytes, filename: str = "parc.xlsx") -> tuple[Table, Report]:
    table = read_table(data, filename)
    return table, judge(table, propose(table.header, table.sample()), today=TODAY)


def told(report: Report) -> list[tuple[int, str]]:
    return [(one.row, one.reason.code) for one in report.set_aside]


def test_a_header_of_two_levels_and_cells_merged_downward_are_read_in_each_row() -> None:
    def fill(made: Any) -> None:
        sheet, plain = made.add_worksheet("Parc"), made.add_format()
        sheet.merge_range(1, 1, 1, 7, "Inventaire du parc au 31 décembre", plain)
        for at in (0, 5, 6):
            sheet.merge_range(3, 1 + at, 4, 1 + at, LABELS[at], plain)
        sheet.merge_range(3, 2, 3, 5, "Matériel", plain)
        sheet.write_row(4, 2, LABELS[1:5])
        for n in range(4):
            sheet.write_row(5 + n, 1, (f"INV{n}", *["", ""], "Latitude 5400", f"AB12CD{n}", 43902))
        sheet.merge_range(5, 2, 8, 2, "Portable", plain)
        sheet.merge_range(5, 3, 6, 3, "Dell", plain)
        sheet.write(7, 3, "Dell")
        sheet.write(8, 3, "HP")
        sheet.merge_range(5, 7, 7, 7, "Mairie", plain)

    table, report = read(book(fill))
    assert table.header == list(LABELS)
    assert [(one.asset_tag, one.kind, one.maker, one.site) for one in report.good] == [
        ("INV0", "laptop", "Dell", "Mairie"),
        ("INV1", "laptop", "Dell", "Mairie"),
        ("INV2", "laptop", "Dell", "Mairie"),
        ("INV3", "laptop", "HP", None),
    ]
    assert {one.bought_on for one in report.good} == {dt.date(2020, 3, 12)}


def test_the_second_level_of_a_header_saved_as_csv_takes_the_labels_above_its_blanks() -> None:
    text = ";;;;;\r\nN° inv.;Matériel;;;;Date d'achat\r\n;Type;Marque;Modèle;N° série;\r\n"
    _, report = read((text + "I1;Portable;Dell;Latitude 5400;AB1234;mars-19\r\n").encode(), "parc.csv")
    assert [(one.asset_tag, one.serial, one.bought_on) for one in report.good] == [
        ("I1", "AB1234", dt.date(2019, 3, 1))
    ]


def test_titles_and_totals_are_set_aside_and_what_may_be_a_device_is_not() -> None:
    lines = [
        "Modèle;Nom;Marque;N° de série;Date d'achat;Prix",
        "Site de Grenoble;;;;;",
        *[f"Latitude 5400;PC;Dell;AB12CD{n};12/03/2020;350" for n in range(5)],
        "Écrans;;;;;",
        "P2419H;;Dell;XB12CD1;12/03/2020;50",
        "Latitude 7490;;;;;",  # alone, and a device: 10
        "Total énergie;PC-9;HP;;;",  # 11: not a total, its other cells are no figures
        "Sous-total;;;;;1 750,00 €",
        "TOTAL GÉNÉRAL : 6 postes;;;;;",
        "Nombre de postes :;;;;;6",
        "Total;;HP;ZB12CD9;12/03/2020;90",  # 15: a serial number is a device
    ]
    _, report = read("\r\n".join(lines).encode(), "parc.csv")
    assert told(report) == [
        (2, "title_row"), (8, "title_row"), (12, "total_row"), (13, "total_row"), (14, "total_row"),
    ]  # fmt: skip
    assert [one.row for one in report.good] == [3, 4, 5, 6, 7, 9, 10, 11, 15]


def test_a_list_that_tells_little_of_each_device_has_no_titles() -> None:
    _, report = read(
        b"Type;Marque;N\xc2\xb0 de s\xc3\xa9rie\r\nPortable;;\r\nPortable;;\r\nPC fixe;;\r\n", "a.csv"
    )
    assert [one.kind for one in report.good] == ["laptop", "laptop", "desktop"]


def test_the_list_is_read_rather_than_the_summary_before_it_and_hidden_rows_are_told() -> None:
    def fill(made: Any) -> None:
        summary = made.add_worksheet("Synthèse")
        summary.write_row(0, 0, ("Type", "Quantité", "Site"))
        summary.write_row(1, 0, ("Portable", 6, "Mairie"))
        summary.set_row(1, None, None, {"hidden": True})
        sheet = made.add_worksheet("Parc & dépôt")
        sheet.write_row(0, 0, LABELS)
        for n in range(6):
            sheet.write_row(1 + n, 0, (*ROW[:4], f"AB12CD{n}", *ROW[5:]))
        for n in (2, 4, 5, 9):  # the last is empty
            sheet.set_row(n, None, None, {"hidden": True})

    _, report = read(book(fill))
    assert [note.code for note in report.notes] == ["hidden_rows", "other_sheets"]
    assert report.notes[0].params == {"count": 3}
    assert len(report.good) == 6  # told, and lost none


def ods(*rows: str) -> bytes:
    return open_document(
        f'<table:table table:name="Autre"><table:table-row table:visibility="collapse">{cell("x")}'
        f'</table:table-row></table:table><table:table table:name="Parc &amp; co">{"".join(rows)}</table:table>'
    )


def cell(text: str, down: int = 1) -> str:
    span = f'table:number-columns-spanned="1" table:number-rows-spanned="{down}" ' if down > 1 else ""
    return f'<table:table-cell {span}office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_open_document_sheets_tell_merged_cells_and_hidden_rows_alike() -> None:
    covered, blank = "<table:covered-table-cell/>", '<table:table-cell table:number-columns-repeated="2"/>'
    head = "".join(cell(label) for label in ("Site", "Modèle", "", "", "N° de série"))
    row = "<table:table-row{}>{}</table:table-row>"
    _, report = read(
        ods(
            row.format("", head),
            row.format("", cell("Mairie", 3) + cell("Latitude 5400", 2) + blank + cell("AB12CD1")),
            row.format(' table:visibility="filter"', covered * 2 + blank + cell("AB12CD2")),
            row.format("", covered + cell("ProDesk 600") + blank + cell("AB12CD3")),
            row.format("", cell("École") + cell("ProDesk 600") + blank + cell("AB12CD4")),
        ),
        "parc.ods",
    )
    assert [(one.site, one.model) for one in report.good] == [
        ("Mairie", "Latitude 5400"), ("Mairie", "Latitude 5400"), ("Mairie", "ProDesk 600"),
        ("École", "ProDesk 600"),
    ]  # fmt: skip
    assert [(note.code, note.params.get("count")) for note in report.notes] == [
        ("hidden_rows", 1), ("other_sheets", None),
    ]  # fmt: skip


def test_rows_that_stand_whole_in_one_column_are_cut_again() -> None:
    """What a French spreadsheet makes of a list of commas it opens, then saves."""
    lines = [
        "Export du parc", "", "Nom,Type,Fabricant,Modèle,Numéro de série",
        'PC-1,Portable,Dell,"Latitude 5400, i5",AB12CD1', "PC-2,Portable,HP,EliteBook 840 G5,AB12CD2",
    ]  # fmt: skip

    def fill(made: Any) -> None:
        sheet = made.add_worksheet("export")
        for n, line in enumerate(lines):
            sheet.write(n + 1, 0, line)

    quoted = "\r\n".join(f'"{line.replace(chr(34), chr(34) * 2)}";;' for line in lines).encode()
    for data, name, first in ((book(fill), "parc.xlsx", 5), (quoted, "parc.csv", 4)):
        table, report = read(data, name)
        assert [(one.row, one.model, one.serial) for one in report.good] == [
            (first, "Latitude 5400, i5", "AB12CD1"), (first + 1, "EliteBook 840 G5", "AB12CD2"),
        ]  # fmt: skip
        assert {note.code for note in table.notes} == {"preamble", "one_column"}
        assert table.filename == name
    table, _ = read(b"Type,Model\r\nLaptop,Latitude 5400\r\n", "parc.csv")
    assert table.notes == []


def test_screens_on_the_rows_of_computers_are_told_and_ends_of_commas_are_no_serial() -> None:
    _, report = read(
        "Modèle PC;Modèle écran;N° série écran;N° série PC,,,\r\nOptiPlex 3060;P2419H;CN0EX;AB12CD1,,,\r\n".encode(),
        "a.csv",
    )
    assert [(one.model, one.serial) for one in report.good] == [("OptiPlex 3060", "AB12CD1")]
    assert [(note.code, note.params) for note in report.notes] == [
        ("screens_beside", {"columns": "N° série écran"})
    ]
