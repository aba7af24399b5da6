"""Reads on triages: the page of one, by outlet; the devices of its lines; where each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.fleets import decisions
from reuse_market.fleets.models import Departure, DiscardedUnit
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import advice, policy
from reuse_market.lots.destinations import Destinations, Group, Outlet, Selection, destinations
from reuse_market.lots.models import Lot, Triage, TriageLine, TriageUnit
from reuse_market.units.models import Unit

NO_TRIAGE = N_("This triage does not exist.")


@dataclass(frozen=True, slots=True)
class Section:
    """One outlet of a triage with its lines ("" before a choice); `law`: what is answered for each taker."""

    outlet: str
    lines: list[TriageLine]
    law: list[tuple[list[str], Outlet]] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    weight_g: int = 0
    unweighed: int = 0  # devices whose kind has no known mass

    @property
    def units(self) -> int:
        """How many devices go this way."""
        return sum(line.units for line in self.lines)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the devices of a triage are today."""

    in_use: int
    undecided: int  # discarded already, and no decision is kept of it
    discarded: int
    departed: int
    waste: int
    recycled: int
    elsewhere: int  # in a published lot or beyond


def seen(reference: str, actor: Actor) -> Triage:
    """A triage of the actor's organisation; NotFound for any other."""
    found = session().scalars(sa.select(Triage).where(Triage.reference == reference)).one_or_none()
    if found is None or not policy.holder(actor, found):
        raise NotFound(NO_TRIAGE)
    return found


def mine(
    holder_id: int, *, after: int | None = None, offset: int = 0, limit: int = 25
) -> list[tuple[Triage, int]]:
    """A holder's triages with how many devices each sorts, the newest first; one more than the limit."""
    statement = (
        sa.select(Triage, sa.func.coalesce(sa.func.sum(TriageLine.units), 0))
        .outerjoin(TriageLine, TriageLine.triage_id == Triage.id)
        .where(Triage.holder_id == holder_id)
        .group_by(Triage.id)
        .order_by(Triage.id.desc())
        .offset(offset)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Triage.id < after)
    return [(row, int(units)) for row, units in session().execute(statement)]


def count(holder_id: int) -> int:
    """How many triages `mine` lists in all."""
    return session().scalar(sa.select(sa.func.count()).where(Triage.holder_id == holder_id)) or 0


def lines(triage_id: int) -> list[TriageLine]:
    """Its lines in their order."""
    of_it = sa.select(TriageLine).where(TriageLine.triage_id == triage_id)
    return list(session().scalars(of_it.order_by(TriageLine.number)))


def line(triage: Triage, number: int) -> TriageLine:
    """One of them; NotFound."""
    found = next((one for one in lines(triage.id) if one.number == number), None)
    if found is None:
        raise NotFound(N_("This triage has no such line."))
    return found


def unit_ids(line_ids: Sequence[int]) -> list[int]:
    """Ids of the devices of these lines."""
    of_them = sa.select(TriageUnit.unit_id).where(TriageUnit.line_id.in_(line_ids))
    return list(session().scalars(of_them.order_by(TriageUnit.unit_id)))


def devices(line_id: int, *, offset: int = 0, limit: int = 100) -> list[Unit]:
    """The devices of a line."""
    statement = (
        sa.select(Unit)
        .join(TriageUnit, TriageUnit.unit_id == Unit.id)
        .where(TriageUnit.line_id == line_id)
        .order_by(Unit.id)
    )
    return list(session().scalars(statement.offset(offset).limit(limit)))


def sections(triage: Triage) -> list[Section]:
    """The triage by outlet, in the order of advice.OUTLETS, what is not chosen yet first."""
    found = lines(triage.id)
    made = lots_of(found)
    masses = {kind: row.mass_g for kind, row in equipment.masses().items()}
    out = []
    for outlet in ("", *advice.OUTLETS):
        of_it = [one for one in found if (one.outlet or "") == outlet]
        if not of_it:
            continue
        weight = sum(masses.get(one.kind, 0) * one.units for one in of_it)
        unweighed = sum(one.units for one in of_it if one.kind not in masses)
        lots = [made[reference] for reference in {one.lot for one in of_it if one.lot} if reference in made]
        law = _law(triage.holder_id, outlet, of_it)
        out.append(Section(outlet, of_it, law, sorted(lots, key=lambda lot: lot.id), weight, unweighed))
    return out


