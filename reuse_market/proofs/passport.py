"""The public page of a unit: its life without a name, a serial or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.proofs.wording import title
from reuse_market.refurbishing.models import Offer, TestRun
from reuse_market.refurbishing.queries import latest_tests
from reuse_market.traceability import queries as journal
from reuse_market.units import codes, labels
from reuse_market.units.models import Unit

# What the public may read of a unit's life; the rest (claims, prices, slots) is the parties' business.
PUBLIC = {
    "fleet.imported", "unit.declared", "unit.discarded", "lot.published", "pickup.collected",
    "pickup.extra", "workshop.received", "unit.tested", "media.erased", "unit.ready", "unit.provided",
    "unit.provided-as-is",
    "unit.returned", "unit.handed-back", "unit.dismantled", "unit.waste-declared", "waste.removed",
    "unit.lost", "unit.found",
    "pickup.missing", "shipment.received", "shipment.missing", "unit.repaired",
}  # fmt: skip
FAMILY = {
    "company": "company", "state": "public", "local_authority": "public", "public_body": "public",
    "school": "public", "association": "association", "other": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Life:
    """One public step: msgid, civil day, and the kind of place it happened in (never which)."""

    title: str
    event_type: str
    day: date
    family: str


@dataclass(frozen=True, slots=True)
class Passport:
    """What anybody who holds the device may know."""

    code: str
    unit: Unit
    kind: str
    model: str
    lives: list[Life]
    tested: TestRun | None
    offer: Offer | None
    impact: Any


def find(code: str) -> Passport | None:
    """The passport of a label code, or None: unknown, mistyped or still blank."""
    code = codes.normalise(code)
    unit = labels.unit_of_code(code) if codes.is_code(code) else None
    if unit is None:
        return None
    model = equipment.model(unit.model_id) if unit.model_id else None
    return Passport(
        code=code,
        unit=unit,
        kind=unit.kind,
        model=f"{model.maker} {model.name}".strip() if model else "",
        lives=_lives(unit.id),
        tested=latest_tests([unit.id]).get(unit.id),
        offer=session().get(Offer, unit.id) if unit.tested_at else None,
        impact=equipment.impact_factor(unit.kind),
    )


def _lives(unit_id: int) -> list[Life]:
    events = [e for e in journal.events_of_unit(unit_id) if e.type in PUBLIC]
    wanted = {e.organisation_id for e in events if e.organisation_id}
    kinds = dict(
        session()
        .execute(sa.select(Organisation.id, Organisation.legal_kind).where(Organisation.id.in_(wanted)))
        .all()
    )
    lives: list[Life] = []
    for event in events:
        day = event.occurred_at.astimezone(PARIS).date()
        family = FAMILY.get(kinds.get(event.organisation_id or 0, ""), "other")
        if lives and lives[-1].event_type == event.type and lives[-1].day == day:
            continue  # one disk after another: one step for the reader
        lives.append(Life(title(event.type), event.type, day, family))
    return lives
