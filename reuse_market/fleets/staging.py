"""Records between file and fleet: what of a report is kept in rows, what a unit is made of. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from reuse_market.equipment.names import clean
from reuse_market.fleets.reading import Reason, Report
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.report import Record

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


def rows_of(report: Report) -> list[dict[str, Any]]:
    """One {row, verdict, facts} per record of the report, in the order of the file."""
    rows = [{"row": r.row, "verdict": "good", "facts": _record_facts(r)} for r in report.good]
    for item in report.to_correct:
        faults = [{"field": f.field, "value": f.value, "reason": reason_facts(f.reason)} for f in item.faults]
        rows.append({"row": item.row, "verdict": "to_correct", "facts": {"faults": faults}})
    for aside in report.set_aside:
        rows.append(
            {"row": aside.row, "verdict": "set_aside", "facts": {"reason": reason_facts(aside.reason)}}
        )
    for known in report.known:
        changes = {name: [_plain(old), _plain(new)] for name, (old, new) in known.changes.items()}
        facts = {"serial": known.record.serial, "serial_key": known.record.serial_key, "changes": changes}
        rows.append({"row": known.row, "verdict": "known", "facts": facts})
    return sorted(rows, key=lambda row: row["row"])


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
