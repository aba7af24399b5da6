"""Reads of the bench's lists: what waits, in pages; arrivals and series; finding what is scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.collection.revising.queries import not_arrived
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.refurbishing.models import RemovalBatch, TestRun, WasteRecord
from reuse_market.refurbishing.queries import LOT_STREAM, Case, cases, good_enough, reference_of
from reuse_market.units import codes
from reuse_market.units.models import Engagement, Label, Unit
from reuse_market.units.shipping import on_the_way

# list → states; in the order of the bench's day
LISTS: dict[str, tuple[str, ...]] = {
    "arrivals": ("collected",),
    "workshop": ("in_workshop",),
    "ready": ("ready", "held"),
    "waste": ("waste",),
    "lost": ("missing",),
}
MOST_FOUND = 20
MOST_IN_SERIES = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units to take in that came by one pick-up, by one `shipment` of another actor, or, extra ones, from one lot."""

    pickup: str | None
    lot: str | None
    units: int
    shipment: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Units of one lot line that are in the workshop together."""

    lot: str
    line: int
    label: str
    units: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A removal and how many units it holds."""

    batch: RemovalBatch
    units: int


def counts(custodian_id: int) -> dict[str, int]:
    """List → how many units of this workshop are in it."""
    statement = (
        sa.select(Unit.state, sa.func.count()).where(Unit.custodian_id == custodian_id).group_by(Unit.state)
    )
    by_state: dict[str, int] = {row[0]: row[1] for row in session().execute(statement)}
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in LISTS.items()}


def count(custodian_id: int, name: str, **filters: str | None) -> int:
    """How many units a filtered list holds (`kind`, `lot`)."""
    return int(
        session().scalar(_filtered(sa.select(sa.func.count(Unit.id)), custodian_id, name, filters)) or 0
    )


def rows(custodian_id: int, name: str, limit: int, offset: int, **filters: str | None) -> list[Case]:
    """One page of a list, the oldest first."""
    statement = _filtered(sa.select(Unit.id), custodian_id, name, filters).order_by(Unit.id)
    return cases(list(session().scalars(statement.limit(limit).offset(offset))))


def facets(custodian_id: int, name: str) -> tuple[list[str], list[str]]:
    """(kinds, lots) found in a list: what its filters may ask."""
    statement = _filtered(sa.select(Unit.kind, Unit.stream).distinct(), custodian_id, name, {})
    pairs = list(session().execute(statement))
    references = {reference for _, stream in pairs if (reference := reference_of(stream)) is not None}
    return sorted({kind for kind, _ in pairs}), sorted(references)


def arrivals(custodian_id: int) -> list[Arrival]:
    """Units to take in by the pick-up or the shipment they came with.

    Left out: those sent on meanwhile, and those a revision says did not come, until its answer.
    """
    columns = (Engagement.kind, Engagement.reference, Unit.stream)
    statement = _to_take_in(sa.select(*columns, sa.func.count()), custodian_id).group_by(*columns)
    return [
        Arrival(
            reference if kind == "pickup" else None, reference_of(stream), units,
            reference if kind == "shipment" else None,
        )
        for kind, reference, stream, units in session().execute(
            statement.order_by(Engagement.reference, Unit.stream)
        )
    ]  # fmt: skip


def arrival_ids(
    custodian_id: int, *, pickup: str | None, lot: str | None, shipment: str | None = None
) -> list[int]:
    """Ids of the units of an arrival."""
    statement = _to_take_in(sa.select(Unit.id), custodian_id)
    kind = "pickup" if pickup else "shipment"
    if reference := pickup or shipment:
        statement = statement.where(Engagement.kind == kind, Engagement.reference == reference)
    else:
        statement = statement.where(Engagement.id.is_(None))
    if lot:
        statement = statement.where(Unit.stream == f"{LOT_STREAM}{lot}")
    return list(session().scalars(statement.order_by(Unit.id)))


