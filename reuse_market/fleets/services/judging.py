"""A file judged for a holder: one pass whatever its length, the verdicts handed on as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name, model_key
from reuse_market.fleets import holdings, queries, spellings, staging
from reuse_market.fleets.holdings import COMPARED, Held
from reuse_market.fleets.reading import Mapping as Columns
from reuse_market.fleets.reading import Report, Table
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.report import Known, Record, Verdict
from reuse_market.fleets.reading.scratch import Seen
from reuse_market.fleets.reading.swift import Goods, Sames
from reuse_market.fleets.reading.verdict import Surroundings, judged
from reuse_market.fleets.services.nameless import Nameless
from reuse_market.fleets.services.sameness import Sameness
from reuse_market.kernel import clock
from reuse_market.kernel.db import session

KEPT = 20_000
"""How many entries of each list a report held in memory has; longer ones are counted and cut."""
TO_CHECK = ("damaged_cell", "alive_elsewhere", "serial_as_number", "placeholder_serial", "value_left_out")
_FIRST = 5


class Taker(Protocol):
    """What verdicts are handed to; one that has `add_goods` or `add_sames` takes many."""

    def add(self, verdict: Verdict) -> None:
        """Take one verdict."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Take one device in use that the file lacks: unit_id, serial, asset_tag."""


def judge_file(
    table: Table, columns: Columns, *, holder_id: int, takers: Sequence[Taker] = (), most: int = 0
) -> Report:
    """The verdicts on a file for this holder, nothing written; `gone`: devices in use that it lacks.

    Each goes to every one of `takers`; the report keeps `most` of each list and counts them all.
    """
    report = Report(table.format, columns.dropped, columns.ignored, notes=list(table.notes), most=most)
    seen, every = Seen(), (report, *takers)
    comparison = Comparison(holder_id)
    around = _surroundings(holder_id, comparison)
    nameless = Nameless(holder_id, shaper(holder_id), comparison.changes, comparison.model_id)
    hand_on, found = _Handing(every), 0
    for verdict in judged(table, columns, around, today=clock.today(), notes=report.notes, seen=seen):
        if isinstance(verdict, Record) and verdict.serial_key is None:
            verdict = nameless.known(verdict) or verdict  # noqa: PLW2901
        elif isinstance(verdict, Sames):
            found += holdings.how_many_in_use(verdict.held)
        elif isinstance(verdict, Known) and verdict.held.mine:
            found += holdings.how_many_in_use([verdict.held])
        hand_on(verdict)
    if seen.long_keys or not holdings.are_all_in_use(holder_id, found):
        _tell_gone(holder_id, seen, nameless.found, every)
    return report


def _tell_gone(holder_id: int, seen: Seen, found: Collection[int], takers: Sequence[Taker]) -> None:
    whole = {key[: staging.KEY_LENGTH] for key in seen.long_keys}
    with holdings.in_use(holder_id) as rows:
        for unit_id, key, serial, asset_tag in rows:
            if key not in seen and key not in whole and unit_id not in found:
                for taker in takers:
                    taker.add_gone({"unit_id": unit_id, "serial": serial, "asset_tag": asset_tag})


class _Handing:
    """Hands each verdict to each taker: many together where it takes them so, else one by one."""

    def __init__(self, takers: Sequence[Taker]) -> None:
        self._adding = [taker.add for taker in takers]
        self._goods = [(getattr(taker, "add_goods", None), taker.add) for taker in takers]
        self._sames = [(getattr(taker, "add_sames", None), taker.add) for taker in takers]

    def __call__(self, told: Verdict | Goods | Sames) -> None:
        if isinstance(told, Goods):
            for together, add in self._goods:
                _give(together, add, told, told.records)
        elif isinstance(told, Sames):
            for together, add in self._sames:
                _give(together, add, told, told.verdicts)
        else:
            for add in self._adding:
                add(told)


def _give(
    together: Any, add: Callable[[Verdict], None], told: Any, each: Callable[[], Iterable[Verdict]]
) -> None:
    if together is not None:
        together(told)
        return
    for verdict in each():
        add(verdict)


