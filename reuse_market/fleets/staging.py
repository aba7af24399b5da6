"""Records between file and fleet: what of a report is kept in rows, what a unit is made of. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from reuse_market.equipment.names import clean
from reuse_market.fleets.reading import Reason
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.report import Record, SetAside, ToCorrect, Verdict, list_of
from reuse_market.fleets.reading.scratch import Lines

KEY_LENGTH = 120
# Host name, entity and ownership serve to judge a row and are not kept: they often name a person.
_KEPT = (
    "kind", "maker", "model", "serial", "serial_key", "asset_tag", "site", "bought_on", "cpu", "ram_mb",
    "storage_mb", "screen_tenths", "os",
)  # fmt: skip
_LENGTHS = {"serial": 80, "serial_key": KEY_LENGTH, "asset_tag": 80, "cpu": 120, "os": 80}


def reason_facts(reason: Reason) -> dict[str, Any]:
    """A reason as stored: its code and the values of its sentence."""
    return {"code": reason.code, "params": {name: str(value) for name, value in reason.params.items()}}


def reason_of(facts: Mapping[str, Any]) -> Reason:
    """The reason of `reason_facts`."""
    return Reason(facts["code"], facts["params"])


def row_of(verdict: Verdict) -> dict[str, Any]:
    """The {row, verdict, facts} kept of a verdict."""
    return {"row": verdict.row, "verdict": list_of(verdict), "facts": _facts(verdict)}


def _facts(verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Record):
        return _record_facts(verdict)
    if isinstance(verdict, ToCorrect):
        faults = [
            {"field": f.field, "value": f.value, "reason": reason_facts(f.reason)} for f in verdict.faults
        ]
        return {"faults": faults}
    if isinstance(verdict, SetAside):
        return {"reason": reason_facts(verdict.reason)}
    changes = {name: [_plain(old), _plain(new)] for name, (old, new) in verdict.changes.items()}
    return {"serial": verdict.record.serial, "serial_key": verdict.record.serial_key, "changes": changes}


class Staged:
    """The verdicts of a file as rows to keep, in scratch files until they are."""

    def __init__(self) -> None:
        self._lines = Lines()

    def add(self, verdict: Verdict) -> None:
        """Keep one."""
        self._lines.add(row_of(verdict))

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing of it is kept."""

    def batches(self, size: int = 1_000) -> Iterator[list[dict[str, Any]]]:
        """The rows in the order of the file, `size` at a time."""
        rows = iter(self._lines)
        while batch := list(islice(rows, size)):
            yield batch


def unit_row(facts: Mapping[str, Any], model_id: int | None, site_id: int | None) -> dict[str, Any]:
    """The descriptive columns of the unit a good record becomes."""
    row = {name: facts.get(name) for name in _KEPT if name not in ("maker", "model", "site", "bought_on")}
    for name, length in _LENGTHS.items():
        row[name] = str(row[name])[:length] if row[name] else None
    bought = facts.get("bought_on")
    row["bought_on"] = dt.date.fromisoformat(bought) if bought else None
    return row | {"model_id": model_id, "site_id": site_id}


def model_names(facts: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """(kind, maker, model) as the equipment room takes them; None when the record names no model."""
    name = clean(facts.get("model") or "")[:120].strip()
    maker = clean(facts.get("maker") or "")[:80].strip()
    return (facts["kind"], maker, name) if fold(name) else None


def place_key(text: str | None) -> str:
    """What makes a location of the file and a site the same: folded, first level of a path."""
    return fold((text or "").split(">")[0])


def _record_facts(record: Record) -> dict[str, Any]:
    facts = {name: _plain(value) for name in _KEPT if (value := getattr(record, name)) is not None}
    if record.warnings:
        facts["warnings"] = [reason_facts(reason) for reason in record.warnings]
    return facts


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
