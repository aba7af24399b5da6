"""Files as programs and people really save them: read the same, or refused in words."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reuse_market.fleets.reading import Unreadable, judge, propose, read_table, report_json
from reuse_market.kernel.errors import Invalid
from tests.fleets.reading.packing import open_document

TODAY = dt.date(2026, 1, 15)
LINES = "Nom;Fabricant;Numéro de série;Type;Modèle\nPC é;Dell Inc.;7GHK5X2;Portable;Latitude 5400\n"


def cells(data: bytes, name: str = "parc.csv") -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_table(data, name).rows()]


EXPECTED = [(2, ("PC é", "Dell Inc.", "7GHK5X2", "Portable", "Latitude 5400"))]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(encoding: str, delimiter: str, eol: str) -> None:
    data = LINES.replace(";", delimiter).replace("\n", eol).encode(encoding)
    assert cells(data) == EXPECTED
    dialect = read_table(data, "parc.csv").dialect
    assert (dialect.delimiter, dialect.eol) == (delimiter, eol)


def test_trailing_delimiters_are_not_a_column() -> None:
    assert cells(LINES.replace("\n", ";\n").encode()) == EXPECTED


def test_multi_line_cells_and_blank_lines_keep_the_numbers_a_spreadsheet_shows() -> None:
    data = b'Serial number;Processor;Model\n"A1B2";"i5\ni5";"Latitude 5400"\n\nC3D4;i7;Latitude 5500\n'
    assert [number for number, _ in cells(data)] == [2, 4]


def test_three_preamble_lines_are_counted_and_told() -> None:
    data = (
        b"textbox1,textbox2\nHardware 01A,2025-06-10\n,\n"
        b"Details_Table0_ComputerName,Details_Table0_SerialNumber,Details_Table0_Manufacturer,"
        b"Details_Table0_Model,Details_Table0_MemoryKBytes,Details_Table0_TopConsoleUser\n"
        b"PC-1,7GHK5X2,Dell Inc.,Latitude 5400,8388608,DOM\\someone\n"
    )
    table = read_table(data, "rapport.csv")
    assert (table.format, table.header_row) == ("sccm-csv", 4)
    assert [note.code for note in table.notes] == ["preamble"]
    good = report_json(judge(table, propose(table.header, table.sample()), today=TODAY))["good"]
    assert (good[0]["row"], good[0]["ram_mb"], good[0]["kind"]) == (5, 8192, "laptop")


def test_the_sep_line_of_excel_is_obeyed_and_not_counted() -> None:
    assert cells(("sep=|\n" + LINES.replace(";", "|")).encode()) == EXPECTED


def test_null_characters_are_removed_and_told() -> None:
    table = read_table((LINES * 5).encode() + b"PC\x002;HP;5CG9123ABC;Tour;ProDesk\n", "parc.csv")
    assert [note.code for note in table.notes] == ["nul_removed"]
    assert list(table.rows())[-1].cells[0] == "PC2"


def workbook(rows: list[list[object]], *, sheets: tuple[str, ...] = ("Parc",), top: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    ) as book:
        made = [book.add_worksheet(name) for name in sheets]
        for at, row in enumerate(rows, top):
            made[-1].write_row(at, 0, row)
    return out.getvalue()


SHEET: list[list[object]] = [
    ["Fabricant", "Numéro de série", "Modèle", "Date d'achat"],
    ["Dell", "7GHK5X2", "Latitude 5400", dt.date(2020, 3, 10)],
    ["Iiyama", 11174003012, "ProLite XUB2492HSU", dt.date(2021, 3, 10)],
    ["HP", 6377020000000000, "ProDesk 600", "12/05/2021"],
]


def test_a_workbook_gives_dates_numbers_and_row_numbers() -> None:
    table = read_table(workbook(SHEET, top=2), "parc.xlsx")
    assert (table.format, table.header_row) == ("xlsx", 3)
    report = report_json(judge(table, propose(table.header, table.sample()), today=TODAY))
    assert [(g["row"], g["serial"], g["bought_on"]) for g in report["good"]] == [
        (4, "7GHK5X2", "2020-03-10"),
        (5, "11174003012", "2021-03-10"),
    ]
    assert [w["code"] for w in report["good"][1]["warnings"]] == ["serial_as_number", "kind_guessed"]
    assert [(c["row"], c["field"], c["code"]) for c in report["to_correct"]] == [
        (6, "serial", "serial_scientific")
    ]


def test_a_workbook_named_csv_is_refused_and_told_how_to_save_it() -> None:
    with pytest.raises(
        Unreadable, match=r"named \.csv but it is a spreadsheet \(XLSX\).*save it as .CSV UTF-8"
    ):
        read_table(workbook(SHEET), "parc.csv")


@pytest.mark.parametrize("name", ["parc.xlsx", "inventaire", ""])
def test_a_workbook_is_read_and_empty_sheets_are_skipped(name: str) -> None:
    table = read_table(workbook(SHEET, sheets=("Vide", "Parc")), name)
    assert (table.notes, len(list(table.rows()))) == ([], 3)


def test_a_text_named_as_a_workbook_is_read_with_a_note() -> None:
    assert [note.code for note in read_table(LINES.encode(), "parc.xlsx").notes] == ["text_named_sheet"]


def far_cell_workbook() -> bytes:
    """A small valid file whose two cells span 17 billion."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["Serial number", "Model"], ["A1", "B"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name.startswith("xl/worksheets/"):
                body = body.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="B2"', b'r="XFD1048576"')
            target.writestr(name, body)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return out.getvalue()


