"""Which row of a table names its columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.fields import IGNORE, exact_target
from reuse_market.fleets.reading.labels import clean, fold
from reuse_market.fleets.reading.makers import is_known_maker
from reuse_market.kernel.words import N_

MAX_COLUMNS = 1_000
LOOK_AHEAD = 30
_LONGEST = 20_000
_DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
_ADVICE_HEADER = N_(
    "Put the names of the columns in the first row (serial number, model…), then send it again."
)


def find_header(rows: list[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """The row that names the columns: the first with the most known labels, else the first full row."""
    if not rows:
        raise Unreadable(N_("The file is empty."), advice=N_("Check the export, then send the file again."))
    scored = [(known(cells), -at) for at, (_, cells) in enumerate(rows[:LOOK_AHEAD])]
    labels, at = max(scored)
    if labels < 2:
        widest = max(sum(1 for c in cells if c.strip()) for _, cells in rows[:LOOK_AHEAD])
        full = (
            i for i, (_, cells) in enumerate(rows) if sum(1 for c in cells if c.strip()) >= max(1, widest - 1)
        )
        at = at if labels else -next(full)
        if _looks_like_data(rows[-at][1], labels):
            raise Unreadable(
                N_("The columns of this file have no names: no header row was found."), advice=_ADVICE_HEADER
            )
    number, cells = rows[-at]
    header = [clean(cell) or _label_above(rows[:-at], place) for place, cell in enumerate(cells)]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise Unreadable(
            N_("The file has more than %(limit)s columns."),
            advice=N_("Export only the columns about devices."),
            limit=MAX_COLUMNS,
        )
    return number, header


def _label_above(rows: list[tuple[int, list[str]]], place: int) -> str:
    """The known label that stands in a row above, when a header has two levels; else ""."""
    above = (clean(cells[place])[:120] for _, cells in reversed(rows[-2:]) if place < len(cells))
    return next((label for label in above if exact_target(label)), "")


def doubled(header: list[str]) -> list[str]:
    """Labels borne by several columns, each once, as written first."""
    seen = Counter(map(fold, header))
    return [label for label in header if seen.pop(fold(label), 0) > 1 and fold(label)]


def known(cells: list[str]) -> int:
    """How many different known labels a row shows; those of no use count once in all."""
    targets = {exact_target(cell) for cell in cells[:MAX_COLUMNS] if cell and len(cell) < 120} - {None}
    return len(targets - {IGNORE}) + (IGNORE in targets)


def _looks_like_data(cells: list[str], labels: int) -> bool:
    """A first row of dates, numbers, serials or makers is a device, not a header."""
    signs = sum(1 for cell in cells if _is_value(clean(cell)))
    return signs > (1 if labels else 0)


def _is_value(cell: str) -> bool:
    if not cell or len(cell) > 200:
        return bool(cell)
    digits = sum(c.isdigit() for c in cell)
    if _DATE.match(cell) or "@" in cell or re.fullmatch(r"[\d.,\s]+", cell) or is_known_maker(cell):
        return True
    return len(cell) >= 5 and digits >= 2 and " " not in cell and cell.upper() == cell


def in_one_column(rows: Iterable[tuple[int, Sequence[str]]]) -> bool:
    """Whether each row stands whole in its first cell, as when a spreadsheet opened a list of commas."""
    texts = []
    for _, cells in rows:
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 2:
            return False
        texts.append(filled[0] if filled and cells[0].strip() else "")
    return any(_labels_in(text) > 2 for text in texts if text)


def _labels_in(text: str) -> int:
    """How many known labels a text shows when it is cut at the separator that shows most."""
    cuts = (csv.reader([text[:_LONGEST]], delimiter=mark) for mark in ";,\t|")
    try:
        return max(known(next(cut, [])) for cut in cuts)
    except csv.Error:  # a cell of several lines is no row of a list
        return 0


def lines_of_one_column(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[bytes]:
    """The text such rows were, a line a row, at the same place in the file."""
    at = 1
    for number, cells in rows:
        filled = list(cells)
        while filled and not filled[-1].strip():
            filled.pop()
        line = " ".join(";".join(filled).splitlines())
        yield b"\n" * (number - at) + line.encode("utf-8", "replace") + b"\n"
        at = number + 1
