"""The rows to correct, given back in the holder's own format with the reason beside each."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import xlsxwriter

from reuse_market.fleets.reading.dialect import Dialect
from reuse_market.fleets.reading.reasons import Reason
from reuse_market.fleets.reading.report import Report
from reuse_market.fleets.reading.table import Table
from reuse_market.kernel.words import N_

TITLES = (N_("Row"), N_("Reason"))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "“": '"', "”": '"', "–": "-", "…": "...", "\u202f": " ", "\u2011": "-"}
)


def bad_rows_file(
    table: Table,
    report: Report,
    reason_text: Callable[[Reason], str] = Reason.in_english,
    *,
    titles: tuple[str, str] = TITLES,
    suffix: str = "-a-corriger",
) -> tuple[bytes, str]:
    """The rows to correct and set aside as (bytes, file name): same columns, order, delimiter, encoding.

    Two columns are added at the end: the row number and the reasons. A sheet comes back as XLSX. Cells that
    a spreadsheet would run as formulas get an apostrophe first, which the reader takes off again.
    """
    reasons = {
        item.row: " ".join(reason_text(fault.reason) for fault in item.faults) for item in report.to_correct
    }
    reasons |= {item.row: reason_text(item.reason) for item in report.set_aside}
    width = len(table.header)
    rows: list[list[Any]] = [[*table.header, *titles]]
    for number, raw in table.raw_rows():
        if number in reasons:
            # Cells beyond the header are joined in the last column: nothing of the holder's is lost.
            cells = [*raw[:width], *[""] * (width - len(raw))]
            beyond = [str(cell) for cell in raw[width:] if cell not in ("", None)]
            cells[-1] = table.dialect.delimiter.join([str(cells[-1]), *beyond]) if beyond else cells[-1]
            rows.append([*cells, number, reasons[number]])
    stem = PurePath(table.filename.replace("\\", "/")).stem[:100] or "inventaire"
    if table.dialect.container == "csv":
        return _csv_bytes(rows, table.dialect), f"{stem}{suffix}.csv"
    return _xlsx_bytes(rows), f"{stem}{suffix}.xlsx"


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv_bytes(rows: list[list[Any]], dialect: Dialect) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=dialect.delimiter,
        lineterminator=dialect.eol,
        quoting=csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL,
    )
    for row in rows:
        writer.writerow([_encodable(_safe(cell), dialect.encoding) for cell in row])
    bom = {"utf-16-le": "﻿", "utf-16-be": "﻿"}.get(dialect.encoding, "")
    return (bom + text.getvalue()).encode(dialect.encoding, "replace")


def _encodable(cell: Any, encoding: str) -> Any:
    """Typographic signs that old encodings lack become plain ones; what they have is kept."""
    if not isinstance(cell, str):
        return cell
    try:
        cell.encode(encoding)
    except UnicodeEncodeError:
        return cell.translate(_TYPOGRAPHY)
    return cell


def _xlsx_bytes(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    ) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(sheet, at, place, _safe(cell), day)
    return out.getvalue()


def _write(sheet: Any, at: int, place: int, cell: Any, day: Any) -> None:
    if isinstance(cell, dt.datetime | dt.date):
        sheet.write_datetime(at, place, cell, day)
    elif isinstance(cell, bool | int | float):
        sheet.write(at, place, cell)
    else:
        sheet.write_string(at, place, str(cell if cell is not None else "")[:32_767])
