"""Which units a correction is about: named by their numbers, or the first ones alike of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.collection.queries import ANONYMOUS
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.units import codes
from reuse_market.units.models import Label, Unit

# what the note says → what it may become. An extra stands on no list: it only comes in addition.
CHANGES = {
    ("missing", "taken"), ("refused", "taken"), ("taken", "missing"), ("taken", "refused"),
    ("missing", "refused"), ("refused", "missing"),
}  # fmt: skip
STILL = {  # where a unit must still be for what was noted of it to be changed
    "taken": ("collected", "in_workshop"),
    "missing": ("missing", "discarded"),
    "refused": ("discarded",),
}
REASONS = {
    "taken": ("found", "miscounted", "other"),
    "missing": ("miscounted", "not_found", "kept_by_holder", "other"),
    "refused": ("broken", "unsafe", "not_as_declared", "kept_by_holder", "other"),
    "extra": ("not_declared",),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """`units` of a line, or the devices of `codes`: `before` on the note, `after` in truth, and why.

    An extra has no `before`; it has a kind and what it is.
    """

    before: str | None
    after: str
    line: int | None = None
    units: int = 0
    codes: Sequence[str] = ()
    reason: str | None = None
    kind: str | None = None
    label: str = ""
    container_id: int | None = None


def chosen(pickup: Pickup, correction: Correction) -> list[int]:
    """The ids of the units meant. Refused (Invalid): an unknown change or reason, no unit, more than there are
    and can still move, some of a line whose units have numbers."""
    if correction.reason not in REASONS.get(correction.after, ()):
        raise Invalid(N_("Choose a reason."), field="reason", code="revision.reason")
    if correction.after == "extra":
        _require_extra(correction)
        return []
    if (correction.before, correction.after) not in CHANGES:
        raise Invalid(N_("Choose what is to be corrected."), field="change", code="revision.change")
    named = [_named(pickup, correction, code) for code in correction.codes]
    if correction.units:
        named += _counted(pickup, correction, named)
    if not named:
        raise Invalid(N_("Say which device, or how many."), field="codes", code="revision.nothing")
    return sorted(set(named))


def _require_extra(correction: Correction) -> None:
    if correction.before is not None or correction.kind is None or not equipment.kind(correction.kind):
        raise Invalid(N_("Choose a kind of device."), field="kind", code="check.kind")
    if not 1 <= correction.units <= 10_000:
        raise Invalid(
            N_("Enter a number between 1 and %(most)s."), field="units", code="check.number", most=10_000
        )


def _noted(pickup: Pickup, correction: Correction, *columns: Any) -> sa.Select[Any]:
    """Units noted so on this note and still where that left them, those nobody read first."""
    before = correction.before or ""
    return (
        sa.select(Unit.id, *columns)
        .join(PickupCheck, PickupCheck.unit_id == Unit.id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == before)
        .where(Unit.state.in_(STILL[before]))
        .where(
            Unit.stream == sa.select("lot/" + Lot.reference).where(Lot.id == pickup.lot_id).scalar_subquery()
        )
        .where(Unit.custodian_id == (pickup.actor_id if before == "taken" else pickup.holder_id))
        .where(*([PickupCheck.container_id == correction.container_id] if correction.container_id else []))
        .order_by(ANONYMOUS.desc(), Unit.id)
    )


def _named(pickup: Pickup, correction: Correction, typed: str) -> int:
    plain = codes.normalise(typed.rpartition("/u/")[2])
    statement = _noted(pickup, correction).outerjoin(Label, Label.unit_id == Unit.id)
    numbers = sa.or_(
        Label.code == plain, sa.func.upper(Unit.serial) == typed.strip().upper(),
        sa.func.upper(Unit.asset_tag) == typed.strip().upper(),
    )  # fmt: skip
    found = list(session().scalars(statement.where(numbers).limit(2)))
    if len(found) != 1:
        raise Invalid(
            N_("No device noted so on this note has the number %(number)s, or it has moved on."),
            field="codes", code="revision.unknown", number=typed.strip()[:80],
        )  # fmt: skip
    return int(found[0])


def _counted(pickup: Pickup, correction: Correction, named: Sequence[int]) -> list[int]:
    statement = _noted(pickup, correction, ANONYMOUS.label("loose")).where(
        PickupCheck.line == correction.line, PickupCheck.read_at.is_(None), Unit.id.not_in(named)
    )
    left = session().execute(statement).all()
    alike = [row.id for row in left if row.loose]
    if correction.units > len(left):
        raise Invalid(
            N_("Only %(most)s devices of this line can still be corrected so."),
            field=f"line_{correction.line}", code="revision.too-many", most=len(left),
        )  # fmt: skip
    if len(alike) < correction.units < len(left):
        raise Invalid(
            N_("These devices have numbers: name them one by one."), field="codes", code="revision.numbered"
        )
    return [row.id for row in left] if correction.units == len(left) else alike[: correction.units]
