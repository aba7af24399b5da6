"""Reads: a body's sheet of a year from the journal, engagements, departures and typed lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.claims.models import Claim
from reuse_market.equipment import queries as equipment
from reuse_market.equipment.models import Model
from reuse_market.fleets import january
from reuse_market.fleets.models import Departure
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.obligations.reen.counting import Item, Sheet, excluded, justified
from reuse_market.obligations.reen.reen_models import ReenLine, ReenMark
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.services import criterion

TAKEN = ("collected", "provided")
REUSED = ("ready", "held", "provided")  # prepared for reuse, every function tested; or in use again
BY_REGIME = {"sale": "sale", "gift": "gift", "free_transfer": "gift", "public_transfer": "public_body"}
CONCERNED = parties.OBLIGED  # loi REEN art. 16: State services, local authorities and their groupings
FIRST_YEAR = 2023


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the reading of every device of a sheet needs."""

    categories: Mapping[str, str]
    oldest: timedelta
    marks: Mapping[int, ReenMark]

    def why(self, unit: Any, discarded_on: date | None) -> str:
        old = bool(unit.bought_on and discarded_on and discarded_on - unit.bought_on > self.oldest)
        mark = self.marks.get(unit.id)
        return excluded(self.categories.get(unit.kind), old=old, mark=mark.code if mark else "")

    def mark(self, unit_id: int) -> str:
        found = self.marks.get(unit_id)
        return found.code if found else ""


def concerned(organisation_id: int) -> bool:
    """Whether the law binds it, by its qualification, never by what it says of itself."""
    return regimes.party_kind(organisation_id) in CONCERNED


def sheet(holder_id: int, year: int) -> Sheet:
    """The year of a body: its stock on 1 January and what left since, device by device and line by line.

    NotFound for a year far from ours.
    """
    if not 2000 <= year <= 2100:
        raise NotFound(N_("There is no sheet for this year."))
    terms, lines = _terms(holder_id, year), [row for row in lines_of(holder_id, year) if not row.deleted_at]
    target = regimes.reen_rate(january.day_of(year))
    typed = [(row.role, _typed(row, terms)) for row in lines]
    stock = _stock(holder_id, year, terms) + [item for role, item in typed if role == "stock"]
    left = _left(holder_id, year, terms) + [item for role, item in typed if role == "outlet"]
    return Sheet(year, tuple(stock), tuple(left), target)


def lines_of(holder_id: int, year: int) -> list[ReenLine]:
    """The typed lines of a year, the newest last; those deleted among them (`deleted_at`)."""
    statement = sa.select(ReenLine).where(ReenLine.organisation_id == holder_id, ReenLine.year == year)
    return list(session().scalars(statement.order_by(ReenLine.id)))


def line(line_id: int) -> ReenLine | None:
    """One typed line, deleted or not."""
    return session().get(ReenLine, line_id)


def bodies(*, offset: int = 0, limit: int = 25, after: int = 0) -> list[Organisation]:
    """The verified holders that the law may bind, by name (by id after `after`), for those who oversee."""
    statement = sa.select(Organisation).where(*_bodies(), Organisation.id > after)
    order = (Organisation.id,) if after else (Organisation.name, Organisation.id)
    return list(session().scalars(statement.order_by(*order).offset(offset).limit(limit)))


def count_bodies() -> int:
    """How many `bodies` there are."""
    return session().scalar(sa.select(sa.func.count()).select_from(Organisation).where(*_bodies())) or 0


def _bodies() -> tuple[sa.ColumnElement[bool], ...]:
    holds = sa.exists().where(
        OrganisationRole.organisation_id == Organisation.id, OrganisationRole.role == "holder"
    )
    return holds, Organisation.state == "verified", Organisation.legal_kind.in_(("state", "local_authority"))


def _terms(holder_id: int, year: int) -> _Terms:
    day = january.day_of(year)
    categories = {kind: row.weee_category for kind, row in equipment.weee_categories(day).items()}
    marks = session().scalars(sa.select(ReenMark).where(ReenMark.organisation_id == holder_id))
    oldest = timedelta(days=delay_days("advice.recycle-over", day))
    return _Terms(categories, oldest, {mark.unit_id: mark for mark in marks})


def _typed(row: ReenLine, terms: _Terms) -> Item:
    why = excluded(terms.categories.get(row.kind), old=False, mark=row.exclusion)
    why = why or justified(row.outlet, committed=row.committed, proven=row.justified)
    return Item(
        row.units, row.kind, why, outlet=row.outlet, line_id=row.id, left_on=row.left_on, proof=row.reference
    )


def _stock(holder_id: int, year: int, terms: _Terms) -> list[Item]:
    """What stood discarded at the body's on 1 January, as the journal tells."""
    since = january.standing(holder_id, clock.at_paris(january.day_of(year)))
    return [
        Item(
            1, unit.kind, terms.why(unit, since[unit.id]), unit_id=unit.id, discarded_on=since[unit.id],
            state=unit.state, mark=terms.mark(unit.id),
        )
        for unit in _units(sorted(since))
    ]  # fmt: skip


def _left(holder_id: int, year: int, terms: _Terms) -> list[Item]:
    """What left during the year: through lots, and outside them as recorded device by device."""
    given, departed = _given(holder_id, year), _departed(holder_id, year)
    ids = sorted({row.unit_id for row in given} | {row.unit_id for row in departed})
    units = {unit.id: unit for unit in _units(ids)}
    since = _discard_days(holder_id, year, units.values(), terms.oldest)
    reused = _ever_provided([row.unit_id for row in given])
    items = [_through_lot(row, units[row.unit_id], since, reused, terms) for row in given]
    items += [_outside(row, units[row.unit_id], since, terms) for row in departed]
    return sorted(items, key=lambda item: item.unit_id or 0)


