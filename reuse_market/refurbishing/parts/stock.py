"""Reads: the stock of parts, what a unit holds and gave, its repairs."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.refurbishing.parts_models import Dismantling, Part, PartFit, Repair
from reuse_market.units.models import Label, Unit


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part, the code and kind of the unit it came from, and the unit it is in (None: in stock)."""

    part: Part
    source_code: str | None
    source_kind: str
    unit_id: int | None


def parts(
    organisation_id: int, *, state: str | None = None, kind: str | None = None, after: int | None = None,
    limit: int | None = None, offset: int = 0,
) -> list[PartRow]:  # fmt: skip
    """The organisation's parts, the oldest first."""
    chosen = _chosen(organisation_id, state, kind)
    chosen += [Part.id > after] if after is not None else []
    return _rows(chosen, limit, offset)


def counts(organisation_id: int, kind: str | None = None) -> dict[str, int]:
    """State → how many parts of the organisation are in it, of one kind if given."""
    statement = sa.select(Part.state, sa.func.count()).where(*_chosen(organisation_id, None, kind))
    return dict(session().execute(statement.group_by(Part.state)).all())


def part(part_id: int, organisation_id: int) -> PartRow | None:
    """One part of the organisation's, or None."""
    return next(iter(_rows([Part.id == part_id, Part.organisation_id == organisation_id], 1)), None)


def taken_from(unit_id: int) -> list[PartRow]:
    """Parts that came out of a unit."""
    return _rows([Part.source_unit_id == unit_id], None)


def fitted_in(unit_id: int) -> list[PartRow]:
    """Parts that are in a unit now."""
    return _rows([PartFit.unit_id == unit_id], None)


def repairs(unit_id: int) -> list[Repair]:
    """What was done to a unit, newest first."""
    statement = sa.select(Repair).where(Repair.unit_id == unit_id, Repair.void_at.is_(None))
    return list(session().scalars(statement.order_by(Repair.id.desc())))


def dismantling(unit_id: int) -> Dismantling | None:
    """How a unit was taken apart, or None."""
    return session().get(Dismantling, unit_id)


def _chosen(organisation_id: int, state: str | None, kind: str | None) -> list[sa.ColumnElement[bool]]:
    chosen = [Part.organisation_id == organisation_id]
    chosen += [Part.state == state] if state else []
    return chosen + ([Part.kind == kind] if kind else [])


def _rows(chosen: list[sa.ColumnElement[bool]], limit: int | None, offset: int = 0) -> list[PartRow]:
    statement = (
        sa.select(Part, Label.code, Unit.kind, PartFit.unit_id)
        .join(Unit, Unit.id == Part.source_unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(PartFit, sa.and_(PartFit.part_id == Part.id, PartFit.until_at.is_(None)))
        .where(*chosen)
        .order_by(Part.id)
        .limit(limit)
        .offset(offset)
    )
    return [PartRow(*row) for row in session().execute(statement)]
