"""Reads on returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.models import Reservation, ReturnedUnit, UnitReturn
from reuse_market.reservations.queries import Contents, HeldUnit
from reuse_market.reservations.returns import policy
from reuse_market.reservations.returns.lifecycle import FLOW, RUNNING
from reuse_market.units.models import Unit

UNKNOWN = N_("This return does not exist.")


@dataclass(frozen=True, slots=True)
class Row:
    """A return in a list."""

    made: UnitReturn
    reservation: str
    beneficiary: str
    seller: str
    units: int
    contents: Contents | None


def find(reference: str) -> UnitReturn | None:
    """A return by reference."""
    return session().scalars(sa.select(UnitReturn).where(UnitReturn.reference == reference)).one_or_none()


def get(reference: str, actor: Actor) -> UnitReturn:
    """A return this actor may see; NotFound otherwise."""
    made = find(reference)
    if made is None or not policy.may_see(actor, made):
        raise NotFound(UNKNOWN)
    return made


def reservation_of(made: UnitReturn) -> Reservation:
    """The reservation its units were handed over on."""
    return session().get_one(Reservation, made.reservation_id)


def unit_ids(made: UnitReturn) -> list[int]:
    """Its units, by id."""
    statement = sa.select(ReturnedUnit.unit_id).where(ReturnedUnit.return_id == made.id)
    return list(session().scalars(statement.order_by(ReturnedUnit.unit_id)))


def devices(made: UnitReturn) -> list[HeldUnit]:
    """Its units as pages show them."""
    ids = set(unit_ids(made))
    return [unit for unit in bookings.held_units(reservation_of(made).reference) if unit.unit_id in ids]


def returnable(found: Reservation) -> list[HeldUnit]:
    """The units of a reservation that may come back now: handed over, still the beneficiary's, in no open return."""
    if found.state != "provided":
        return []
    running = sa.select(ReturnedUnit.unit_id).where(ReturnedUnit.outcome.is_(None))
    statement = sa.select(Unit.id).where(
        Unit.state == "provided", Unit.owner_id == found.beneficiary_id, Unit.id.not_in(running)
    )
    held = bookings.held_units(found.reference)
    free = set(session().scalars(statement.where(Unit.id.in_([unit.unit_id for unit in held]))))
    return [unit for unit in held if unit.unit_id in free]


def of_reservation(found: Reservation) -> list[UnitReturn]:
    """The returns of a reservation, the oldest first."""
    statement = sa.select(UnitReturn).where(UnitReturn.reservation_id == found.id)
    return list(session().scalars(statement.order_by(UnitReturn.id)))


def count(actor: Actor, *, ended: bool = False) -> int:
    """How many rows `listed` has in all."""
    statement = sa.select(sa.func.count(UnitReturn.id)).where(*_seen(actor), _running(ended))
    return session().scalar(statement) or 0


def listed(actor: Actor, *, ended: bool = False, limit: int = 25, offset: int = 0) -> list[Row]:
    """Returns of both sides of the actor's organisation (all for overseers), the newest first."""
    statement = sa.select(UnitReturn).where(*_seen(actor), _running(ended)).order_by(UnitReturn.id.desc())
    return rows_of(session().scalars(statement.limit(limit).offset(offset)).all())


def keyed(actor: Actor, *, state: str | None = None, after: int | None = None, limit: int = 25) -> list[Row]:
    """The same for programs, by key, one row more than the limit when there is more."""
    statement = sa.select(UnitReturn).where(*_seen(actor)).order_by(UnitReturn.id.desc()).limit(limit + 1)
    if state:
        statement = statement.where(UnitReturn.state == state)
    if after is not None:
        statement = statement.where(UnitReturn.id < after)
    return rows_of(session().scalars(statement).all())


def rows_of(made: Sequence[UnitReturn]) -> list[Row]:
    """Rows with names, number of units and what they are, in three statements."""
    names = accounts.names({r.beneficiary_id for r in made} | {r.seller_id for r in made})
    ids = [r.id for r in made]
    counted = dict(
        session().execute(
            sa.select(ReturnedUnit.return_id, sa.func.count()).where(ReturnedUnit.return_id.in_(ids))
            .group_by(ReturnedUnit.return_id)
        ).all()
    )  # fmt: skip
    wanted = sa.select(Reservation.id, Reservation.reference).where(
        Reservation.id.in_([r.reservation_id for r in made])
    )
    bookings_of = dict(session().execute(wanted).all())
    inside = bookings.contents(list(bookings_of.values()))
    return [
        Row(
            r, bookings_of[r.reservation_id], names.get(r.beneficiary_id, ""), names.get(r.seller_id, ""),
            counted.get(r.id, 0), inside.get(bookings_of[r.reservation_id]),
        )
        for r in made
    ]  # fmt: skip


def offered(made: UnitReturn, actor: Actor) -> list[str]:
    """What this actor may do now: the life-cycle's actions, and taking the replacement."""
    own = FLOW.offered(made, actor)
    replace = made.remedy == "exchange" and made.state in ("accepted", "received", "settled")
    waits = replace and made.replacement is None and policy.beneficiary(actor, made)
    return [*own, *(["replace"] if waits else [])]


def _seen(actor: Actor) -> list[sa.ColumnElement[bool]]:
    if oversees(actor):
        return []
    mine = actor.organisation_id or 0
    return [sa.or_(UnitReturn.beneficiary_id == mine, UnitReturn.seller_id == mine)]


def _running(ended: bool) -> sa.ColumnElement[bool]:
    running = UnitReturn.state.in_(RUNNING)
    return ~running if ended else running
