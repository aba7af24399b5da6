"""Pick-ups straight to who will use the devices, "en l'état": which of them the holder has not proven erased.

A device goes from `awarded` to `provided` without a workshop only when it meets the lot's erasure policy by the
holder's own proof (design §2; GDPR art. 32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.claims.models import Claim
from reuse_market.collection.models import Pickup
from reuse_market.collection.sheets import Planned, line_labels, sheet
from reuse_market.erasure.gate import Gate, gates
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot

NAMED = 10  # devices named in a refusal; the page lists them all


@dataclass(frozen=True, slots=True)
class Unproven:
    """A device that may not be handed over yet: its label code, its line, and what is missing (msgids)."""

    unit_id: int
    line: int | None
    label: str
    code: str | None
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is named to both sides: its label, or its line. Never a serial."""
        return self.code or f"#{self.line}"


def is_direct(pickup: Pickup) -> bool:
    """Whether what is collected goes to who claimed it for its own use."""
    capacity = session().scalar(sa.select(Claim.capacity).where(Claim.id == pickup.claim_id))
    return capacity == "recipient"


def verdicts(pickup: Pickup, unit_ids: Sequence[int]) -> dict[int, Gate]:
    """Unit id → its erasure gate under the lot's policy."""
    policy = session().scalar(sa.select(Lot.erasure_policy).where(Lot.id == pickup.lot_id))
    return gates(dict.fromkeys(unit_ids, policy))


def unproven(pickup: Pickup) -> list[Unproven]:
    """The planned devices, but those noted missing or refused, that lack their erasure proof; by line."""
    units = [unit for unit in sheet(pickup) if unit.outcome in (None, "taken")]
    found = verdicts(pickup, [unit.unit_id for unit in units])
    labels = line_labels(pickup.lot_id)
    return [_of(unit, labels, found[unit.unit_id]) for unit in units if not found[unit.unit_id].passed]


def sorted_out(pickup: Pickup, unit_ids: Sequence[int], outcome: str) -> list[int]:
    """Devices that are alike, those first that the outcome suits: proven ones to take, the others to leave."""
    found = verdicts(pickup, unit_ids)
    taken = outcome == "taken"
    return sorted(unit_ids, key=lambda unit_id: (found[unit_id].passed != taken, unit_id))


def by_instant(found: dict[int, Gate]) -> dict[datetime, list[int]]:
    """The instant the gate was met → the devices, of verdicts that all passed."""
    instants: dict[datetime, list[int]] = {}
    for unit_id, gate in sorted(found.items()):
        assert gate.met_at is not None
        instants.setdefault(gate.met_at, []).append(unit_id)
    return instants


def named(units: Sequence[Unproven]) -> str:
    """The first of them by name, and how many more."""
    told = ", ".join(dict.fromkeys(unit.name for unit in units[:NAMED]))
    return told if len(units) <= NAMED else f"{told}… (+{len(units) - NAMED})"


def _of(unit: Planned, labels: dict[int | None, str], gate: Gate) -> Unproven:
    missing = tuple(dict.fromkeys(reason.message for reason in gate.missing))
    return Unproven(unit.unit_id, unit.line, labels.get(unit.line, ""), unit.code, missing)
