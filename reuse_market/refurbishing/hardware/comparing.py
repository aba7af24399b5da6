"""Declared against read, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reuse_market.refurbishing.hardware.reading import FIELDS
from reuse_market.refurbishing.queries import Case

NEAR = 12  # a size within one twelfth is the same one: makers, agents and shops do not count alike


@dataclass(frozen=True, slots=True)
class Line:
    """One field: as declared, as read; `same` when they agree, `fresh` when nothing was declared."""

    field: str
    declared: Any
    told: Any
    same: bool

    @property
    def fresh(self) -> bool:
        """Nothing was declared: what is read fills a gap, and is accepted like the rest."""
        return self.declared in (None, "")


def declared(case: Case) -> dict[str, Any]:
    """What the product knows of a unit, by FIELDS."""
    unit, model = case.unit, case.model
    return {
        "serial": unit.serial, "maker": model.maker if model else None, "model": model.name if model else None,
        "cpu": unit.cpu, "ram_mb": unit.ram_mb, "storage_mb": unit.storage_mb,
        "screen_tenths": unit.screen_tenths, "os": unit.os,
    }  # fmt: skip


def lines(known: Mapping[str, Any], told: Mapping[str, Any]) -> list[Line]:
    """Each field the report tells, in the order of FIELDS."""
    return [
        Line(name, known.get(name), told[name], _same(name, known.get(name), told[name]))
        for name in FIELDS
        if name in told
    ]


def _same(name: str, known: Any, told: Any) -> bool:
    if known in (None, ""):
        return False
    if name in ("ram_mb", "storage_mb"):
        return abs(int(known) - int(told)) * NEAR <= max(int(known), int(told))
    if name == "screen_tenths":
        return abs(int(known) - int(told)) <= 3
    one, other = _plain(str(known)), _plain(str(told))
    return one == other or (name in ("model", "cpu", "os") and (one in other or other in one))


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