def series(custodian_id: int) -> list[Series]:
    """Lot lines with at least two units in the workshop, those on their way left out; the biggest first."""
    number = sa.func.count(sa.distinct(Unit.id)).label("units")
    statement = (
        sa.select(Engagement.reference, Engagement.line, LotLine.label, number)
        .join(Unit, Unit.id == Engagement.unit_id)
        .join(Lot, Lot.reference == Engagement.reference)
        .join(LotLine, sa.and_(LotLine.lot_id == Lot.id, LotLine.number == Engagement.line))
        .where(Engagement.kind == "lot", Unit.custodian_id == custodian_id, Unit.state == "in_workshop")
        .where(Unit.stream == LOT_STREAM + Engagement.reference, ~on_the_way())
        .group_by(Engagement.reference, Engagement.line, LotLine.label)
        .having(number > 1)
        .order_by(number.desc(), Engagement.reference, Engagement.line)
    )
    return [Series(lot, line or 0, label, units) for lot, line, label, units in session().execute(statement)]


def series_ids(custodian_id: int, lot: str, line: int) -> list[int]:
    """Ids of the units of a lot line that are in this workshop and not on their way elsewhere, at most 50."""
    statement = (
        sa.select(Unit.id)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .where(Engagement.kind == "lot", Engagement.reference == lot, Engagement.line == line)
        .where(Unit.custodian_id == custodian_id, Unit.state == "in_workshop")
        .where(Unit.stream == f"{LOT_STREAM}{lot}", ~on_the_way())
        .distinct()
        .order_by(Unit.id)
        .limit(MOST_IN_SERIES)
    )
    return list(session().scalars(statement))


def line_of(unit_id: int, lot: str | None) -> int | None:
    """The line of its lot a unit belongs to."""
    statement = (
        sa.select(Engagement.line)
        .where(Engagement.unit_id == unit_id, Engagement.kind == "lot", Engagement.reference == lot)
        .order_by(Engagement.id.desc())
        .limit(1)
    )
    return session().scalar(statement)


def find(custodian_id: int, typed: str) -> list[int]:
    """Units of this workshop, or provided by it, that bear this label code, serial or asset tag."""
    tested = sa.select(TestRun.unit_id).where(TestRun.organisation_id == custodian_id, good_enough())
    ours = sa.or_(Unit.custodian_id == custodian_id, sa.and_(Unit.state == "provided", Unit.id.in_(tested)))
    code = codes.normalise(typed)
    if codes.is_code(code):
        by_label = sa.select(Unit.id).join(Label, Label.unit_id == Unit.id).where(Label.code == code, ours)
        if found := list(session().scalars(by_label)):
            return found
    columns = [sa.func.replace(sa.func.upper(column), " ", "") for column in (Unit.serial, Unit.asset_tag)]
    for plain in codes.serials(typed):
        statement = sa.select(Unit.id).where(ours, sa.or_(*(column == plain for column in columns)))
        if found := list(session().scalars(statement.order_by(Unit.id).limit(MOST_FOUND))):
            return found
    return []


def awaiting_removal(custodian_id: int, limit: int, offset: int) -> list[tuple[Case, WasteRecord]]:
    """Waste of this organisation in no removal yet, the oldest diagnosis first."""
    statement = _awaiting(sa.select(WasteRecord), custodian_id).order_by(
        WasteRecord.declared_at, WasteRecord.unit_id
    )
    return _with_cases(session().scalars(statement.limit(limit).offset(offset)).all())


def count_awaiting(custodian_id: int) -> int:
    """How many units await a removal."""
    return int(session().scalar(_awaiting(sa.select(sa.func.count(WasteRecord.unit_id)), custodian_id)) or 0)


def batches(organisation_id: int) -> list[BatchRow]:
    """The organisation's removals with their units, open ones first, then the latest; at most 100."""
    number = sa.func.count(WasteRecord.unit_id)
    statement = (
        sa.select(RemovalBatch, number)
        .outerjoin(WasteRecord, WasteRecord.batch_id == RemovalBatch.id)
        .where(RemovalBatch.organisation_id == organisation_id)
        .group_by(RemovalBatch.id)
        .order_by(RemovalBatch.state, RemovalBatch.id.desc())
        .limit(100)
    )
    return [BatchRow(*row) for row in session().execute(statement)]


