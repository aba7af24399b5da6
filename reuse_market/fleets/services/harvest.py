"""The good records of a file between reading and writing: in a scratch file, shaped as units are written."""

from __future__ import annotations

import marshal
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from reuse_market.fleets.reading.report import Record, Verdict
from reuse_market.fleets.reading.swift import Goods, Sames
from reuse_market.fleets.staging import KEY_LENGTH, Shaper, own

BATCH = 5_000
_IN_MEMORY = 2_000_000
Batch = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


class Harvest:
    """A taker of verdicts: keeps what is good, gives it back in batches, as often as asked.

    A batch is rows `(*bulk.OWN, place)` and the shared values places stand for, models by their names.
    """

    def __init__(self, shaper: Shaper) -> None:
        self.count = 0
        self._shape = shaper.shared
        self._rows: list[tuple[Any, ...]] = []
        self._places: dict[tuple[Any, ...], int] = {}
        self._of_token: dict[int, int] = {}
        self._file: Any = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 – lives as long as its object
        weakref.finalize(self, self._file.close)

    def add(self, verdict: Verdict) -> None:
        """Keep a good record."""
        if isinstance(verdict, Record):
            shared = self._shape(verdict)
            place = self._places.setdefault(shared, len(self._places))
            self._rows.append((*own(verdict), place))
            if len(self._rows) >= BATCH:
                self._put()

    def add_goods(self, goods: Goods) -> None:
        """Keep many at once."""
        of, places = self._of_token, []
        for at, alike in enumerate(goods.alikes):
            place = of.get(alike.token)
            if place is None:
                [record] = goods.part(at, at + 1).records()
                place = of[alike.token] = self._places.setdefault(self._shape(record), len(self._places))
            places.append(place)
        keys = [key[:KEY_LENGTH] for key in goods.keys]
        tags, others = ([text and text[:80] for text in column] for column in (goods.tags, goods.holder_keys))
        self._rows.extend(zip(goods.serials, keys, tags, others, places, strict=True))
        if len(self._rows) >= BATCH:
            self._put()

    def add_sames(self, sames: Sames) -> None:
        """Nothing of them is kept."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing of it is kept."""

    def batches(self) -> Iterator[Batch]:
        """The batches in the order of the file."""
        self._put()
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            length = int.from_bytes(self._file.read(8))
            yield marshal.loads(self._file.read(length))  # noqa: S302 – our own scratch, written a moment ago
        self._file.seek(end)

    def _put(self) -> None:
        if self._rows:
            self.count += len(self._rows)
            written = marshal.dumps((self._rows, list(self._places)))
            self._file.write(len(written).to_bytes(8))
            self._file.write(written)
            self._rows, self._places, self._of_token = [], {}, {}
