"""What holds units: openings, closings and revisions of engagements, as statements over many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.statements import plain
from reuse_market.kernel.words import N_
from reuse_market.traceability import payload
from reuse_market.units.models import Engagement, Unit

MANY_RANGES, FEW_UNITS = 60, 100
CHANGED = N_("Some of these devices have changed since you opened the page. Look again, then retry.")


@dataclass(frozen=True, slots=True)
class Opening:
    """An engagement to open: kind, reference, party, and the lot line where one is meant."""

    kind: str
    reference: str
    party_id: int
    line: int | None = None

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "party": self.party_id, "line": self.line}


@dataclass(frozen=True, slots=True)
class Closing:
    """An engagement to close with an outcome. Every unit of the act must have it open, under `reference`."""

    kind: str
    reference: str
    outcome: str

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class Revising:
    """A closed engagement whose outcome is superseded: `before` becomes `outcome`; nothing is opened again."""

    kind: str
    reference: str
    before: str
    outcome: str

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "before": self.before, "outcome": self.outcome}


def criterion(ids: Sequence[int], column: Any = Unit.id) -> sa.ColumnElement[bool]:
    """`column IN ids`, as BETWEEN ranges when many ids are mostly consecutive (as an import makes them)."""
    if len(ids) <= FEW_UNITS:
        return column.in_(ids)  # one statement to compile, whatever the holes between them
    pairs = payload.ranges(ids)
    if len(pairs) > MANY_RANGES:
        return column.in_(ids)
    return sa.or_(sa.false(), *(column.between(first, last) for first, last in pairs))


def chosen(ids: Sequence[int]) -> tuple[sa.ColumnElement[bool], dict[str, Any] | None]:
    """`criterion` on units with what its parameters stand for: of a few, always the same one (built once)."""
    return (AMONG, {"ids": list(ids)}) if len(ids) <= FEW_UNITS else (criterion(ids), None)


def open_all(opens: Sequence[Opening], chunk: Sequence[int], *, extra: bool = False) -> None:
    """One row for each unit and opening."""
    for opening in opens:
        told = {
            "the_kind": opening.kind, "the_reference": opening.reference, "the_line": opening.line,
            "the_party_id": opening.party_id, "the_extra": extra, "the_from_at": clock.now(),
        }  # fmt: skip
        if len(chunk) <= FEW_UNITS:
            plain(_OPEN_FEW, told | {"ids": list(chunk)})
        else:
            plain(_opening(criterion(chunk)), told)


def close_all(closes: Sequence[Closing], chunk: Sequence[int]) -> None:
    """End what each unit has open; Conflict where one has not."""
    for closing in closes:
        statement = (
            sa.update(Engagement)
            .where(
                criterion(chunk, Engagement.unit_id),
                Engagement.kind == closing.kind,
                Engagement.reference == closing.reference,
                Engagement.until_at.is_(None),
            )
            .values(until_at=clock.now(), outcome=closing.outcome)
            .execution_options(synchronize_session=False)
        )
        if session().execute(statement).rowcount != len(chunk):  # type: ignore[attr-defined]  # of an UPDATE
            raise Conflict(CHANGED, code="unit.engagement")


def revise_all(revises: Sequence[Revising], chunk: Sequence[int]) -> None:
    """Supersede the outcome of what is closed; Conflict where one has another."""
    for revising in revises:
        statement = (
            sa.update(Engagement)
            .where(
                criterion(chunk, Engagement.unit_id),
                Engagement.kind == revising.kind,
                Engagement.reference == revising.reference,
                Engagement.outcome == revising.before,
            )
            .values(outcome=revising.outcome)
            .execution_options(synchronize_session=False)
        )
        if session().execute(statement).rowcount != len(chunk):  # type: ignore[attr-defined]  # of an UPDATE
            raise Conflict(CHANGED, code="unit.engagement")


def _opening(which: sa.ColumnElement[bool]) -> sa.Insert:
    """An engagement for each chosen unit, of values given when it is run."""
    columns = ["kind", "reference", "line", "party_id", "extra", "from_at"]
    table = Engagement.__table__
    told = [sa.bindparam(f"the_{name}", type_=table.c[name].type) for name in columns]
    source = sa.select(Unit.__table__.c.id, *told).where(which)
    return sa.insert(table).from_select(["unit_id", *columns], source, include_defaults=False)  # type: ignore[arg-type]  # a mapped class has a table


AMONG = Unit.__table__.c.id.in_(sa.bindparam("ids", expanding=True))
_OPEN_FEW = _opening(AMONG)
