"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.refurbishing.lists import LISTS, BatchRow
from reuse_market.refurbishing.models import RemovalBatch, WasteRecord
from reuse_market.refurbishing.queries import LOT_STREAM, Case, cases
from reuse_market.units.models import Unit

STATES = tuple(sorted({state for states in LISTS.values() for state in states} | {"parts"}))


def units(
    custodian_id: int, *, state: str | None = None, kind: str | None = None, lot: str | None = None,
    after: int | None = None, limit: int = 25,
) -> list[Case]:  # fmt: skip
    """Units in the hands of a workshop, the oldest first."""
    states = (state,) if state else STATES
    statement = (
        sa.select(Unit.id)
        .where(Unit.custodian_id == custodian_id, Unit.state.in_(states))
        .order_by(Unit.id)
        .limit(limit + 1)
    )
    if kind:
        statement = statement.where(Unit.kind == kind)
    if lot:
        statement = statement.where(Unit.stream == f"{LOT_STREAM}{lot}")
    if after is not None:
        statement = statement.where(Unit.id > after)
    return cases(list(session().scalars(statement)))


def removals(organisation_id: int, *, after: int | None = None, limit: int = 25) -> list[BatchRow]:
    """An organisation's removals with how many units they hold, the newest first."""
    statement = (
        sa.select(RemovalBatch, sa.func.count(WasteRecord.unit_id))
        .outerjoin(WasteRecord, WasteRecord.batch_id == RemovalBatch.id)
        .where(RemovalBatch.organisation_id == organisation_id)
        .group_by(RemovalBatch.id)
        .order_by(RemovalBatch.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(RemovalBatch.id < after)
    return [BatchRow(*row) for row in session().execute(statement)]
