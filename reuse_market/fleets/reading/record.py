"""One row read into a record, with what is doubtful, wrong, or a reason to leave it aside.

What rows have in common (kind, maker, model, sizes, dates…) is read once for all rows that say it in the same
words (`alike.py`): only serial number, tags and name are read row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from reuse_market.fleets.reading.alike import (
    DAMAGED,
    MAX_TEXT,
    Alike,
    Foreign,
    Orders,
    read_alike,
    virtual_machine,
)
from reuse_market.fleets.reading.fields import IGNORE
from reuse_market.fleets.reading.labels import fold, fold_label, one_line
from reuse_market.fleets.reading.mapping import Mapping
from reuse_market.fleets.reading.naming import Corrections
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.report import Fault, Record
from reuse_market.fleets.reading.table import Block, Row, Table
from reuse_market.fleets.reading.titles import Titles
from reuse_market.fleets.reading.values import is_placeholder, plainly_said, said, serial_fault

OWN_FIELDS = ("serial", "asset_tag", "hostname", "holder_key")
OWNERS = frozenset(("owner", "proprietaire", "registered owner", "detenteur"))
COUNTS = frozenset(("quantite", "quantity", "qte", "qty", "nombre", "nb", "nombre d unites", "nb unites"))
NO_SERIAL = because("no_serial")
AS_NUMBER = because("serial_as_number")
_MOST_KEPT = 20_000
_PLAIN_LENGTH = 100


class Reading(NamedTuple):
    """A record and what was found on the way: faults to correct, a reason to set it aside."""

    record: Record
    faults: Sequence[Fault] = ()
    set_aside: Reason | None = None


class RowReader:
    """Reads the rows of one table through one mapping."""

    def __init__(
        self, table: Table, mapping: Mapping, orders: Orders, today: dt.date, foreign: Foreign,
        corrections: Corrections,
    ) -> None:  # fmt: skip
        self.header = table.header
        self.folded = tuple(fold(label) for label in table.header)
        self.foreign = foreign
        self.corrections = corrections
        owners = [c.index for c in mapping.columns if fold_label(c.label) in OWNERS]
        # Owners are people as a rule and never kept: the column is only held against known organisations.
        self.owner_places = [*owners, *(mapping.places[n] for n in ("entity",) if n in mapping.places)]
        counts = [c.index for c in mapping.columns if c.target == IGNORE and fold_label(c.label) in COUNTS]
        self.count_place = counts[0] if counts else None
        self.is_csv = table.dialect.container == "csv"
        self.places = mapping.places
        self.orders = orders
        self.today = today
        apart = {self.places[name] for name in OWN_FIELDS if name in self.places}
        self.shared_places = sorted({*self.places.values(), *self.owner_places, *counts[:1]} - apart)
        self._common = _getter(self.shared_places)
        self._own = tuple(self.places.get(name) for name in OWN_FIELDS)
        self.titles = Titles(lambda: [row.cells for row in table.sample()], self._own)
        self.own_places = self._own
        self._read: dict[tuple[str, ...], Alike] = {}
        self._words: dict[str, Reason | None] = {}

    def alikes(self, block: Block) -> list[Alike]:
        """The common parts of rows that are not broken."""
        told = list(map(self._common, block.cells))
        found = list(map(self._read.get, told))
        if None in found:
            for at, one in enumerate(found):
                if one is None:
                    row = Row(block.numbers[at], tuple(block.cells[at]), 0)
                    found[at] = self._read.get(told[at]) or self.read_alike(told[at], row)
        return [one for one in found if one is not None]

    def read(self, row: Row) -> Reading | None:
        """The reading of one row; the record is complete even when it has faults. None: the header again."""
        cells = row.cells
        if row.broken:
            return Reading(Record(row.number), [Fault("row", cells[0], because(row.broken))])
        said_alike = self._common(cells)
        alike = self._read.get(said_alike) or self.read_alike(said_alike, row)
        if alike.like_header and self._is_header(row):
            return None
        serial, tag, name, key = ["" if place is None else cells[place] for place in self._own]
        warnings, faults = alike.warnings, alike.faults
        odd = (
            alike.damaged
            or DAMAGED in f"{serial}{tag}{name}"
            or (self.is_csv and row.width > len(self.header))
        )
        if odd or row.numbers or len(serial) > _PLAIN_LENGTH or not _surely(serial):
            told, wrong = self._damage(row) if odd else ([], [])
            serial = self._serial(row, serial, told, wrong)
            warnings, faults = (*told, *warnings), (*wrong, *faults)
        first = alike.first
        if first is None and "-" in serial:
            first = self.virtual(serial.split("-")[0])
        if first is None and not serial:
            first = self.titles.title(cells, self.places.get("model"))
        record = Record._make(
            (row.number, *alike.head, serial or None, short(tag), *alike.middle, short(name), *alike.tail,
             f"{''.join(serial.upper().split())}|{alike.made_by}" if serial else None, short(key), warnings)
        )  # fmt: skip
        return Reading(record, faults, first or alike.then)

    def _is_header(self, row: Row) -> bool:
        """Some tools print the header again at each page."""
        return tuple(fold(cell) for cell in row.cells if len(cell) < 200) == self.folded

    def read_alike(self, said_alike: tuple[str, ...], row: Row) -> Alike:
        if len(self._read) >= _MOST_KEPT:
            self._read.clear()
        self._read[said_alike] = made = read_alike(self, row)
        return made

    def _damage(self, row: Row) -> tuple[list[Reason], list[Fault]]:
        """Characters lost to a wrong encoding: a serial is to correct, any other cell told. And cells too many."""
        warnings: list[Reason] = []
        faults: list[Fault] = []
        for name, place in self.places.items():
            if DAMAGED in row.cells[place]:
                text, label = one_line(row.cells[place])[:MAX_TEXT], self.header[place]
                if name == "serial":
                    faults.append(Fault("serial", text, because("serial_damaged", value=text)))
                else:
                    warnings.append(because("damaged_cell", value=text, column=label))
        if self.is_csv and row.width > len(self.header):
            reason = because("too_many_cells", cells=row.width, columns=len(self.header))
            faults.append(Fault("row", row.cells[0][:MAX_TEXT], reason))
        return warnings, faults

    def _serial(self, row: Row, cell: str, warnings: list[Reason], faults: list[Fault]) -> str:
        """The serial as written, or "" with a warning; what a spreadsheet destroyed is a fault."""
        text = one_line(cell).rstrip(" ,;")  # a list saved twice ends its lines with separators
        if not text:
            warnings.append(NO_SERIAL)
            return ""
        if DAMAGED in text:
            return ""
        if fault := serial_fault(text):
            faults.append(Fault("serial", text[:MAX_TEXT], because(fault, value=text[:MAX_TEXT])))
            return ""
        if is_placeholder(text):
            warnings.append(because("placeholder_serial", value=text))
            return ""
        if self.places["serial"] in row.numbers:
            warnings.append(AS_NUMBER)
        return text

    def virtual(self, word: str) -> Reason | None:
        """`VMware-56 4d…` tells a virtual machine by its first word; other serials tell nothing."""
        if word not in self._words:
            if len(self._words) >= _MOST_KEPT:
                self._words.clear()
            self._words[word] = virtual_machine(word)
        return self._words[word]


def _getter(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """What takes these cells of a row, as a tuple even when there is one or none."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: tuple(cells[place] for place in places)


def _surely(serial: str) -> bool:
    """Whether it is for sure a serial number: a bare word, not one character repeated."""
    return bool(serial) and bool(serial.strip(serial[0])) and plainly_said(serial)


def short(cell: str) -> str | None:
    """A tag or a name as kept: one line, None when it says nothing."""
    if not cell:
        return None
    return cell[:MAX_TEXT] if plainly_said(cell) else said(cell)[:MAX_TEXT] or None
