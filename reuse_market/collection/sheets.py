"""The lines and units of a pick-up, counted and listed, with what the driver noted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.kernel.db import session
from reuse_market.lots.models import LotLine
from reuse_market.units.models import Engagement, Label, Unit

ANONYMOUS = sa.and_(Unit.serial.is_(None), Unit.asset_tag.is_(None))


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of a pick-up: planned, what was noted, what is left; `loose`: left ones without any number."""

    line: int | None
    label: str
    planned: int = 0
    taken: int = 0
    missing: int = 0
    refused: int = 0
    loose: int = 0

    @property
    def noted(self) -> int:
        """Units with an outcome."""
        return self.taken + self.missing + self.refused

    @property
    def left(self) -> int:
        """Units without one yet."""
        return self.planned - self.noted


@dataclass(frozen=True, slots=True)
class Noted:
    """One act of checking off, as the last ones are shown with their undo."""

    check_id: int
    outcome: str
    units: int
    label: str
    code: str | None
    reason: str | None
    note: str
    at: datetime
    batch: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A unit of a pick-up with what was noted of it."""

    unit_id: int
    line: int | None
    kind: str
    serial: str | None
    asset_tag: str | None
    code: str | None
    outcome: str | None
    reason: str | None
    note: str


def tally(pickup: Pickup) -> list[Tally]:
    """The lines of a pick-up in order, counted."""
    statement = (
        sa.select(Engagement.line, PickupCheck.outcome, ANONYMOUS, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(PickupCheck, _check_of_unit(pickup.id))
        .where(_planned(pickup.reference))
        .group_by(Engagement.line, PickupCheck.outcome, ANONYMOUS)
    )
    counts: dict[int | None, dict[str, int]] = {}
    for line, outcome, loose, count in session().execute(statement):
        row = counts.setdefault(line, dict.fromkeys(("planned", "taken", "missing", "refused", "loose"), 0))
        row["planned"] += count
        if outcome:
            row[outcome] += count
        elif loose:
            row["loose"] += count
    labels = line_labels(pickup.lot_id)
    return [
        Tally(line, labels.get(line, ""), **row)
        for line, row in sorted(counts.items(), key=lambda i: i[0] or 0)
    ]


def extras(pickup: Pickup) -> list[PickupCheck]:
    """The extras noted at a pick-up, in order."""
    statement = sa.select(PickupCheck).where(
        PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "extra"
    )
    return list(session().scalars(statement.order_by(PickupCheck.id)))


def last_noted(pickup: Pickup, limit: int = 5) -> list[Noted]:
    """The last acts of checking off, newest first; several units of one act are one entry."""
    check = PickupCheck
    first = sa.func.min(check.id)
    shared = (check.outcome, check.reason, check.note)
    statement = (
        sa.select(
            first, sa.func.count(), sa.func.min(check.line), sa.func.count(sa.distinct(check.line)),
            sa.func.max(check.at), sa.func.max(check.label), sa.func.min(check.unit_id), *shared,
            check.batch,
        )
        .where(check.pickup_id == pickup.id)
        .group_by(check.batch, *shared)
        .order_by(first.desc())
        .limit(limit)
    )  # fmt: skip
    rows = session().execute(statement).all()
    labels = line_labels(pickup.lot_id)
    codes = _codes([row[6] for row in rows if row[1] == 1 and row[6]])
    return [
        Noted(row[0], row[7], row[1], row[5] or (labels.get(row[2], "") if row[3] == 1 else ""),
              codes.get(row[6]), row[8], row[9], row[4], row[10])
        for row in rows
    ]  # fmt: skip


def sheet(pickup: Pickup, *, outcomes: tuple[str, ...] | None = None) -> list[Planned]:
    """The planned units one by one, by line and id, with their code and what was noted of them."""
    statement = (
        sa.select(Unit.id, Engagement.line, Unit.kind, Unit.serial, Unit.asset_tag, Label.code,
                  PickupCheck.outcome, PickupCheck.reason, sa.func.coalesce(PickupCheck.note, ""))
        .select_from(Engagement)
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(PickupCheck, _check_of_unit(pickup.id))
        .where(_planned(pickup.reference))
        .order_by(Engagement.line, Unit.id)
    )  # fmt: skip
    if outcomes is not None:
        statement = statement.where(PickupCheck.outcome.in_(outcomes))
    return [Planned(*row) for row in session().execute(statement)]


def line_labels(lot_id: int) -> dict[int | None, str]:
    """Line number → its label."""
    rows = session().execute(sa.select(LotLine.number, LotLine.label).where(LotLine.lot_id == lot_id))
    return {row[0]: row[1] for row in rows}


def _codes(unit_ids: list[int]) -> dict[int | None, str]:
    rows = session().execute(sa.select(Label.unit_id, Label.code).where(Label.unit_id.in_(unit_ids)))
    return {row[0]: row[1] for row in rows}


def _planned(reference: str) -> sa.ColumnElement[bool]:
    return sa.and_(Engagement.kind == "pickup", Engagement.reference == reference)


def _check_of_unit(pickup_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(PickupCheck.pickup_id == pickup_id, PickupCheck.unit_id == Engagement.unit_id)
