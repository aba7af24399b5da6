"""Devices without a serial number, known again by their key or inventory number, else by all that is told.

So that the same file twice changes nothing: of N alike in the file, as many are known as are here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from reuse_market.fleets import holdings, staging
from reuse_market.fleets.holdings import COMPARED, Held
from reuse_market.fleets.reading.report import Known, Record

_TAG, _KEY = COMPARED.index("asset_tag"), COMPARED.index("holder_key")
Changes = Callable[[Record, Held], Mapping[str, tuple[Any, Any]]]
ModelOf = Callable[[tuple[str, str, str]], int | None]


class Nameless:
    """The holder's devices without serial number, each found once. Read when a file first needs them."""

    def __init__(self, holder_id: int, shaper: staging.Shaper, changes: Changes, model_of: ModelOf) -> None:
        self._holder_id, self._shaper = holder_id, shaper
        self._changes, self._model_of = changes, model_of
        self._by: dict[Any, list[Held]] | None = None
        self.found: set[int] = set()  # ids of the units known so, whatever their serial number

    def known(self, record: Record) -> Known | None:
        """The device here that a record without serial number is, or None: it is new."""
        if self._by is None:
            self._by = self._read()
        for sign in self._signs(record):
            while alike := self._by.get(sign):
                held = alike.pop()
                if held.unit_id not in self.found:
                    self.found.add(held.unit_id)
                    return Known(record.row, record, self._changes(record, held), held)
        return None

    def _signs(self, record: Record) -> list[Any]:
        _serial, _key, tag, own_key = staging.own(record)
        if own_key or tag:
            return [sign for sign in (("key", own_key), ("tag", tag)) if sign[1]]
        told = self._shaper.shared(record)
        model_id = self._model_of(told[1]) if told[1] is not None else None
        return [(model_id, (tag, own_key, told[0], *told[3:]))]

    def _read(self) -> dict[Any, list[Held]]:
        found: dict[Any, list[Held]] = defaultdict(list)
        for held in (*holdings.without_serial(self._holder_id), *holdings.once_merged(self._holder_id)):
            tag, own_key = held.values[_TAG], held.values[_KEY]
            signs: list[Any] = [sign for sign in (("key", own_key), ("tag", tag)) if sign[1]]
            for sign in signs or [(held.model_id, held.values)]:
                found[sign].append(held)
        for alike in found.values():
            alike.reverse()  # the oldest is taken first
        return found
