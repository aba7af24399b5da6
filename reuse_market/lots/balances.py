"""Where the units of a lot are, counted from their engagements and present states; it always adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.units import queries as units

OPEN = {"listed": "listed", "awarded": "awarded"}
# What became of what was collected. A unit that its beneficiary has since put in a fleet or a lot of its own
# stays "provided" for the lot that brought it there.
COLLECTED = {
    "collected": "in_transit",
    "in_workshop": "in_workshop",
    "ready": "in_stock",
    "held": "in_stock",
    "provided": "provided",
    "recycled": "recycled",
    "waste": "waste",
    "parts": "parts",
    "missing": "missing",
    "in_use": "provided",
    "discarded": "provided",
    "listed": "provided",
    "awarded": "provided",
    "merged": "provided",
}
OUTCOMES = ("missing", "refused", "withdrawn", "expired", "provided")


@dataclass(frozen=True, slots=True)
class Balance:
    """Counts of units. declared + extra = the sum of all the others (checked when it is made)."""

    declared: int
    extra: int
    drafted: int = 0  # in a draft: nothing has happened yet
    listed: int = 0
    awarded: int = 0
    in_transit: int = 0  # collected, not yet in the workshop
    in_workshop: int = 0
    in_stock: int = 0  # ready or held
    provided: int = 0
    recycled: int = 0
    waste: int = 0  # declared waste, awaiting removal
    parts: int = 0
    missing: int = 0
    refused: int = 0
    withdrawn: int = 0
    expired: int = 0

    def __post_init__(self) -> None:
        if self.total != sum(self.parts_of_total().values()):
            raise AssertionError(f"a lot that does not add up: {self}")

    @property
    def total(self) -> int:
        """Declared and extra units."""
        return self.declared + self.extra

    @property
    def collected(self) -> int:
        """Units that left the holder and can be traced: with a reuse actor, or straight to their beneficiary."""
        return (
            self.in_transit
            + self.in_workshop
            + self.in_stock
            + self.provided
            + self.recycled
            + self.waste
            + self.parts
        )

    def parts_of_total(self) -> dict[str, int]:
        """Every count but declared and extra, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("declared", "extra")}


def balance(lot: Lot) -> Balance:
    """The balance of a lot, in two statements."""
    rows = units.outcomes("lot", lot.reference)  # before the lines: once there are units, lines are fixed
    declared = session().scalar(sa.select(sa.func.sum(LotLine.declared)).where(LotLine.lot_id == lot.id)) or 0
    return of_rows(rows, int(declared))


def of_rows(rows: Iterable[Mapping[str, Any]], declared: int) -> Balance:
    """The balance told by units.queries.outcomes rows; a lot without any engagement is a draft."""
    counts: dict[str, int] = {}
    extra = 0
    for row in rows:
        name = place(row["outcome"], row["state"])
        counts[name] = counts.get(name, 0) + row["units"]
        extra += row["units"] if row["extra"] else 0
    return Balance(declared=declared, extra=extra, **(counts or {"drafted": declared}))


def place(outcome: str | None, state: str) -> str:
    """The count a unit of the lot belongs to, by its lot engagement's outcome (None: open) and its state."""
    if outcome is None:
        return OPEN[state]
    if outcome == "collected":
        return COLLECTED[state]
    if outcome not in OUTCOMES:
        raise ValueError(f"a lot engagement cannot end as {outcome}")
    return outcome
