"""A file of bytes becomes a header and numbered rows, whatever it is called and however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from reuse_market.fleets.reading.agents.gathering import Gathered, gather, gather_members
from reuse_market.fleets.reading.archives import chosen_members, inside
from reuse_market.fleets.reading.contents import AS_CSV, content_of
from reuse_market.fleets.reading.dialect import Broken, Dialect, csv_blocks, csv_rows, dialect_of
from reuse_market.fleets.reading.encoding import encoding_of
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.fields import exact_target
from reuse_market.fleets.reading.formats import format_of
from reuse_market.fleets.reading.header import (
    LOOK_AHEAD,
    doubled,
    find_header,
    in_one_column,
    known,
    lines_of_one_column,
)
from reuse_market.fleets.reading.keeping import kept
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.packed import inflated, unpacked
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.sheets import Sheet, cell_text, sheets_of
from reuse_market.fleets.reading.source import Source, source_of
from reuse_market.kernel.words import N_

_SHEET_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")


class Row(NamedTuple):
    """One row: its spreadsheet number (row 1 is the first of the file) and as many cells as the header.

    `width` counts the cells up to the last filled one; `numbers` the columns a spreadsheet typed as numbers;
    `broken` is the code of what kept the row from being cut in cells.
    """

    number: int
    cells: tuple[str, ...]
    width: int
    numbers: frozenset[int] = frozenset()
    broken: str = ""


class Block(NamedTuple):
    """Rows that follow one another, each at least as wide as the header. `rows`: the same, when not all are plain.

    Plain ones hold nothing beyond the header, are texts, and are not broken; blank ones may be among them.
    """

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    rows: tuple[Row, ...] | None = None


@dataclass(frozen=True)
class Table:
    """A header, the dialect to write rows back in, notes for the person, and rows read anew at each call."""

    filename: str
    header: list[str]
    header_row: int
    dialect: Dialect
    format: str
    notes: list[Reason]
    _source: Source = field(repr=False)
    _sheet: Sheet | None = field(repr=False, default=None)

    def raw_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows below the header with their cells as the file types them; blank rows are left out."""
        every = csv_rows(self._source, self.dialect) if self._sheet is None else self._sheet.rows()
        for number, cells in every:
            if number > self.header_row and any(c is not None and str(c).strip() for c in cells):
                yield number, cells

    def blocks(self, size: int) -> Iterator[Block]:
        """All below the header, at most `size` rows at a time, blank ones among them."""
        if self._sheet is not None:
            rows = self.rows()
            while batch := list(islice(rows, size)):
                yield Block([row.number for row in batch], [row.cells for row in batch], tuple(batch))
            return
        numbers: list[int] = []
        held: list[list[str]] = []
        for first, cut in csv_blocks(self._source, self.dialect):
            skipped = min(len(cut), max(0, self.header_row + 1 - first))
            numbers += range(first + skipped, first + len(cut))
            held += cut[skipped:] if skipped else cut
            while len(held) >= size:
                yield self._block(numbers[:size], held[:size])
                numbers, held = numbers[size:], held[size:]
        if held:
            yield self._block(numbers, held)

    def _block(self, numbers: list[int], cut: list[list[str]]) -> Block:
        """Of CSV: rows are made one by one only when some are longer, shorter or broken."""
        width = len(self.header)
        widths = set(map(len, cut))
        plain = width > 1 and min(widths) >= width  # a broken row has one cell
        if plain and not (max(widths) > width and any(c.strip() for cells in cut for c in cells[width:])):
            return Block(numbers, cut)
        every = zip(numbers, cut, strict=True)
        rows = [self._row(n, cells) for n, cells in every if any(cell.strip() for cell in cells)]
        return Block([row.number for row in rows], [row.cells for row in rows], tuple(rows))

    def rows(self) -> Iterator[Row]:
        """Rows below the header, as texts. Lazy for CSV: nothing but some rows is held."""
        for number, raw in self.raw_rows():
            yield self._row(number, raw)

    def rows_of(self, block: Block) -> list[Row]:
        """The rows of a block that are not blank."""
        if block.rows is not None:
            return list(block.rows)
        every = zip(block.numbers, block.cells, strict=True)
        return [self._row(n, cells) for n, cells in every if any(cell.strip() for cell in cells)]

    def _row(self, number: int, raw: Sequence[Any]) -> Row:
        width = len(self.header)
        if self._sheet is None:
            texts, numbers = raw, frozenset[int]()
        else:
            texts = [cell_text(c) for c in raw]
            numbers = frozenset(i for i, c in enumerate(raw) if isinstance(c, int | float))
        used = len(texts)
        while used and not texts[used - 1].strip():
            used -= 1
        cells = tuple(texts[:width]) + ("",) * (width - len(texts))
        return Row(number, cells, used, numbers, raw.code if isinstance(raw, Broken) else "")

    def sample(self, count: int = 50) -> list[Row]:
        """The first rows, to show a person and to propose a mapping from."""
        return list(islice(self.rows(), count))


