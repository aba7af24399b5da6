"""A file judged for a holder: one pass whatever its length, the verdicts handed on as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from reuse_market.fleets import queries
from reuse_market.fleets.reading import Mapping as Columns
from reuse_market.fleets.reading import Report, Table
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.report import Record, Verdict
from reuse_market.fleets.reading.scratch import Seen
from reuse_market.fleets.reading.verdict import Surroundings, verdicts
from reuse_market.kernel import clock

KEPT = 20_000
"""How many entries of each list a report held in memory has; longer ones are counted and cut."""
TO_CHECK = ("damaged_cell", "alive_elsewhere", "serial_as_number", "placeholder_serial", "value_left_out")
_FIRST = 5


class Taker(Protocol):
    """What verdicts are handed to."""

    def add(self, verdict: Verdict) -> None:
        """Take one verdict."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Take one device in use that the file lacks."""


def judge_file(
    table: Table, columns: Columns, *, holder_id: int, takers: Sequence[Taker] = (), most: int = 0
) -> Report:
    """The verdicts on a file for this holder, nothing written; `gone`: devices in use that it lacks.

    Each goes to every one of `takers`; the report keeps `most` of each list and counts them all.
    """
    report = Report(table.format, columns.dropped, columns.ignored, notes=list(table.notes), most=most)
    seen = Seen()
    every = (report, *takers)
    around = _surroundings(holder_id)
    for verdict in verdicts(table, columns, around, today=clock.today(), notes=report.notes, seen=seen):
        for taker in every:
            taker.add(verdict)
    for key, asset_tag in queries.in_use_keys(holder_id):
        if key not in seen:
            for taker in every:
                taker.add_gone({"serial": key.split("|")[0], "asset_tag": asset_tag})
    return report


class Warned:
    """The warnings a person should look at, counted by code, with the first rows of each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, list[dict[str, Any]]] = {}

    def add(self, verdict: Verdict) -> None:
        """Count what a good row is warned of."""
        for reason in verdict.warnings if isinstance(verdict, Record) else ():
            if reason.code in TO_CHECK:
                self.counts[reason.code] += 1
                shown = self.first.setdefault(reason.code, [])
                if len(shown) < _FIRST:
                    told = {name: str(value)[:80] for name, value in reason.params.items()}
                    shown.append({"row": verdict.row, "code": reason.code, "params": told})

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing to warn of."""

    def facts(self) -> list[dict[str, Any]]:
        """One {count, rows} per code, in the order of TO_CHECK."""
        return [{"count": self.counts[c], "rows": self.first[c]} for c in TO_CHECK if c in self.first]


def _surroundings(holder_id: int) -> Surroundings:
    def known(keys: Sequence[str]) -> dict[str, Any]:
        return _as_asked(keys, lambda cut: queries.known_devices(holder_id, cut))

    def elsewhere(keys: Sequence[str]) -> set[str]:
        return set(_as_asked(keys, lambda cut: dict.fromkeys(queries.alive_elsewhere(holder_id, cut))))

    own, others = queries.organisation_names(holder_id)

    def foreign(name: str) -> bool:
        levels = {fold(part) for part in (name, *name.split(">"))}
        return bool(levels & others) and not levels & own

    return Surroundings(known, elsewhere, foreign)


def _as_asked(keys: Sequence[str], look: Callable[[list[str]], Mapping[str, Any]]) -> dict[str, Any]:
    """What is stored under keys cut to the column's length, by the whole keys."""
    found = look(sorted({queries.key_of(key) for key in keys}))
    return {key: found[queries.key_of(key)] for key in keys if queries.key_of(key) in found}