def _through_lot(
    row: Any, unit: Any, since: Mapping[int, date], reused: frozenset[int], terms: _Terms
) -> Item:
    outlet, mark = BY_REGIME.get(row.regime or "", ""), terms.mark(unit.id)
    proven = unit.state in REUSED or unit.id in reused or mark == "justified"
    why = terms.why(unit, since.get(unit.id)) or justified(outlet, committed=row.committed, proven=proven)
    proof = "justified" if mark == "justified" else unit.state if unit.state in REUSED else ""
    return Item(
        1, unit.kind, why, outlet=outlet, unit_id=unit.id, discarded_on=since.get(unit.id),
        left_on=row.until_at.astimezone(clock.PARIS).date(), state=unit.state, lot=row.reference,
        proof=proof or ("provided" if unit.id in reused else ""), mark=mark,
    )  # fmt: skip


def _outside(row: Departure, unit: Any, since: Mapping[int, date], terms: _Terms) -> Item:
    """Taken back: counts once the body has marked how its reuse is justified, the commitment with it."""
    mark = terms.mark(unit.id)
    told = mark == "justified"
    why = terms.why(unit, since.get(unit.id)) or justified(row.outlet, committed=told, proven=told)
    return Item(
        1, unit.kind, why, outlet=row.outlet, unit_id=unit.id, discarded_on=since.get(unit.id),
        left_on=row.left_on, state="departed", proof="justified" if told else "", mark=mark,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Given:
    unit_id: int
    reference: str
    until_at: Any
    regime: str | None
    committed: bool


def _given(holder_id: int, year: int) -> list[_Given]:
    """What takers of the body's lots took away during the year; what a revised note took back is not among it."""
    award = aliased(Engagement)
    start, end = clock.at_paris(january.day_of(year)), clock.at_paris(january.day_of(year + 1))
    statement = (
        sa.select(
            Engagement.unit_id, Engagement.reference, Engagement.until_at, Lot.regime, Lot.id,
            Claim.commitment_version, Claim.committed_at, award.from_at,
        )
        .join(Lot, Lot.reference == Engagement.reference)
        .outerjoin(award, sa.and_(
            award.unit_id == Engagement.unit_id, award.kind == "award", award.outcome.in_(TAKEN),
        ))
        .outerjoin(Claim, sa.and_(Claim.reference == award.reference, Claim.lot_id == Lot.id))
        .where(Lot.holder_id == holder_id, Engagement.kind == "lot", Engagement.outcome.in_(TAKEN))
        .where(Engagement.until_at >= start, Engagement.until_at < end)
        .order_by(Engagement.unit_id, Engagement.id, award.id)
    )  # fmt: skip
    rows = session().execute(statement).all()
    by_lot = _committed_lots({row.id for row in rows if row.commitment_version is None})
    found: dict[int, _Given] = {}
    for row in rows:
        before = bool(row.commitment_version) and row.committed_at <= row.from_at
        committed = before if row.commitment_version is not None else row.id in by_lot
        found[row.unit_id] = _Given(row.unit_id, row.reference, row.until_at, row.regime, committed)
    return list(found.values())


def _committed_lots(lot_ids: Iterable[int]) -> set[int]:
    """Of these lots, those all of whose awarded claims carry a reuse commitment: it covers what was found in
    addition, which no award names."""
    statement = sa.select(Claim.lot_id, sa.func.min(sa.func.length(Claim.commitment_version))).where(
        Claim.lot_id.in_(sorted(lot_ids)), Claim.state == "awarded"
    )
    return {lot_id for lot_id, least in session().execute(statement.group_by(Claim.lot_id)) if least}


def _departed(holder_id: int, year: int) -> list[Departure]:
    first, last = january.day_of(year), january.day_of(year + 1)
    statement = sa.select(Departure).where(
        Departure.organisation_id == holder_id, Departure.left_on >= first, Departure.left_on < last
    )
    return list(session().scalars(statement.order_by(Departure.unit_id)))


def models(unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit id → maker and model, of those whose model is known."""
    rows = session().execute(
        sa.select(Unit.id, Model.maker, Model.name)
        .join(Model, Model.id == Unit.model_id)
        .where(criterion(sorted(unit_ids)))
    )
    return {unit_id: f"{maker} {name}".strip() for unit_id, maker, name in rows}


def _units(ids: Sequence[int]) -> Sequence[Any]:
    columns = (Unit.id, Unit.kind, Unit.bought_on, Unit.state)
    return session().execute(sa.select(*columns).where(criterion(ids)).order_by(Unit.id)).all()


def _discard_days(holder_id: int, year: int, units: Iterable[Any], oldest: timedelta) -> dict[int, date]:
    """Unit → day of its discard; the journal is read again only when one of them may be too old."""
    end = january.day_of(year + 1)
    if not any(unit.bought_on and end - unit.bought_on > oldest for unit in units):
        return {}
    return january.discard_days(holder_id, clock.at_paris(end))


def _ever_provided(ids: Sequence[int]) -> frozenset[int]:
    """Of these, those that were handed to somebody who used them again, even if they came back since."""
    statement = (
        sa.select(EventUnit.unit_id)
        .join(Event, Event.id == EventUnit.event_id)
        .where(criterion(ids, EventUnit.unit_id), Event.type.in_(("unit.provided", "unit.provided-as-is")))
    )
    return frozenset(session().scalars(statement))
