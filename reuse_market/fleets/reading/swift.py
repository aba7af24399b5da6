"""The swift lane: rows in which nothing is odd are read by columns, hundreds at a time, and told together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from reuse_market.fleets.reading.alike import Alike
from reuse_market.fleets.reading.record import RowReader, short
from reuse_market.fleets.reading.report import Known, Record
from reuse_market.fleets.reading.table import Block
from reuse_market.fleets.reading.values import all_plainly_said

_LONGEST = 80
_PLAIN, _MADE_BY = attrgetter("plain"), attrgetter("made_by")
Texts = Sequence[str | None]


class Goods(NamedTuple):
    """Good records, by columns, in the order of the file."""

    numbers: Sequence[int]
    alikes: Sequence[Alike]
    serials: Sequence[str]
    keys: Sequence[str]
    tags: Texts
    names: Texts
    holder_keys: Texts

    @property
    def size(self) -> int:
        """How many."""
        return len(self.numbers)

    def part(self, begin: int, end: int) -> Goods:
        """Some of them."""
        return self if (begin, end) == (0, self.size) else Goods._make(column[begin:end] for column in self)

    def records(self) -> Iterator[Record]:
        """The same one by one."""
        for number, alike, serial, key, tag, name, holder_key in zip(*self, strict=True):
            yield Record._make(
                (number, *alike.head, serial, tag, *alike.middle, name, *alike.tail, key, holder_key,
                 alike.warnings)
            )  # fmt: skip


class Sames(NamedTuple):
    """Devices known of which nothing is told otherwise, with what is held of each, in the order of the file."""

    goods: Goods
    held: Sequence[Any]

    @property
    def size(self) -> int:
        """How many."""
        return len(self.held)

    def part(self, begin: int, end: int) -> Sames:
        """Some of them."""
        return Sames(self.goods.part(begin, end), self.held[begin:end])

    def verdicts(self) -> Iterator[Known]:
        """The same one by one."""
        for record, held in zip(self.goods.records(), self.held, strict=True):
            yield Known(record.row, record, {}, held)


def read_swiftly(reader: RowReader, block: Block) -> Goods | None:
    """Rows all of which are beyond doubt but for what is held elsewhere; None when one is not."""
    most = len(reader.header)
    if block.rows and any(row.width > most or row.broken or row.numbers for row in block.rows):
        return None
    serial_at, tag_at, name_at, key_at = reader.own_places
    if serial_at is None or not block.cells:
        return None
    cells = block.cells
    serials = list(map(itemgetter(serial_at), cells))
    lines = "\n".join(serials)
    if lines.count("\n") != len(cells) - 1 or not all_plainly_said(lines, serials=True):
        return None
    alikes = reader.alikes(block)
    if not all(map(_PLAIN, alikes)):
        return None
    if max(map(len, serials)) > _LONGEST or ("-" in lines and _any_virtual(reader, serials)):
        return None
    made_by = map(_MADE_BY, alikes)
    keys = list(map("|".join, zip(lines.upper().split("\n"), made_by, strict=True)))
    told = [_column(cells, place) for place in (tag_at, name_at, key_at)]
    if None in told:
        return None
    tags, names, holder_keys = told
    return Goods(block.numbers, alikes, serials, keys, tags or (), names or (), holder_keys or ())


def _any_virtual(reader: RowReader, serials: Sequence[str]) -> bool:
    return any(reader.virtual(serial.split("-")[0]) for serial in serials if "-" in serial)


def _column(cells: Sequence[Sequence[str]], place: int | None) -> Texts | None:
    """A column of tags or names; None when one of them is damaged."""
    if place is None:
        return (None,) * len(cells)
    texts = list(map(itemgetter(place), cells))
    lines = "\n".join(texts)
    if lines.count("\n") == len(texts) - 1 and all_plainly_said(lines, serials=False):
        return texts
    return None if "\ufffd" in lines else [short(text) for text in texts]
