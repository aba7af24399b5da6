"""Replaying the journal: the fold of every event's `change` gives the present of every unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reuse_market.traceability import payload

Held = tuple[str, int | None, int, bool]  # reference, line, party, extra
FIELDS = ("state", "owner", "custodian", "regime", "stream", "erased_at", "tested_at")


@dataclass(slots=True)
class Replayed:
    """A unit as the journal alone knows it.

    An engagement is (reference, line, party, extra), by kind while open; `closed` counts
    (kind, reference, line, party, extra, outcome).
    """

    state: str | None = None
    owner: int | None = None
    custodian: int | None = None
    regime: str | None = None
    stream: str | None = None
    erased_at: str | None = None
    tested_at: str | None = None
    open: dict[str, Held] = field(default_factory=dict)
    closed: Counter[tuple[Any, ...]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Broken:
    """What the fold itself cannot accept: born twice, an engagement opened twice or closed unopened."""

    unit_id: int
    where: str
    reason: str


def fold(
    bodies: Iterable[Mapping[str, Any]], *, entering: bool = False, within: range | None = None
) -> tuple[dict[int, Replayed], list[Broken]]:
    """Fold payloads (in journal order) into unit id → Replayed, and what could not be folded.

    `entering`: of one lot's stream alone, where a unit may be heard of for the first time without being born:
    it comes out of the fleet of whom it is then a lot's. `within`: of these units alone.
    """
    units: dict[int, Replayed] = {}
    broken: list[Broken] = []
    for body in bodies:
        change = body.get("change")
        if not change:
            continue
        where = f"{body['stream']}#{body['seq']}"
        for unit_id in payload.members(body["units"]):
            if within is not None and unit_id not in within:
                continue
            if entering and unit_id not in units and not change.get("born"):
                units[unit_id] = _entered(change)
            _apply(units, unit_id, change, where, broken)
    return units, broken


def _entered(change: Mapping[str, Any]) -> Replayed:
    of = next((item["party"] for item in change.get("opens", ()) if item["kind"] == "lot"), None)
    return Replayed(owner=of, custodian=of)


def _apply(
    units: dict[int, Replayed], unit_id: int, change: Mapping[str, Any], where: str, broken: list[Broken]
) -> None:
    if change.get("born"):
        if unit_id in units:
            broken.append(Broken(unit_id, where, "born twice"))
        units[unit_id] = Replayed()
    unit = units.get(unit_id)
    if unit is None:
        broken.append(Broken(unit_id, where, "changed before it was born"))
        unit = units[unit_id] = Replayed()
    for name in FIELDS:
        if name in change:
            setattr(unit, name, change[name])
    for name in change.get("clears", ()):
        setattr(unit, name, None)
    closing = [] if change.get("born") else change.get("closes", ())
    for item in closing:
        _close(unit, unit_id, item, where, broken)
    for item in change.get("opens", ()):
        if item["kind"] in unit.open:
            broken.append(Broken(unit_id, where, f"{item['kind']} opened while open"))
        unit.open[item["kind"]] = (item["ref"], item["line"], item["party"], bool(change.get("extra")))
    for item in change.get("closes", ()) if change.get("born") else ():
        _close(unit, unit_id, item, where, broken)
    for item in change.get("revises", ()):
        _revise(unit, unit_id, item, where, broken)


def _close(unit: Replayed, unit_id: int, item: Mapping[str, Any], where: str, broken: list[Broken]) -> None:
    held = unit.open.pop(item["kind"], None)
    if held is None or held[0] != item["ref"]:
        broken.append(Broken(unit_id, where, f"{item['kind']} closed but not open"))
        return
    unit.closed[(item["kind"], *held, item["outcome"])] += 1


def _revise(unit: Replayed, unit_id: int, item: Mapping[str, Any], where: str, broken: list[Broken]) -> None:
    """A closed engagement gets another outcome: what it was under is kept."""
    for key in [key for key, count in unit.closed.items() if count]:
        if (key[0], key[1], key[-1]) == (item["kind"], item["ref"], item["before"]):
            unit.closed[key] -= 1
            unit.closed[(*key[:-1], item["outcome"])] += 1
            return
    broken.append(Broken(unit_id, where, f"{item['kind']} revised but not closed as {item['before']}"))