def numbers_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Index/Document.iwa", b"x")
        archive.writestr("Metadata/Properties.plist", b"x")
    return out.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b"\r\n\n  \n", "empty"),
    "blanks and delimiters": (b";;;\n;;;\n", "empty"),
    "header only": (LINES.split("\n")[0].encode(), "no device"),
    "no header": (
        b"PC-1;Dell Inc.;7GHK5X2;Portable;Latitude 5400\nPC-2;HP;5CG91;Tour;ProDesk\n",
        "no header row",
    ),
    "pdf": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
    "gzip": (b"\x1f\x8b\x08" + b"a" * 50, "damaged"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"a" * 50, "archive"),
    "broken xlsx": (b"PK\x03\x04junk", "damaged"),
    "broken xls": (b"\xd0\xcf\x11\xe0junk" * 20, "damaged"),
    "far cell": (far_cell_workbook(), "unpacks"),
    "bomb": (bomb(), "unpacks"),
    "json": (b'{"content": {}}', "no device"),
    "xml": (b'<?xml version="1.0"?><REQUEST/>', "no device"),
    "html": (b"<!DOCTYPE html><html></html>", "web page"),
    "binary": (bytes(range(256)) * 3 + b"\0" * 500, "not a text"),
    "columns": ((";".join(["Serial number", "Model"] + ["x"] * 2000) + "\n1;2\n").encode(), "columns"),
    "endless line": (b"x;" * 600_000, "too long"),
    "numbers": (numbers_document(), "Apple Numbers"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_inventory_is_refused_with_what_to_do(name: str) -> None:
    data, told = REFUSED[name]
    with pytest.raises(Unreadable) as refusal:
        judge_bytes(data)
    assert told in refusal.value.message % refusal.value.params
    assert refusal.value.advice
    assert str(refusal.value).endswith(refusal.value.advice)


def judge_bytes(data: bytes) -> None:
    table = read_table(data, "x")
    report = judge(table, propose(table.header, table.sample()), today=TODAY)
    assert report.records == len(list(table.rows()))
    report_json(report)


def test_two_hundred_columns_and_doubled_names_are_read() -> None:
    header = ["Serial number", "Model", "Model"] + [f"Champ {n}" for n in range(197)]
    table = read_table(
        (";".join(header) + "\n" + ";".join(["A1B2", "", "Latitude 5400"] + ["z"] * 197)).encode()
    )
    mapping = propose(table.header, table.sample())
    assert mapping.places["model"] == 2  # the fuller of the two
    assert 1 in [column.index for column in mapping.to_ask()]
    assert judge(table, mapping, today=TODAY).good[0].model == "Latitude 5400"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.tuples(
            st.sampled_from(
                [b"", LINES.encode(), LINES.encode("utf-16"), b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]
            ),
            st.binary(max_size=200),
        ).map(lambda pair: pair[0] + pair[1]),
        st.text(alphabet='"; ,\t|\n\r\0éÀSerialNumero=+@12/', max_size=200).map(
            lambda t: LINES.encode() + t.encode()
        ),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Invalid):  # `Unreadable`, or a mapping that tells no device
        judge_bytes(data)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 5000), piece=st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_read_or_refused(at: int, piece: bytes) -> None:
    whole = workbook(SHEET)
    at = at % len(whole)
    with contextlib.suppress(Invalid):  # `Unreadable`, or a mapping that tells no device
        judge_bytes(whole[:at] + piece + whole[at + len(piece) :])


def test_fifty_thousand_rows_are_streamed() -> None:
    lines = [f"PC-{n};Dell Inc.;SN{n:07d};Portable;Latitude 5400" for n in range(50_000)]
    data = (LINES.split("\n")[0] + "\n" + "\n".join(lines) + "\n").encode("cp1252")
    table = read_table(data, "gros.csv")
    tracemalloc.start()
    count = sum(1 for _ in table.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 50_000
    assert peak < len(data)  # not even one copy of the file, let alone of its cells
    begun = time.process_time()
    assert len(judge(table, propose(table.header, table.sample()), today=TODAY).good) == 50_000
    assert time.process_time() - begun < 20


def ods(row_attributes: str = "") -> bytes:
    text = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    lines = [["Serial number", "Model"], ["A1B2C3", "Latitude 5400"]]
    rows = "".join(
        f"<table:table-row {row_attributes if at else ''}>"
        + "".join(text.format(c) for c in line)
        + "</table:table-row>"
        for at, line in enumerate(lines)
    )
    blank = "<table:table-row table:number-rows-repeated='1048574'><table:table-cell/></table:table-row>"
    return open_document(f"<table:table table:name='Parc'>{rows}{blank}</table:table>")


def test_open_document_sheets_are_read_with_their_blank_end() -> None:
    table = read_table(ods(), "parc.ods")
    assert table.format == "ods"
    assert [(row.number, row.cells) for row in table.rows()] == [(2, ("A1B2C3", "Latitude 5400"))]


def test_open_document_sheets_that_repeat_without_end_are_refused() -> None:
    with pytest.raises(Unreadable, match="unpacks"):
        read_table(ods("table:number-rows-repeated='900000000'"), "parc.ods")
