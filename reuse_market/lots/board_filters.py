"""What the board is narrowed by, from a form or from the address a person kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import sqlalchemy as sa

from reuse_market.accounts.models import Site
from reuse_market.lots import conditions
from reuse_market.lots.models import LotLine

NEAR_KM = (5, 10, 20, 50)
OF_LINES = ("works", "charger", "windows_11", "locks_released")
NAMES = (
    "kind", "commune", "within", "units", "regime", "tail_lift", "dock", *OF_LINES, "entitled", "new",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What the reader narrows the board by; None, 0 or False for no limit. Distances count from the base given.

    Conditions are those of the lines: the units that fit are counted, of that kind if one is asked for.
    """

    kind: str | None = None
    commune: str | None = None  # INSEE code
    within_m: int | None = None
    min_units: int = 0
    regime: str | None = None
    entitled: bool = False  # only what the reader's organisation may take
    tail_lift: str | None = None  # no: the site says that none is needed; yes: that one is
    dock: bool = False  # only where there is a loading dock
    works: bool = False  # devices said to work
    charger: bool = False
    windows_11: bool = False
    locks_released: bool = False
    new: bool = False  # only what is new to the reader

    @property
    def active(self) -> int:
        """How many are in use."""
        return sum(1 for one in fields(self) if getattr(self, one.name))

    @property
    def of_lines(self) -> bool:
        """Whether lines are looked at one by one."""
        return any(getattr(self, name) for name in OF_LINES)


def filters_of(answers: Mapping[str, str], *, access: bool = True, member: bool = True) -> BoardFilters:
    """The filters an address asks for; nonsense counts as none. `access`: may know how one gets in."""
    units = answers.get("units", "")
    near = {str(km): km * 1000 for km in NEAR_KM}
    regime, tail_lift = answers.get("regime"), answers.get("tail_lift")
    return BoardFilters(
        kind=answers.get("kind") or None,
        commune=answers.get("commune") or None,
        within_m=near.get(answers.get("within", "")),
        min_units=int(units) if units.isascii() and units.isdigit() and len(units) < 8 else 0,
        regime=regime if regime in conditions.OPEN_REGIMES else None,
        entitled=member and bool(answers.get("entitled")),
        tail_lift=tail_lift if access and tail_lift in ("yes", "no") else None,
        dock=access and bool(answers.get("dock")),
        new=bool(answers.get("new")),
        **{name: bool(answers.get(name)) for name in OF_LINES},
    )


def fitting_site(filters: BoardFilters) -> tuple[sa.ColumnElement[bool], ...]:
    """What a lot's site must say. Not said is not enough: who has no tail-lift must not come for nothing."""
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.tail_lift:
        wanted.append(Site.needs_tail_lift == filters.tail_lift)
    if filters.dock:
        wanted.append(Site.has_dock == "yes")
    return tuple(wanted)


def fitting_lines(filters: BoardFilters) -> tuple[sa.ColumnElement[bool], ...]:
    """What a line must say."""
    said = {"works": "works", "charger": "yes", "windows_11": "yes", "locks_released": "yes"}
    return tuple(getattr(LotLine, name) == said[name] for name in OF_LINES if getattr(filters, name))
