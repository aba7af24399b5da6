"""How a CSV file is cut: delimiter, line ends, quoting; and the lazy reading of its rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reuse_market.fleets.reading.contents import AS_CSV
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.fields import exact_target
from reuse_market.kernel.words import N_

DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
_MAX_LINE = 1_000_000
_MAX_LINES_IN_A_ROW = 1_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is needed to write rows back as the holder's own program wrote them."""

    container: str
    encoding: str = "utf-8"
    delimiter: str = ";"
    eol: str = "\r\n"
    quote_all: bool = False


def dialect_of(data: bytes, encoding: str) -> Dialect:
    """The dialect seen in the first 64 KB."""
    text = data[:65536].decode(encoding, "replace").replace("\x00", "")
    first = re.split(r"\r\n|\r|\n", text, maxsplit=1)[0]
    told = _SEP_LINE.match(first)
    delimiter = told[1] if told and told[1] in DELIMITERS else _best_delimiter(text)
    quoted = text.count(f'"{delimiter}"') * 2 > text.count(delimiter) > 0
    return Dialect("csv", encoding, delimiter, _eol(text), quoted)


def _eol(text: str) -> str:
    windows, unix, mac = text.count("\r\n"), text.count("\n"), text.count("\r")
    if windows:
        return "\r\n"
    return "\n" if unix or not mac else "\r"


def _best_delimiter(text: str) -> str:
    """The one that shows most known labels in one row; then the most regular and widest table."""
    best, best_score = ";", (-1, -1)
    for delimiter in DELIMITERS:
        rows = _first_rows(text, delimiter)
        known = max((sum(1 for c in row if exact_target(c)) for row in rows if len(row) > 1), default=0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        score = (known, times * min(width, 40))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= 40:
                break
    except csv.Error:
        pass  # a cut or wrong guess: what was read until there is enough to compare
    return rows


def csv_rows(data: bytes, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number a spreadsheet shows, blank rows counted. Lazy: one row in memory at a time."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=dialect.encoding, errors="replace", newline="")
    pending: list[str] = []
    reader = csv.reader(_lines(stream, pending), delimiter=dialect.delimiter)
    number, skipped = 0, False
    while True:
        pending.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _open_quote(number + 1) from error
        if number == 0 and not skipped and _SEP_LINE.match(dialect.delimiter.join(cells)):
            skipped = True  # Excel obeys this line and shows the next one as row 1
            continue
        number += 1
        if len(pending) > 1:
            _refuse_open_quote(pending, dialect.delimiter, number)
        yield number, cells


def _lines(stream: io.TextIOWrapper, pending: list[str]) -> Iterator[str]:
    while line := stream.readline(_MAX_LINE):
        if len(line) >= _MAX_LINE:
            raise Unreadable(N_("A line of this file is too long for a table."), advice=AS_CSV)
        if "\x00" in line:
            line = line.replace("\x00", "")
        pending.append(line)
        if len(pending) > _MAX_LINES_IN_A_ROW:
            raise csv.Error("row too long")
        yield line


def _refuse_open_quote(lines: list[str], delimiter: str, number: int) -> None:
    """A quotation mark never closed swallows every row after it in silence: say so instead."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise _open_quote(number) from error


def _open_quote(number: int) -> Unreadable:
    return Unreadable(
        N_("A quotation mark opened in row %(row)s is never closed."),
        advice=N_("Correct this row, or export the file again."),
        row=number,
    )
