"""Reads on reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment.models import Model
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import Offer
from reuse_market.reservations import policy
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import Reservation
from reuse_market.units.models import Engagement, Label, Unit


@dataclass(frozen=True, slots=True)
class HeldUnit:
    """A unit of a reservation, for pages and slips."""

    unit_id: int
    code: str | None
    kind: str
    maker: str
    model: str
    serial: str | None
    grade: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """A reservation in a list."""

    reservation: Reservation
    beneficiary: str
    seller: str


def find(reference: str) -> Reservation | None:
    """A reservation by reference."""
    return session().scalars(sa.select(Reservation).where(Reservation.reference == reference)).one_or_none()


def get(reference: str, actor: Actor) -> Reservation:
    """A reservation this actor may see; NotFound otherwise (not theirs and does not exist are alike)."""
    found = find(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This reservation does not exist."))
    return found


def mine(actor: Actor) -> list[Row]:
    """Reservations of the actor's organisation, both sides, running ones first, newest first."""
    statement = (
        sa.select(Reservation)
        .where(
            sa.or_(
                Reservation.beneficiary_id == actor.organisation_id, Reservation.seller_id == actor.organisation_id
            )
        )
        .order_by(Reservation.state.in_(HOLDING).desc(), Reservation.id.desc())
    )
    return with_names(session().scalars(statement).all())


def with_names(found: Sequence[Reservation]) -> list[Row]:
    """Rows with both parties' names, in one statement more."""
    names = accounts.names({r.beneficiary_id for r in found} | {r.seller_id for r in found})
    return [Row(r, names[r.beneficiary_id], names[r.seller_id]) for r in found]


def held_units(reference: str) -> list[HeldUnit]:
    """The units a reservation holds, or held and handed over; one statement."""
    statement = (
        sa.select(Unit, Label.code, Model.maker, Model.name, Offer.cosmetic_grade)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .outerjoin(Offer, Offer.unit_id == Unit.id)
        .where(Engagement.kind == "hold", Engagement.reference == reference)
        .order_by(Unit.id)
    )
    return [
        HeldUnit(unit.id, code, unit.kind, maker or "", model or "", unit.serial, grade, unit.state)
        for unit, code, maker, model, grade in session().execute(statement)
    ]


def due() -> list[str]:
    """References of reservations past their end date."""
    statement = sa.select(Reservation.reference).where(
        Reservation.state.in_(("placed", "confirmed")), Reservation.until < clock.today()
    )
    return list(session().scalars(statement))
