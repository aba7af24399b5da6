"""An accounting file as rows: any delimiter, encoding or spreadsheet, as inventories are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reuse_market.fleets.reading.contents import AS_CSV, content_of
from reuse_market.fleets.reading.dialect import Broken, csv_rows, dialect_of
from reuse_market.fleets.reading.encoding import encoding_of
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.labels import clean
from reuse_market.fleets.reading.sheets import cell_text, sheets_of
from reuse_market.fleets.reading.source import Source, source_of
from reuse_market.kernel.words import N_

LOOK_AHEAD = 30
MAX_COLUMNS = 200
MAX_BYTES = 5_000_000
NO_TABLE = N_("This file holds no table of purchases: a row of column names, then rows.")
NO_NAMES = N_("The first row of this file holds amounts or dates, not the names of its columns.")
NAME_THEM = N_(
    "Add a first row that names each column (date, supplier, amount before tax…), then send it again."
)
_VALUE = re.compile(
    r"[-(]?[0-9][0-9  \u202f.']*[.,][0-9]{2}\)?( ?€)?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
)


@dataclass(frozen=True, slots=True)
class Purchases:
    """A header and its rows, each with the number a spreadsheet shows; `broken`: a row not cut in cells."""

    header: list[str]
    rows: list[tuple[int, list[str], bool]]


def read(held: bytes, filename: str = "") -> Purchases:
    """The table of a file. Unreadable says what the file is instead, and what to do."""
    source = source_of(held)
    if source.size > MAX_BYTES:
        raise Unreadable(
            N_("The file weighs more than %(limit)s MB."),
            advice=N_("Split it into several files."),
            limit=MAX_BYTES // 1_000_000,
        )
    container = content_of(source, filename)
    if container == "csv":
        every = _csv(source)
    elif container in ("xlsx", "xls", "ods"):
        every = _sheet(source, container)
    else:
        raise Unreadable(NO_TABLE, advice=AS_CSV)
    filled = (row for row in every if row[2] or any(cell.strip() for cell in row[1]))
    first = list(islice(filled, LOOK_AHEAD))
    at = _header_at(first)
    header = [clean(cell) for cell in first[at][1]]
    while header and not header[-1]:
        header.pop()
    return Purchases(header, [*first[at + 1 :], *filled])


def _csv(source: Source) -> Iterator[tuple[int, list[str], bool]]:
    dialect = dialect_of(source, encoding_of(source).codec)
    for number, cells in csv_rows(source, dialect):
        yield number, list(cells), isinstance(cells, Broken)


def _sheet(source: Source, container: str) -> Iterator[tuple[int, list[str], bool]]:
    sheet = next(sheets_of(source, container), None)
    for number, cells in sheet.rows() if sheet is not None else ():
        yield number, ["" if cell is None else cell_text(cell) for cell in cells], False


def _header_at(rows: list[tuple[int, list[str], bool]]) -> int:
    """The first row with as many cells as the widest (one less at most), before at least one other."""
    widths = [0 if broken else sum(1 for cell in cells if cell.strip()) for _n, cells, broken in rows]
    widest = max(widths, default=0)
    at = next((i for i, width in enumerate(widths) if width >= max(2, widest - 1)), None)
    if at is None or at + 1 >= len(rows) or len(rows[at][1]) > MAX_COLUMNS:
        raise Unreadable(NO_TABLE, advice=AS_CSV)
    names = [clean(cell) for cell in rows[at][1]]
    if any(map(_VALUE.fullmatch, names)) or not any(re.search("[^0-9]", name) for name in names):
        raise Unreadable(NO_NAMES, advice=NAME_THEM)
    return at