def lots_of(found: Sequence[TriageLine]) -> dict[str, Lot]:
    """Reference → lot, of those made from these lines and still there."""
    references = {one.lot for one in found if one.lot}
    return {
        lot.reference: lot for lot in session().scalars(sa.select(Lot).where(Lot.reference.in_(references)))
    }


def standing(triage: Triage) -> Standing:
    """Where its devices are today, in one read."""
    left = sa.case((sa.exists().where(Departure.unit_id == Unit.id), 1), else_=0)
    decided = sa.case((sa.exists().where(DiscardedUnit.unit_id == Unit.id), 1), else_=0)
    statement = (
        sa.select(Unit.state, left.label("gone"), decided.label("told"), sa.func.count())
        .join(TriageUnit, TriageUnit.unit_id == Unit.id)
        .join(TriageLine, TriageLine.id == TriageUnit.line_id)
        .where(TriageLine.triage_id == triage.id, Unit.owner_id == triage.holder_id)
        .group_by(Unit.state, sa.text("gone"), sa.text("told"))
    )
    counts = [(state, bool(gone), bool(told), n) for state, gone, told, n in session().execute(statement)]

    def of(*states: str, gone: bool = False) -> int:
        return sum(n for state, away, _told, n in counts if state in states and away is gone)

    total = sum(one.units for one in lines(triage.id))
    known = {
        "in_use": of("in_use"), "discarded": of("discarded"), "departed": of("discarded", gone=True),
        "waste": of("waste"), "recycled": of("recycled"),
    }  # fmt: skip
    undecided = sum(n for state, away, told, n in counts if state == "discarded" and not away and not told)
    return Standing(undecided=undecided, elsewhere=total - sum(known.values()), **known)


def still_here(line_ids: Sequence[int], states: Sequence[str] = ("discarded",)) -> list[int]:
    """Ids of the devices of these lines in these states that have not left."""
    statement = (
        sa.select(Unit.id)
        .join(TriageUnit, TriageUnit.unit_id == Unit.id)
        .where(TriageUnit.line_id.in_(line_ids), Unit.state.in_(states), decisions.not_departed())
    )
    return list(session().scalars(statement.order_by(Unit.id)))


def waiting(found: Sequence[Section]) -> dict[str, int]:
    """Outlet outside the tool → its devices discarded and still here."""
    return {
        one.outlet: len(still_here([line.id for line in one.lines]))
        for one in found
        if one.outlet in advice.OUTSIDE
    }


def left(found: Sequence[Section]) -> dict[str, dict[date, int]]:
    """Outlet outside the tool → the days its devices left, and how many on each."""
    days: dict[str, dict[date, int]] = {}
    for one in found:
        if one.outlet in advice.OUTSIDE:
            gone = decisions.departures_of(unit_ids([line.id for line in one.lines])).values()
            for row in sorted(gone, key=lambda row: row.left_on):
                of_it = days.setdefault(one.outlet, {})
                of_it[row.left_on] = of_it.get(row.left_on, 0) + 1
    return days


def undecided(line_ids: Sequence[int]) -> list[int]:
    """Ids of those discarded without a decision that is kept here."""
    told = sa.select(DiscardedUnit.unit_id)
    here = (
        sa.select(Unit.id)
        .join(TriageUnit, TriageUnit.unit_id == Unit.id)
        .where(TriageUnit.line_id.in_(line_ids), Unit.state == "discarded", Unit.id.not_in(told))
    )
    return list(session().scalars(here.where(decisions.not_departed()).order_by(Unit.id)))


def _law(holder_id: int, outlet: str, of_it: Sequence[TriageLine]) -> list[tuple[list[str], Outlet]]:
    """What the destination page says of this outlet for these lines; nothing where no law is asked."""
    code = "take_back" if outlet == advice.RECYCLE else outlet
    if code in ("", "lease_return"):
        return []
    told: Destinations = destinations(_selection(holder_id, of_it), only=code)
    return next(rows for name, rows in told.sections() if name == code)


def _selection(holder_id: int, of_it: Sequence[TriageLine]) -> Selection:
    counts: dict[tuple[str, int | None], int] = {}
    for one in of_it:
        key = (one.kind, one.value_cents)
        counts[key] = counts.get(key, 0) + one.units
    groups = tuple(Group(kind, value, units) for (kind, value), units in sorted(counts.items(), key=str))
    return Selection(holder_id, None, (), groups, {})
