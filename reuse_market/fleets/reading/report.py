"""The outcome of reading a file: every record is good, to correct, set aside or known, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reuse_market.fleets.reading.reasons import Reason


@dataclass(frozen=True, slots=True)
class Record:
    """A device as the file tells it, None where it tells nothing. Sizes in MB, screen in inch tenths."""

    row: int
    kind: str | None = None
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    asset_tag: str | None = None
    site: str | None = None
    bought_on: dt.date | None = None
    cpu: str | None = None
    ram_mb: int | None = None
    storage_mb: int | None = None
    screen_tenths: int | None = None
    os: str | None = None
    status: str | None = None
    entity: str | None = None
    hostname: str | None = None
    ownership: str | None = None
    lease_end: dt.date | None = None
    serial_key: str | None = None
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A value to correct: its field (`row` for the row as a whole), the value as written, the reason."""

    field: str
    value: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """A row the holder has to correct; the first fault is the one shown, the others come beside."""

    row: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is no device to give: virtual, leased, personal, doubled…"""

    row: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Known:
    """A device the holder already has here. `changes`: field → (now, in the file)."""

    row: int
    record: Record
    changes: Mapping[str, tuple[Any, Any]]


@dataclass
class Report:
    """All rows judged. `gone` is filled by the room that knows the fleet: listed beside, not counted."""

    format: str
    dropped_columns: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    good: list[Record] = field(default_factory=list)
    to_correct: list[ToCorrect] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    gone: list[Mapping[str, Any]] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records the file holds."""
        return len(self.good) + len(self.to_correct) + len(self.set_aside) + len(self.known)


Say = Callable[[Reason], str]
_SHOWN = (
    "row",
    "kind",
    "maker",
    "model",
    "serial",
    "asset_tag",
    "site",
    "bought_on",
    "cpu",
    "ram_mb",
    "storage_mb",
    "screen_tenths",
    "os",
    "status",
    "entity",
    "hostname",
    "ownership",
    "lease_end",
)


def report_json(report: Report, say: Say = Reason.in_english) -> dict[str, Any]:
    """The report as the command and the API print it; `say` turns a `Reason` into a sentence."""
    return {
        "format": report.format,
        "records": report.records,
        "good": [_good(record, say) for record in report.good],
        "to_correct": [_to_correct(item, say) for item in report.to_correct],
        "set_aside": [
            {"row": item.row, "reason": say(item.reason), "code": item.reason.code}
            for item in report.set_aside
        ],
        "known": [
            {
                "row": item.row,
                "serial": item.record.serial,
                "changes": {
                    name: {"from": _plain(old), "to": _plain(new)}
                    for name, (old, new) in item.changes.items()
                },
            }
            for item in report.known
        ],
        "gone": list(report.gone),
        "dropped_columns": report.dropped_columns,
        "ignored_columns": report.ignored_columns,
        "notes": [{"code": note.code, "message": say(note)} for note in report.notes],
    }


def _good(record: Record, say: Say) -> dict[str, Any]:
    shown: dict[str, Any] = {name: _plain(getattr(record, name)) for name in _SHOWN}
    shown["warnings"] = [{"code": warning.code, "message": say(warning)} for warning in record.warnings]
    return shown


def _to_correct(item: ToCorrect, say: Say) -> dict[str, Any]:
    first, *others = [
        {"field": fault.field, "value": fault.value, "reason": say(fault.reason), "code": fault.reason.code}
        for fault in item.faults
    ]
    return {"row": item.row, **first, "also": others}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
