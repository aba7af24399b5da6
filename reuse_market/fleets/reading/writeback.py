"""The rows to correct, given back in the holder's own format with the reason beside each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from reuse_market.fleets.reading.dialect import Dialect
from reuse_market.fleets.reading.reasons import Reason
from reuse_market.fleets.reading.report import Report
from reuse_market.fleets.reading.table import Table
from reuse_market.kernel.spreadsheets import BOM, csv_text, xlsx_bytes
from reuse_market.kernel.words import N_

TITLES = (N_("Row"), N_("Reason"))
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
    return xlsx_bytes(rows), f"{stem}{suffix}.xlsx"


def _csv_bytes(rows: list[list[Any]], dialect: Dialect) -> bytes:
    encodable = ([_encodable(cell, dialect.encoding) for cell in row] for row in rows)
    text = csv_text(encodable, delimiter=dialect.delimiter, eol=dialect.eol, quote_all=dialect.quote_all)
    bom = BOM if dialect.encoding in ("utf-16-le", "utf-16-be") else ""
    return (bom + text).encode(dialect.encoding, "replace")


def _encodable(cell: Any, encoding: str) -> Any:
    """Typographic signs that old encodings lack become plain ones; what they have is kept."""
    if not isinstance(cell, str):
        return cell
    try:
        cell.encode(encoding)
    except UnicodeEncodeError:
        return cell.translate(_TYPOGRAPHY)
    return cell
