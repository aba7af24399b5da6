"""The outcome of reading a file: every record is good, to correct, set aside or known, once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reuse_market.fleets.reading.reasons import Reason


class Record(NamedTuple):
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
    holder_key: str | None = None
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
    """A device the holder already has here. `changes`: field → (now, in the file); `held`: what is here."""

    row: int
    record: Record
    changes: Mapping[str, tuple[Any, Any]]
    held: Any = None


Verdict = Record | ToCorrect | SetAside | Known
LISTS = ("good", "to_correct", "set_aside", "known")


def list_of(verdict: Verdict) -> str:
    """The list of LISTS a verdict belongs to."""
    if isinstance(verdict, Record):
        return "good"
    if isinstance(verdict, ToCorrect):
        return "to_correct"
    return "set_aside" if isinstance(verdict, SetAside) else "known"


@dataclass
class Report:
    """All rows judged. `gone` is filled by the room that knows the fleet: listed beside, not counted.

    `most`: how many of each list are kept; `counts` counts them all, kept or not.
    """

    format: str
    dropped_columns: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    good: list[Record] = field(default_factory=list)
    to_correct: list[ToCorrect] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    gone: list[Mapping[str, Any]] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    most: int | None = None

    @property
    def records(self) -> int:
        """How many records the file holds."""
        return sum(self.counts[name] for name in LISTS)

    def add(self, verdict: Verdict) -> None:
        """Count a verdict, and keep it while its list is not full."""
        self._add(list_of(verdict), verdict)

    def add_goods(self, goods: Any) -> None:
        """The same of many good records told together (swift.Goods)."""
        room = goods.size if self.most is None else max(0, self.most - len(self.good))
        self.counts["good"] += goods.size
        if room:
            self.good.extend(goods.part(0, min(room, goods.size)).records())

    def add_sames(self, sames: Any) -> None:
        """The same of many known devices without changes (swift.Sames)."""
        room = sames.size if self.most is None else max(0, self.most - len(self.known))
        self.counts["known"] += sames.size
        if room:
            self.known.extend(sames.part(0, min(room, sames.size)).verdicts())

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """The same for a device of the fleet that the file lacks."""
        self._add("gone", gone_json(device))

    def _add(self, name: str, item: Any) -> None:
        self.counts[name] += 1
        kept = getattr(self, name)
        if self.most is None or len(kept) < self.most:
            kept.append(item)


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
    """The report as the API answers; `say` turns a `Reason` into a sentence."""
    lists = {
        name: [verdict_json(verdict, say) for verdict in getattr(report, name)] for name in LISTS
    }  # fmt: skip
    return head_json(report) | lists | {"gone": list(report.gone)} | tail_json(report, say)


def head_json(report: Report) -> dict[str, Any]:
    """What stands before the lists."""
    return {"format": report.format, "records": report.records}


def tail_json(report: Report, say: Say) -> dict[str, Any]:
    """What stands after the lists; `cut` when they do not hold all that is counted."""
    counts = {name: report.counts[name] for name in (*LISTS, "gone")}
    cut = report.most is not None and max(counts.values()) > report.most
    return {
        "dropped_columns": report.dropped_columns,
        "ignored_columns": report.ignored_columns,
        "notes": [{"code": note.code, "message": say(note)} for note in report.notes],
        "counts": counts,
        "cut": cut,
    }


def verdict_json(verdict: Verdict, say: Say) -> dict[str, Any]:
    """One entry of a list."""
    if isinstance(verdict, Record):
        return _good(verdict, say)
    if isinstance(verdict, ToCorrect):
        return _to_correct(verdict, say)
    if isinstance(verdict, SetAside):
        return {"row": verdict.row, "reason": say(verdict.reason), "code": verdict.reason.code}
    changes = {n: {"from": _plain(old), "to": _plain(new)} for n, (old, new) in verdict.changes.items()}
    return {"row": verdict.row, "serial": verdict.record.serial, "changes": changes}


def gone_json(device: Mapping[str, Any]) -> dict[str, Any]:
    """A device the file lacks."""
    return {"serial": device["serial"], "asset_tag": device["asset_tag"]}


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
