"""The rate itself, pure: what counts of what stood in stock and of what left, and why the rest does not.

Décret 2023-266: rate = A / B × 100, A the devices oriented to reuse during the year, B the discarded devices in
stock on 1 January. Sold and taken-back devices count in A only if the taker committed beforehand and can justify
that it was done. Left out of both: WEEE categories other than 2° and 6°, over 10 years old at the discard,
classified supports, security obligations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reuse_market.obligations.reen.reen_models import OUTLETS

SCOPE = ("2", "6")  # R543-172 II
CONDITIONAL = ("sale", "domaine", "take_back")  # art. 2: committed beforehand, justified afterwards
KPIS = {"gift": ("gift", "staff"), "sale": ("sale", "domaine")}
COUNTS = ""
EXCLUDED = ("scope", "category_unknown", "over_ten", "classified", "security")
UNPROVEN = ("uncommitted", "unproven")
ELSEWHERE = "lease_return"  # the device was never the body's to orient


@dataclass(frozen=True, slots=True)
class Item:
    """A device, or a typed line of several: `why` is "" when it counts, else one of EXCLUDED or UNPROVEN."""

    units: int
    kind: str
    why: str
    outlet: str = ""  # of what left
    unit_id: int | None = None
    line_id: int | None = None
    discarded_on: date | None = None
    left_on: date | None = None
    state: str = ""  # what the device is today
    lot: str = ""
    proof: str = ""  # code of words.PROOFS, or a typed reference
    mark: str = ""

    @property
    def counts(self) -> bool:
        """Whether the rate counts it."""
        return self.why == COUNTS


@dataclass(frozen=True, slots=True)
class Outlet:
    """One way out during the year: how many left by it, how many count, and why the others do not."""

    code: str
    left: int
    counted: int
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A body's year. `target_per_mille`: None when no row is in force ("not provided")."""

    year: int
    stock: tuple[Item, ...]
    left: tuple[Item, ...]
    target_per_mille: int | None

    @property
    def base(self) -> int:
        """B: what counts of the stock on 1 January."""
        return counted(self.stock)

    @property
    def oriented(self) -> int:
        """A: what counts of what left."""
        return counted(self.left)

    @property
    def per_mille(self) -> int | None:
        """A / B in thousandths, half up, never clamped; None: not calculable, there was no stock."""
        return (self.oriented * 2000 + self.base) // (2 * self.base) if self.base > 0 else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached, exactly; None without a rate or a target."""
        if self.base <= 0 or self.target_per_mille is None:
            return None
        return self.oriented * 1000 >= self.base * self.target_per_mille

    @property
    def lacking(self) -> int:
        """Devices still to orient before the target is reached; 0 once it is, or when nothing can be said."""
        if self.base <= 0 or self.target_per_mille is None:
            return 0
        return max(0, -(-self.base * self.target_per_mille // 1000) - self.oriented)

    @property
    def unproven(self) -> int:
        """Devices that left to be reused and do not count yet: no commitment, or no proof."""
        return sum(item.units for item in self.left if item.why in UNPROVEN)

    def outlets(self) -> list[Outlet]:
        """Each way out, those of the décret first."""
        codes = [*OUTLETS, *sorted({item.outlet for item in self.left} - set(OUTLETS))]
        return [_outlet(code, [item for item in self.left if item.outlet == code]) for code in codes]

    def kpi(self, name: str) -> int:
        """The State guide's figures: what counts by `gift` and by `sale` (KPIS)."""
        return counted(item for item in self.left if item.outlet in KPIS[name])


def counted(items: Iterable[Item]) -> int:
    """The units of the items that count."""
    return sum(item.units for item in items if item.counts)


def why_not(items: Iterable[Item]) -> dict[str, int]:
    """Reason → units that do not count for it."""
    found: dict[str, int] = {}
    for item in items:
        if item.why:
            found[item.why] = found.get(item.why, 0) + item.units
    return found


def excluded(category: str | None, *, old: bool, mark: str) -> str:
    """Why the calculation leaves a device out, or "": its category first, then its age, then what was marked."""
    if category is None:
        return "category_unknown"
    if category not in SCOPE:
        return "scope"
    if old or mark == "over_ten":
        return "over_ten"
    return mark if mark in ("classified", "security") else ""


def justified(outlet: str, *, committed: bool, proven: bool) -> str:
    """Why what left by an outlet does not count, or "" (décret 2023-266, art. 2)."""
    if outlet == ELSEWHERE:
        return ELSEWHERE
    if outlet not in CONDITIONAL:
        return ""
    if not committed:
        return "uncommitted"
    return "" if proven else "unproven"


def _outlet(code: str, items: list[Item]) -> Outlet:
    return Outlet(code, sum(item.units for item in items), counted(items), why_not(items))