def read_table(held: bytes | Path | Source, filename: str = "") -> Table:
    """Read an inventory. Raises `Unreadable`, and nothing else, for bytes that are not one."""
    source = source_of(held)
    container = content_of(source, filename)
    if container == "gz":
        source = inflated(source)
        container = inside(source)
    if container == "zip":
        chosen = chosen_members(source)
        if isinstance(chosen, list):
            return _read_gathered(gather_members(source, chosen), chosen[0][1], filename)
        source = unpacked(source, chosen)
        container = inside(source)
    if container in ("json", "xml"):
        return _read_gathered(gather(source, container), container, filename)
    return _read_csv(source, filename) if container == "csv" else _read_sheet(source, filename, container)


def _read_gathered(gathered: Gathered, container: str, filename: str) -> Table:
    """Documents of agents: no header row, so that rows are numbered from 1."""
    dialect = gathered.dialect(container)
    return Table(filename, gathered.header, 0, dialect, gathered.format, gathered.notes, gathered.rows)


def _read_csv(source: Source, filename: str, *, cut: bool = False) -> Table:
    encoding = encoding_of(source)
    dialect = dialect_of(source, encoding.codec)
    first = [
        (number, cells)
        for number, cells in islice(csv_rows(source, dialect), LOOK_AHEAD + 10)
        if any(cell.strip() for cell in cells)
    ]
    if first and all(isinstance(cells, Broken) for _, cells in first):
        raise Unreadable(N_("A line of this file is too long for a table."), advice=AS_CSV)
    if not cut and in_one_column(first):
        return _unfolded(csv_rows(source, dialect), filename)
    notes = list(encoding.notes)
    if filename.lower().endswith(_SHEET_ENDINGS):
        notes.append(because("text_named_sheet"))
    header_row, header = find_header([row for row in first if not isinstance(row[1], Broken)])
    return _table(filename, header_row, header, dialect, notes, source)


def _read_sheet(source: Source, filename: str, container: str) -> Table:
    """The first sheet that names serial numbers, else whose header is known, else that is not empty."""
    found = list(sheets_of(source, container))
    if not found:
        raise Unreadable(N_("The file is empty."), advice=N_("Check the export, then send the file again."))
    told = [sheet for sheet in found if _known_labels(sheet) >= 2]
    chosen = next((sheet for sheet in told if _names_serials(sheet)), (told or found)[0])
    notes = [because("hidden_rows", count=chosen.shown.hidden)] if chosen.shown.hidden else []
    others = [sheet.name for sheet in found if sheet is not chosen]
    if others:
        notes.append(because("other_sheets", sheet=chosen.name, others=", ".join(others)))
    first = [(n, texts) for n, texts in _texts(chosen) if any(text.strip() for text in texts)]
    if in_one_column(first):
        return _unfolded(((n, [cell_text(cell) for cell in cells]) for n, cells in chosen.rows()), filename)
    header_row, header = find_header(first)
    return _table(filename, header_row, header, Dialect(container), notes, source, sheet=chosen)


def _unfolded(rows: Iterable[tuple[int, Sequence[str]]], filename: str) -> Table:
    """The table that rows standing whole in one column were before. Cut once: never without end."""
    made = _read_csv(kept(lines_of_one_column(rows)), "", cut=True)
    return replace(made, filename=filename, notes=[*made.notes, because("one_column")])


def _texts(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for number, cells in islice(sheet.rows(), LOOK_AHEAD + 10):
        yield number, [cell_text(cell) for cell in cells]


def _known_labels(sheet: Sheet) -> int:
    return max((known(texts) for _, texts in _texts(sheet)), default=0)


def _names_serials(sheet: Sheet) -> bool:
    """A summary (kind, quantity, site) that stands before the list names none."""
    return any(
        exact_target(text) == "serial" for _, texts in _texts(sheet) for text in texts if len(text) < 120
    )


def _table(
    filename: str,
    header_row: int,
    header: list[str],
    dialect: Dialect,
    notes: list[Reason],
    source: Source,
    *,
    sheet: Sheet | None = None,
) -> Table:
    if header_row > 1:
        notes.append(because("preamble", rows=header_row - 1))
    if any(fold(label) == "hardware hash" for label in header):
        notes.append(because("autopilot"))
    for label in doubled(header):
        notes.append(because("doubled_column", column=label))
    made = Table(
        filename, header, header_row, dialect, format_of(header, dialect.container), notes, source, sheet
    )
    if next(made.raw_rows(), None) is None:
        raise Unreadable(
            N_("The file has column names but no device."),
            advice=N_("Check the export, then send the file again."),
        )
    return made
