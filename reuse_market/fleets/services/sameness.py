"""Whether a file says of devices here just what is held of them: most do, and are looked at together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, eq, itemgetter
from typing import Any

from reuse_market.fleets import holdings
from reuse_market.fleets.holdings import Glimpses, Held
from reuse_market.fleets.reading.report import Record
from reuse_market.fleets.reading.swift import Goods

_MOST_KEPT = 20_000
_ID, _KEY, _TAG, _STATE, _OWN_KEY, _SHARED = range(6)  # of a glimpse
_LONGEST = 80
_OWN = {"asset_tag", "holder_key"}
_token = attrgetter("token")
_told = itemgetter(_TAG, _OWN_KEY, _SHARED)
_NOBODY: tuple[Any, ...] = (None,) * 6
Glimpse = tuple[Any, ...]
Changes = Callable[[Record, Held], Mapping[str, tuple[Any, Any]]]


class Sameness:
    """Compares once what many rows say in the same words of devices that are held alike."""

    def __init__(self, holder_id: int, changes: Changes) -> None:
        self._holder_id, self._changes = holder_id, changes
        self._glimpses = Glimpses(holder_id)
        self._same: dict[tuple[int, str], bool] = {}

    def among(self, goods: Goods) -> Mapping[str, Glimpse]:
        """By serial key, the devices here of which these records tell nothing but what is held."""
        here = self._glimpses.under(goods.keys)
        if not here:
            return {}
        rows = [here.get(key, _NOBODY) for key in goods.keys]
        tags, own_keys, shared = zip(*map(_told, rows), strict=True)
        pairs = list(zip(map(_token, goods.alikes), shared, strict=True))
        alike = list(map(self._same.get, pairs))
        if None in alike:
            self._compare(goods, rows, pairs, alike)
        own = zip(alike, map(eq, goods.tags, tags), map(eq, goods.holder_keys, own_keys), strict=True)
        same = [
            as_told and ((tag and key) or self._as_own(goods, at, rows[at]))
            for at, (as_told, tag, key) in enumerate(own)
        ]
        return {key: row for key, row, one in zip(goods.keys, rows, same, strict=True) if one}

    def _as_own(self, goods: Goods, at: int, row: Glimpse) -> bool:
        """The same of what is the device's own; a blank cell tells nothing, a long one is kept cut."""
        told = ((goods.tags[at], row[_TAG]), (goods.holder_keys[at], row[_OWN_KEY]))
        return all(not text or text[:_LONGEST] == held for text, held in told)

    def _compare(
        self,
        goods: Goods,
        rows: Sequence[Glimpse],
        pairs: Sequence[tuple[int, str]],
        alike: list[bool | None],
    ) -> None:
        """What was not compared before, looked up in full, once for each pair."""
        first: dict[tuple[int, str], int] = {}
        for at, (pair, found) in enumerate(zip(pairs, alike, strict=True)):
            if found is None and rows[at] is not _NOBODY:
                first.setdefault(pair, at)
        held, _alive = holdings.under(self._holder_id, [goods.keys[at] for at in first.values()])
        told: dict[tuple[int, str], bool] = {}
        for pair, at in first.items():
            [record] = goods.part(at, at + 1).records()
            here = held.get(goods.keys[at])  # None: it has gone to somebody else this instant
            told[pair] = here is not None and not self._changes(record, here).keys() - _OWN
        if len(self._same) + len(told) > _MOST_KEPT:
            self._same.clear()
        self._same |= told
        for at, found in enumerate(alike):
            if found is None:
                alike[at] = told.get(pairs[at], False)
