"""Who got what over twelve months: devices handed over, by structure and kind; reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.reservations.fairness.ceilings import YEAR
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.returns.kept import kept_back
from reuse_market.units.models import Engagement, Unit

SPAN = 500  # rows a statement reads at a time for a file


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a structure received of a kind: `cents` before tax as paid, `per_mille` of all devices of the kind."""

    organisation_id: int
    organisation: str
    kind: str
    units: int
    cents: int
    per_mille: int
    last_on: date


def total(kind: str = "", text: str = "") -> int:
    """How many rows `rows` has in all."""
    found = _grouped(kind, text).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(found)) or 0


def rows(kind: str = "", text: str = "", *, limit: int = 25, offset: int = 0) -> list[Allotment]:
    """The structures that received most first, by kind; `kind` "" for all, `text` in the structure's name."""
    statement = _grouped(kind, text).order_by(
        sa.desc("units"), Organisation.name, Reservation.beneficiary_id, Unit.kind
    )
    found = session().execute(statement.limit(limit).offset(offset)).all()
    shares = _by_kind() if found else {}
    return [
        Allotment(
            row.organisation_id, row.organisation, row.kind, row.units, int(row.cents or 0),
            1000 * row.units // max(1, shares.get(row.kind, 0)), row.last_at.astimezone(PARIS).date(),
        )
        for row in found
    ]  # fmt: skip


def every(kind: str = "", text: str = "") -> Iterator[Allotment]:
    """All the rows, SPAN at a time, for a file."""
    offset = 0
    while found := rows(kind, text, limit=SPAN, offset=offset):
        yield from found
        offset += SPAN


def _handed() -> tuple[Any, list[Any]]:
    source = sa.join(
        Reservation, Engagement,
        sa.and_(Engagement.kind == "hold", Engagement.reference == Reservation.reference),
    ).join(Unit, Unit.id == Engagement.unit_id)  # fmt: skip
    return source, [
        Engagement.outcome == "provided", Reservation.provided_at > clock.now() - YEAR, ~kept_back(),
    ]  # fmt: skip


def _grouped(kind: str, text: str) -> Any:
    source, only = _handed()
    if kind:
        only.append(Unit.kind == kind)
    if text.strip():
        only.append(sa.func.lower(Organisation.name).contains(text.strip().lower(), autoescape=True))
    return (
        sa.select(
            Reservation.beneficiary_id.label("organisation_id"), Organisation.name.label("organisation"),
            Unit.kind.label("kind"), sa.func.count().label("units"),
            sa.func.sum(Reservation.price_cents).label("cents"),
            sa.func.max(Reservation.provided_at).label("last_at"),
        )
        .select_from(source.join(Organisation, Organisation.id == Reservation.beneficiary_id))
        .where(*only)
        .group_by(Reservation.beneficiary_id, Organisation.name, Unit.kind)
    )  # fmt: skip


def _by_kind() -> dict[str, int]:
    source, only = _handed()
    statement = sa.select(Unit.kind, sa.func.count()).select_from(source).where(*only).group_by(Unit.kind)
    return {row[0]: row[1] for row in session().execute(statement)}
