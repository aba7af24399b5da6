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

Shares = dict[tuple[int, str], int]
SPAN = 500  # rows a statement reads at a time for a file


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a structure received of a kind: `cents` before tax as paid, `per_mille` of all devices of the kind:
    those of a kind add up to 1,000."""

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
    return _page(kind, text, limit, offset, _shares(kind))


def every(kind: str = "", text: str = "") -> Iterator[Allotment]:
    """All the rows, SPAN at a time, for a file."""
    offset, shares = 0, _shares(kind)
    while found := _page(kind, text, SPAN, offset, shares):
        yield from found
        offset += SPAN


def _page(kind: str, text: str, limit: int, offset: int, shares: Shares) -> list[Allotment]:
    statement = _grouped(kind, text).order_by(
        sa.desc("units"), Organisation.name, Reservation.beneficiary_id, Unit.kind
    )
    return [
        Allotment(
            row.organisation_id, row.organisation, row.kind, row.units, int(row.cents or 0),
            shares.get((row.organisation_id, row.kind), 0), row.last_at.astimezone(PARIS).date(),
        )
        for row in session().execute(statement.limit(limit).offset(offset))
    ]  # fmt: skip


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


def _shares(kind: str) -> Shares:
    """(structure, kind) → its share in thousandths, so cut that those of a kind add up to the whole."""
    source, only = _handed()
    if kind:
        only.append(Unit.kind == kind)
    counted = (
        sa.select(Unit.kind, Reservation.beneficiary_id, sa.func.count())
        .select_from(source)
        .where(*only)
        .group_by(Unit.kind, Reservation.beneficiary_id)
    )
    kinds: dict[str, dict[int, int]] = {}
    for code, party_id, units in session().execute(counted):
        kinds.setdefault(code, {})[party_id] = units
    return {(party_id, code): part for code, units in kinds.items() for party_id, part in _cut(units).items()}


def _cut(units: dict[int, int]) -> dict[int, int]:
    """1,000 cut by largest remainders; ties go to who received most, then to who came first."""
    total = sum(units.values())
    parts = {party_id: 1000 * count // total for party_id, count in units.items()}
    order = sorted(units, key=lambda one: (-(1000 * units[one] % total), -units[one], one))
    for party_id in order[: 1000 - sum(parts.values())]:
        parts[party_id] += 1
    return parts
