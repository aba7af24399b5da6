"""Reads on units and engagements, for the rooms above."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.policy import UnitsAtStake


def get(unit_id: int) -> Unit | None:
    """One unit."""
    return session().get(Unit, unit_id)


def by_ids(unit_ids: Sequence[int]) -> list[Unit]:
    """Units by id, in id order."""
    return list(session().scalars(sa.select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id)))


def open_engagements(unit_id: int) -> list[Engagement]:
    """What holds a unit now."""
    statement = sa.select(Engagement).where(Engagement.unit_id == unit_id, Engagement.until_at.is_(None))
    return list(session().scalars(statement))


def is_engaged(kind: str, reference: str) -> sa.ColumnElement[bool]:
    """Criterion on Unit: it has this engagement open."""
    return sa.exists().where(
        Engagement.unit_id == Unit.id,
        Engagement.kind == kind,
        Engagement.reference == reference,
        Engagement.until_at.is_(None),
    )


def engaged_ids(
    kind: str, reference: str, *, line: int | None = None, state: str | None = None, limit: int | None = None
) -> list[int]:
    """Ids of units with this engagement open, lowest first (units of a line are fungible).

    In the order of the index of open engagements, so that `limit` stops it: a line may have 50,000.
    """
    values = {"kind": kind, "of": reference, "line": line, "state": state, "most": limit}
    given = {name: value for name, value in values.items() if value is not None}
    return list(session().scalars(_engaged(frozenset(given), False), given))


@functools.cache
def _engaged(given: frozenset[str], at_stake: bool) -> sa.Select[Any]:
    """The statement of `engaged_ids` or `at_stake` where these are asked for: made once."""
    columns = (Engagement.unit_id, Unit.owner_id, Unit.custodian_id) if at_stake else (Engagement.unit_id,)
    statement = (
        sa.select(*columns)
        .where(
            Engagement.kind == sa.bindparam("kind"), Engagement.reference == sa.bindparam("of"),
            Engagement.until_at.is_(None),
        )
        .order_by(Engagement.unit_id)
    )  # fmt: skip
    if "most" in given:
        statement = statement.limit(sa.bindparam("most", type_=sa.Integer))
    if "line" in given:
        statement = statement.where(Engagement.line == sa.bindparam("line"))
    if at_stake or "state" in given:
        statement = statement.join(Unit, Unit.id == Engagement.unit_id)
    if "state" in given:
        statement = statement.where(Unit.state == sa.bindparam("state"))
    return statement.with_for_update(of=Unit) if at_stake else statement


def at_stake(
    kind: str, reference: str, *, line: int | None = None, state: str | None = None, limit: int | None = None
) -> tuple[list[int], UnitsAtStake | None]:
    """`engaged_ids`, their rows locked, with the one owner and custodian they share; None for none, or for several."""
    values = {"kind": kind, "of": reference, "line": line, "state": state, "most": limit}
    given = {name: value for name, value in values.items() if value is not None}
    rows = session().execute(_engaged(frozenset(given), True), given).all()
    return [row[0] for row in rows], stake_of((owner_id, custodian_id) for _, owner_id, custodian_id in rows)


def stake_of(sides: Iterable[tuple[int, int]]) -> UnitsAtStake | None:
    """The one owner and custodian of several units; None for none, or for several."""
    different = set(sides)
    return UnitsAtStake(*different.pop()) if len(different) == 1 else None


def any_engaged(kind: str, reference: str) -> bool:
    """Whether one unit at least has this engagement open."""
    statement = sa.select(Engagement.id).where(
        Engagement.kind == kind, Engagement.reference == reference, Engagement.until_at.is_(None)
    )
    return session().scalar(statement.limit(1)) is not None


def outcomes(kind: str, reference: str) -> list[dict[str, Any]]:
    """Counts of a reference's engagements: rows {line, outcome (None = open), state, extra, units}.

    `state` is the unit's present state: the balance sentence splits `collected` by it.
    """
    statement = (
        sa.select(
            Engagement.line,
            Engagement.outcome,
            Unit.state,
            Engagement.extra,
            sa.func.count().label("units"),
        )
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == kind, Engagement.reference == reference)
        .group_by(Engagement.line, Engagement.outcome, Unit.state, Engagement.extra)
    )
    return [dict(row._mapping) for row in session().execute(statement)]


def owned_ids(owner_id: int, *, state: str, kinds: Sequence[str] = ()) -> list[int]:
    """Ids of an owner's units in a state, of these kinds (all by default), lowest first."""
    statement = sa.select(Unit.id).where(Unit.owner_id == owner_id, Unit.state == state).order_by(Unit.id)
    if kinds:
        statement = statement.where(Unit.kind.in_(kinds))
    return list(session().scalars(statement))


def past_ids(kind: str, reference: str, *, outcome: str) -> list[int]:
    """Ids of units whose engagement of this reference closed with `outcome`, lowest first."""
    statement = (
        sa.select(Engagement.unit_id)
        .where(Engagement.kind == kind, Engagement.reference == reference, Engagement.outcome == outcome)
        .order_by(Engagement.unit_id)
    )
    return list(session().scalars(statement))