def shaper(holder_id: int) -> staging.Shaper:
    """What shapes the records of this holder: its sites by what a file calls them."""
    return staging.Shaper({staging.place_key(s.name): s.id for s in accounts.sites_of(holder_id)})


class Warned:
    """The warnings a person should look at, counted by code, with the first rows of each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, list[dict[str, Any]]] = {}

    def add(self, verdict: Verdict) -> None:
        """Count what a good row is warned of."""
        if not isinstance(verdict, Record) or not verdict.warnings:
            return
        for reason in verdict.warnings:
            if reason.code in TO_CHECK:
                self.counts[reason.code] += 1
                shown = self.first.setdefault(reason.code, [])
                if len(shown) < _FIRST:
                    told = {name: str(value)[:80] for name, value in reason.params.items()}
                    shown.append({"row": verdict.row, "code": reason.code, "params": told})

    def add_goods(self, goods: Goods) -> None:
        """The same of many."""
        if any(alike.warnings for alike in {alike.token: alike for alike in goods.alikes}.values()):
            for record in goods.records():
                self.add(record)

    def add_sames(self, sames: Sames) -> None:
        """Nothing to warn of."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing to warn of."""

    def facts(self) -> list[dict[str, Any]]:
        """One {count, rows} per code, in the order of TO_CHECK."""
        return [{"count": self.counts[c], "rows": self.first[c]} for c in TO_CHECK if c in self.first]


class Comparison:
    """What a file tells otherwise of devices the holder still has; a blank cell tells nothing."""

    def __init__(self, holder_id: int) -> None:
        self._shaper = shaper(holder_id)
        self._sites = {site.id: site.name for site in accounts.sites_of(holder_id)}
        self._models: dict[Any, int | None] = {}
        self._names: dict[int | None, str | None] = {None: None}

    def changes(self, record: Record, held: Held) -> dict[str, tuple[Any, Any]]:
        """Field → (here, in the file); empty for a device given away, that its holder no longer describes."""
        if not held.mine:
            return {}
        told = self._shaper.shared(record)
        values = (*staging.own(record)[2:], told[0], *told[3:])
        changes: dict[str, tuple[Any, Any]] = {}
        if values != held.values:
            pairs = zip(COMPARED, held.values, values, strict=True)
            changes = {name: (old, new) for name, old, new in pairs if new is not None and new != old}
        if told[1] is not None and (held.model_id is None or self.model_id(told[1]) != held.model_id):
            changes["model"] = (self._called(held.model_id), full_name(*told[1][1:]))
        if told[2] is not None and told[2] != held.site_id:
            changes["site_id"] = (held.site_id, told[2])
        return changes

    def model_id(self, names: tuple[str, str, str]) -> int | None:
        """The model of these names, or None when there is none yet."""
        if names not in self._models:
            key = model_key(*names)
            self._models[names] = queries.model_ids([key]).get(key)
        return self._models[names]

    def _called(self, model_id: int | None) -> str | None:
        if model_id not in self._names:
            row = session().execute(sa.select(Model.maker, Model.name).where(Model.id == model_id)).one()
            self._names[model_id] = full_name(*row)
        return self._names[model_id]


def _surroundings(holder_id: int, comparison: Comparison) -> Surroundings:
    alive: set[str] = set()

    def known(keys: Sequence[str]) -> Mapping[str, Any]:
        """What is held under whole keys; it is stored under keys cut to the column's length."""
        cut = [holdings.key_of(key) for key in keys]
        held, others = holdings.under(holder_id, cut)
        alive.clear()
        if others:
            alive.update(key for key, short in zip(keys, cut, strict=True) if short in others)
        return (
            {key: held[short] for key, short in zip(keys, cut, strict=True) if short in held} if held else {}
        )

    own, others = queries.organisation_names(holder_id)

    def foreign(name: str) -> bool:
        levels = {fold(part) for part in (name, *name.split(">"))}
        return bool(levels & others) and not levels & own

    told, same = spellings.corrections(holder_id), Sameness(holder_id, comparison.changes)
    return Surroundings(known, lambda keys: alive, foreign, comparison.changes, same.among, told)
