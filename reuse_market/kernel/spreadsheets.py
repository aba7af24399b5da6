"""The one writer of CSV and XLSX files: what a spreadsheet would run as a formula is made plain text.

A house test sees to it that nobody else writes such files.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from reuse_market.kernel import clock

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 – full width runs too
BOM = "\ufeff"
XLSX = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}  # fmt: skip


def safe(cell: Any) -> Any:
    """A text that begins as a formula does gets an apostrophe before it; anything else as it is, None as ""."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_text(
    rows: Iterable[Sequence[Any]], *, delimiter: str = ";", eol: str = "\r\n", quote_all: bool = False
) -> str:
    """Rows as CSV, semicolons by default, as a spreadsheet in French opens it."""
    out = io.StringIO(newline="")
    dialect: dict[str, Any] = {"quoting": csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL}
    writer = csv.writer(out, delimiter=delimiter, lineterminator=eol, **dialect)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()


def csv_bytes(rows: Iterable[Sequence[Any]], **dialect: Any) -> bytes:
    """The same in UTF-8 with its mark: without it Excel reads accents wrong."""
    return csv_text(rows, **dialect).encode("utf-8-sig")


def xlsx_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet: texts stay texts, dates and numbers are typed."""
    out = io.BytesIO()
    import xlsxwriter  # heavy: only who writes one pays for it

    with xlsxwriter.Workbook(out, {"in_memory": True} | XLSX) as book:
        _fill(book, rows)
    return out.getvalue()


def _write(sheet: Any, at: int, place: int, cell: Any, day: Any) -> None:
    if isinstance(cell, dt.datetime | dt.date):
        sheet.write_datetime(at, place, cell, day)
    elif isinstance(cell, bool | int | float):
        sheet.write(at, place, cell)
    else:
        sheet.write_string(at, place, str(cell)[:32_767])


def csv_file(rows: Iterable[Sequence[Any]], **dialect: Any) -> IO[bytes]:
    """The CSV of `csv_bytes` for any number of rows, written by pieces to a scratch file that vanishes."""
    out = _scratch()
    out.write(BOM.encode())
    for piece in _pieces(rows):
        out.write(csv_text(piece, **dialect).encode())
    out.seek(0)
    return out


def xlsx_file(rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The sheet of `xlsx_bytes` for any number of rows, a row in memory at a time."""
    out = _scratch()
    options = {"constant_memory": True} | XLSX
    import xlsxwriter  # heavy: only who writes one pays for it

    with xlsxwriter.Workbook(out, options) as book:
        _fill(book, rows)
    out.seek(0)
    return out


def _scratch() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(2_000_000)  # noqa: SIM115 – the caller's


def _pieces(rows: Iterable[Sequence[Any]], size: int = 1_000) -> Iterator[list[Sequence[Any]]]:
    left = iter(rows)
    while piece := list(islice(left, size)):
        yield piece


def _fill(book: Any, rows: Iterable[Sequence[Any]]) -> None:
    # Made on that day, not at that second: the same rows give the same file.
    book.set_properties({"created": dt.datetime.combine(clock.today(), dt.time.min)})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            _write(sheet, at, place, safe(cell), day)