def kinds_in_batch(batch_id: int) -> list[tuple[str, int]]:
    """(kind, how many) in a removal, most first."""
    number = sa.func.count(Unit.id)
    statement = (
        sa.select(Unit.kind, number)
        .join(WasteRecord, WasteRecord.unit_id == Unit.id)
        .where(WasteRecord.batch_id == batch_id)
        .group_by(Unit.kind)
        .order_by(number.desc(), Unit.kind)
    )
    return [(kind, int(units)) for kind, units in session().execute(statement)]


def requested_for(triage: str) -> list[BatchRow]:
    """The removals asked for from a triage."""
    number = sa.func.count(WasteRecord.unit_id)
    statement = (
        sa.select(RemovalBatch, number)
        .outerjoin(WasteRecord, WasteRecord.batch_id == RemovalBatch.id)
        .where(RemovalBatch.triage == triage)
        .group_by(RemovalBatch.id)
        .order_by(RemovalBatch.id)
    )
    return [BatchRow(*row) for row in session().execute(statement)]


def in_batch(batch_id: int) -> list[tuple[Case, WasteRecord]]:
    """The units of a removal."""
    statement = sa.select(WasteRecord).where(WasteRecord.batch_id == batch_id).order_by(WasteRecord.unit_id)
    return _with_cases(session().scalars(statement).all())


def fates(lot: str, party_id: int | None) -> dict[str, int]:
    """State → how many of a lot's collected units are in it now (only those of `party_id` if given)."""
    mine = sa.exists().where(
        Engagement.unit_id == Unit.id, Engagement.kind == "award", Engagement.outcome == "collected",
        Engagement.party_id == party_id,
    )  # fmt: skip
    of_lot = Unit.id.in_(
        sa.select(Engagement.unit_id).where(
            Engagement.kind == "lot", Engagement.reference == lot, Engagement.outcome == "collected"
        )
    )
    statement = sa.select(Unit.state, sa.func.count()).where(of_lot).group_by(Unit.state)
    if party_id is not None:
        statement = statement.where(sa.or_(mine, Unit.custodian_id == party_id))
    return {row[0]: row[1] for row in session().execute(statement)}


def _awaiting(statement: Any, custodian_id: int) -> Any:
    return statement.join(Unit, Unit.id == WasteRecord.unit_id).where(
        Unit.custodian_id == custodian_id, Unit.state == "waste", WasteRecord.batch_id.is_(None)
    )


def _with_cases(records: Sequence[WasteRecord]) -> list[tuple[Case, WasteRecord]]:
    by_unit = {record.unit_id: record for record in records}
    return [(case, by_unit[case.unit.id]) for case in cases(list(by_unit))]


def _filtered(statement: Any, custodian_id: int, name: str, filters: dict[str, str | None]) -> Any:
    statement = statement.where(Unit.custodian_id == custodian_id, Unit.state.in_(LISTS[name]))
    if kind := filters.get("kind"):
        statement = statement.where(Unit.kind == kind)
    if lot := filters.get("lot"):
        statement = statement.where(Unit.stream == f"{LOT_STREAM}{lot}")
    return statement


def _to_take_in(statement: Any, custodian_id: int) -> Any:
    """Collected units here, each with the engagement that brought it: its latest pick-up or shipment, if any."""
    brought = aliased(Engagement)
    by = sa.or_(
        sa.and_(brought.kind == "pickup", brought.outcome == "taken"),
        sa.and_(brought.kind == "shipment", brought.outcome == "received"),
    )
    latest = sa.select(sa.func.max(brought.id)).where(brought.unit_id == Unit.id, by)
    return (
        statement.select_from(Unit)
        .outerjoin(Engagement, Engagement.id == latest.correlate(Unit).scalar_subquery())
        .where(Unit.custodian_id == custodian_id, Unit.state == "collected", ~on_the_way())
        .where(Unit.id.not_in(list(not_arrived(custodian_id))))
    )
