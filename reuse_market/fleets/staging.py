"""Records between file and fleet: what of a report is kept in rows, what a unit is made of. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from reuse_market.equipment.names import clean
from reuse_market.fleets.reading import Reason
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.report import Known, Record, SetAside, ToCorrect, Verdict, list_of
from reuse_market.fleets.reading.scratch import Lines

KEY_LENGTH = 120
_MOST_SHAPES = 20_000


def reason_facts(reason: Reason) -> dict[str, Any]:
    """A reason as stored: its code and the values of its sentence."""
    return {"code": reason.code, "params": {name: str(value) for name, value in reason.params.items()}}


def reason_of(facts: Mapping[str, Any]) -> Reason:
    """The reason of `reason_facts`."""
    return Reason(facts["code"], facts["params"])


def row_of(verdict: ToCorrect | SetAside | Known) -> dict[str, Any]:
    """The {row, verdict, facts, unit_id} kept of a verdict."""
    held = verdict.held if isinstance(verdict, Known) else None
    unit_id = held[0] if isinstance(held, tuple) else None  # in the order of holdings.Held
    return {"row": verdict.row, "verdict": list_of(verdict), "facts": _facts(verdict), "unit_id": unit_id}


def _facts(verdict: ToCorrect | SetAside | Known) -> dict[str, Any]:
    if isinstance(verdict, ToCorrect):
        faults = [
            {"field": f.field, "value": f.value, "reason": reason_facts(f.reason)} for f in verdict.faults
        ]
        return {"faults": faults}
    if isinstance(verdict, SetAside):
        return {"reason": reason_facts(verdict.reason)}
    changes = {name: [_plain(old), _plain(new)] for name, (old, new) in verdict.changes.items()}
    new = {name: _plain(new) for name, (_old, new) in verdict.changes.items()}
    if "model" in new:
        new |= {"maker": verdict.record.maker, "model": verdict.record.model}
    return {
        "serial": verdict.record.serial, "serial_key": verdict.record.serial_key, "changes": changes,
        "new": new, "kind": verdict.record.kind,
    }  # fmt: skip


class Staged:
    """The verdicts of a file that are kept as rows, in scratch files until they are.

    Kept: what is to correct or set aside, known devices told otherwise, devices gone. Not the good ones.
    """

    def __init__(self) -> None:
        self._lines = Lines()

    def add(self, verdict: Verdict) -> None:
        """Keep one."""
        if isinstance(verdict, Record) or (isinstance(verdict, Known) and not verdict.changes):
            return
        self._lines.add(row_of(verdict))

    def add_goods(self, goods: Any) -> None:
        """None of them is kept."""

    def add_sames(self, sames: Any) -> None:
        """Nor any of these."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Keep one, as row 0: it is not in the file."""
        facts = {"serial": device["serial"], "asset_tag": device["asset_tag"]}
        self._lines.add({"row": 0, "verdict": "gone", "facts": facts, "unit_id": device.get("unit_id")})

    def batches(self, size: int = 1_000) -> Iterator[list[dict[str, Any]]]:
        """The rows in the order of the file, `size` at a time."""
        rows = iter(self._lines)
        while batch := list(islice(rows, size)):
            yield batch


class Shaper:
    """Records as the columns of units (`units.bulk`): own values, and those they share with others.

    `sites`: place key → site. A model stands as its names, for a writer to find or make.
    """

    def __init__(self, sites: Mapping[str, int]) -> None:
        self._sites = sites
        self._made: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def shared(self, record: Record) -> tuple[Any, ...]:
        """(kind, model names or None, site or None, cpu, MB of memory, of storage, screen, system, day)."""
        told = record[1:4] + record[6:13]
        made = self._made.get(told)
        if made is None:
            if len(self._made) >= _MOST_SHAPES:
                self._made.clear()
            made = self._made[told] = self._shape(record)
        return made

    def _shape(self, record: Record) -> tuple[Any, ...]:
        names = model_names({"kind": record.kind, "maker": record.maker, "model": record.model})
        return (
            record.kind, names, self._sites.get(place_key(record.site)), _cut(record.cpu, 120),
            record.ram_mb, record.storage_mb, record.screen_tenths, _cut(record.os, 80), _plain(record.bought_on),
        )  # fmt: skip


def own(record: Record) -> tuple[Any, ...]:
    """(serial, serial key, inventory number, key in the holder's tool), cut to their columns."""
    return (
        _cut(record.serial, 80), _cut(record.serial_key, KEY_LENGTH), _cut(record.asset_tag, 80),
        _cut(record.holder_key, 80),
    )  # fmt: skip


def model_names(facts: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """(kind, maker, model) as the equipment room takes them; None when the record names no model."""
    name = clean(facts.get("model") or "")[:120].strip()
    maker = clean(facts.get("maker") or "")[:80].strip()
    return (facts["kind"], maker, name) if fold(name) else None


def place_key(text: str | None) -> str:
    """What makes a location of the file and a site the same: folded, first level of a path."""
    return fold((text or "").split(">")[0])


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
