"""How a CSV file is cut: delimiter, line ends, quoting; and the lazy reading of its rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reuse_market.fleets.reading.fields import exact_target
from reuse_market.fleets.reading.source import Source

DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
_MAX_LINE = 1_000_000
_MAX_LINES_IN_A_ROW = 1_000
_BLOCK = 1 << 16  # characters
_SHOWN = 80
csv.field_size_limit(2 * _MAX_LINE)  # our own limit is the line's: the library's would refuse a whole file


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is needed to write rows back as the holder's own program wrote them."""

    container: str
    encoding: str = "utf-8"
    delimiter: str = ";"
    eol: str = "\r\n"
    quote_all: bool = False


class Broken(list[str]):
    """A row that could not be cut in cells: its beginning in one cell, and the code of what is wrong."""

    def __init__(self, line: str, code: str) -> None:
        super().__init__([line[:_SHOWN].strip()])
        self.code = code


def dialect_of(source: Source, encoding: str) -> Dialect:
    """The dialect seen in the first 64 KB."""
    text = source.head.decode(encoding, "replace").replace("\x00", "")
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


def csv_rows(source: Source, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows of `csv_blocks` one by one."""
    for number, rows in csv_blocks(source, dialect):
        yield from enumerate(rows, number)


def csv_blocks(source: Source, dialect: Dialect) -> Iterator[tuple[int, list[list[str]]]]:
    """Rows in blocks of some 64 KB, with the number a spreadsheet shows of the first, blank rows counted.

    A line too long, and one whose quotation mark is never closed, are `Broken` rows: a mark left open would
    swallow every row after it, so that reading begins again at the next line.
    """
    with io.TextIOWrapper(source.open(), encoding=dialect.encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream)
        number, begun = 1, False
        while text := lines.block():
            rows = _cut_plainly(text, dialect.delimiter)
            if rows is None:
                lines.give(text)
                rows = list(_cut(lines, dialect.delimiter))
            if rows and not begun:
                begun = True
                if _SEP_LINE.match(dialect.delimiter.join(rows[0])):
                    del rows[0]  # Excel obeys this line and shows the next one as row 1
            if rows:
                yield number, rows
            number += len(rows)


def _cut_plainly(text: str, delimiter: str) -> list[list[str]] | None:
    """The rows of whole lines each of which is one row for sure, cut all at once; None when one may not be."""
    if "\x00" in text or text.count("\r") != text.count("\r\n"):
        return None
    lines = text.split("\n")
    if lines[-1]:
        lines.append("")  # the blank line that ends them would be swallowed by a mark left open
    if len(max(lines, key=len)) >= _MAX_LINE:
        return None
    if '"' in text and any(line.count('"') % 2 for line in lines):
        return None
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None
    return rows[:-1] if len(rows) == len(lines) else None


class _Lines:
    """The lines of a file, those of the row being read kept at hand and able to be read again."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.stream = stream
        self.row: list[str] = []
        self.again: list[str] = []
        self.held = 0

    def block(self) -> str:
        """The next lines, whole, in one text of some 64 KB; one that is too long is cut. Empty at the end."""
        text = self.stream.read(_BLOCK)
        if text and not text.endswith("\n"):  # a \r may have its \n still to come
            text += self._line()
        return text

    def give(self, text: str) -> None:
        """Have these lines read before the others."""
        self.again = io.StringIO(text, newline="").readlines()
        self.again.reverse()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else self._line()
        if not line:
            raise StopIteration
        line = line.replace("\x00", "") if "\x00" in line else line
        self.row.append(line)
        self.held += len(line)
        if len(self.row) > _MAX_LINES_IN_A_ROW or (len(self.row) > 1 and self.held > _MAX_LINE):
            raise csv.Error("row too long")
        return line

    def _line(self) -> str:
        line = self.stream.readline(_MAX_LINE)
        if len(line) >= _MAX_LINE and not line.endswith(("\n", "\r")):  # told as too long, whatever it holds
            while (more := self.stream.readline(_MAX_LINE)) and not more.endswith(("\n", "\r")):
                pass
        return line

    def begin(self) -> None:
        """A new row."""
        self.row, self.held = [], 0

    def give_up(self) -> str:
        """The first line of the row; the others will be read again."""
        first, *others = self.row
        self.again.extend(reversed(others))
        return first


def _cut(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    """Rows one by one, until the lines given are used up: the last row may take others."""
    reader = csv.reader(lines, delimiter=delimiter)
    while lines.again:
        lines.begin()
        try:
            cells, wrong = next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            cells, wrong = [], "quote_open"
        if len(lines.row[0]) >= _MAX_LINE:
            wrong = "row_too_long"
        elif not wrong and '"' in lines.row[0] and _is_open(lines.row, delimiter):
            wrong = "quote_open"
        if wrong:
            cells = Broken(lines.give_up(), wrong)
            reader = csv.reader(lines, delimiter=delimiter)
        yield cells


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether a quotation mark was never closed, or closed by the one that opened a later cell."""
    if len(lines) == 1 and lines[0].count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return len(lines) > 1 or "unexpected end" in str(error)
    return False
