"""What the operator sees: every lot, every organisation, what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Membership, Organisation, OrganisationRole, Person
from reuse_market.claims.models import Claim
from reuse_market.collection.models import Pickup
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.lots.queries import Balance, of_rows
from reuse_market.notices import queries as notices
from reuse_market.refurbishing.models import WasteRecord
from reuse_market.reservations.models import Reservation
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in the operator's list, with where its units are."""

    lot: Lot
    holder: str
    balance: Balance


@dataclass(frozen=True, slots=True)
class Ongoing:
    """What an organisation has under way: it goes on by itself when the organisation is suspended."""

    lots: int
    claims: int
    pickups: int
    reservations: int


def count_lots(state: str | None = None, text: str = "") -> int:
    """How many lots the filters leave."""
    return session().scalar(sa.select(sa.func.count()).select_from(_chosen_lots(state, text).subquery())) or 0


def lots(state: str | None = None, text: str = "", *, offset: int = 0, limit: int = 25) -> list[LotRow]:
    """A page of lots, newest first, each with its balance: three statements."""
    statement = _chosen_lots(state, text).order_by(Lot.id.desc()).offset(offset).limit(limit)
    found = session().execute(statement).all()
    declared = _declared([lot.id for lot, _ in found])
    outcomes = _outcomes([lot.reference for lot, _ in found])
    return [
        LotRow(lot, holder, of_rows(outcomes.get(lot.reference, []), declared.get(lot.id, 0)))
        for lot, holder in found
    ]


def _chosen_lots(state: str | None, text: str) -> sa.Select[Lot, str]:
    statement = sa.select(Lot, Organisation.name).join(Organisation, Organisation.id == Lot.holder_id)
    if state:
        statement = statement.where(Lot.state == state)
    if text:
        columns = (Lot.title, Lot.reference, Organisation.name)
        statement = statement.where(sa.or_(*(c.icontains(text, autoescape=True) for c in columns)))
    return statement


def _declared(lot_ids: list[int]) -> dict[int, int]:
    statement = (
        sa.select(LotLine.lot_id, sa.func.sum(LotLine.declared))
        .where(LotLine.lot_id.in_(lot_ids))
        .group_by(LotLine.lot_id)
    )
    return {lot_id: int(units) for lot_id, units in session().execute(statement)}


def _outcomes(references: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What units.queries.outcomes says of one lot, for many."""
    columns = (Engagement.reference, Engagement.outcome, Unit.state, Engagement.extra)
    statement = (
        sa.select(*columns, sa.func.count().label("units"))
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "lot", Engagement.reference.in_(references))
        .group_by(*columns)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in session().execute(statement).mappings():
        found.setdefault(row["reference"], []).append(dict(row))
    return found


def _chosen_organisations(role: str | None, state: str | None, text: str) -> sa.Select[Organisation]:
    statement = sa.select(Organisation)
    if role:
        holders = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role == role)
        statement = statement.where(Organisation.id.in_(holders))
    if state:
        statement = statement.where(Organisation.state == state)
    if text:
        statement = statement.where(
            sa.or_(
                Organisation.name.icontains(text, autoescape=True),
                Organisation.siret.startswith(text, autoescape=True),
            )
        )
    return statement


def count_organisations(role: str | None = None, state: str | None = None, text: str = "") -> int:
    """How many organisations the filters leave."""
    chosen = _chosen_organisations(role, state, text).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(chosen)) or 0


def organisations(
    role: str | None = None, state: str | None = None, text: str = "", *, offset: int = 0, limit: int = 25
) -> list[Organisation]:
    """A page of organisations by name, those to verify first."""
    statement = _chosen_organisations(role, state, text)
    order = ((Organisation.state == "to_verify").desc(), Organisation.name, Organisation.id)
    return list(session().scalars(statement.order_by(*order).offset(offset).limit(limit)))


def roles_of(organisation_ids: list[int]) -> dict[int, list[str]]:
    """Organisation id → roles, in one statement."""
    found: dict[int, list[str]] = {}
    chosen = sa.select(OrganisationRole).where(OrganisationRole.organisation_id.in_(organisation_ids))
    for row in session().scalars(chosen.order_by(OrganisationRole.role)):
        found.setdefault(row.organisation_id, []).append(row.role)
    return found


def people_of(organisation_id: int) -> list[tuple[Person, Membership]]:
    """Members of an organisation with their membership, those whose access has ended included."""
    statement = (
        sa.select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name, Person.id)
    )
    return list(session().execute(statement))


def stock_of(organisation_id: int) -> dict[str, int]:
    """Units in an organisation's custody, by state."""
    kept = Unit.custodian_id == organisation_id
    statement = sa.select(Unit.state, sa.func.count()).where(kept).group_by(Unit.state)
    return dict(session().execute(statement).all())


def ongoing(organisation_id: int) -> Ongoing:
    """What is under way with an organisation on either side: four statements."""

    def count(model: Any, *criteria: sa.ColumnElement[bool]) -> int:
        return session().scalar(sa.select(sa.func.count()).select_from(model).where(*criteria)) or 0

    return Ongoing(
        lots=count(Lot, Lot.holder_id == organisation_id, Lot.state == "published"),
        claims=count(
            Claim,
            sa.or_(Claim.holder_id == organisation_id, Claim.organisation_id == organisation_id),
            Claim.state.in_(("submitted", "awarded")),
        ),
        pickups=count(
            Pickup,
            sa.or_(Pickup.holder_id == organisation_id, Pickup.actor_id == organisation_id),
            Pickup.state.in_(("proposed", "countered", "agreed")),
        ),
        reservations=count(
            Reservation,
            sa.or_(Reservation.seller_id == organisation_id, Reservation.beneficiary_id == organisation_id),
            Reservation.state.in_(("placed", "confirmed", "prepared")),
        ),
    )


def waste_waiting() -> int:
    """Units declared waste that no batch has taken away."""
    statement = sa.select(sa.func.count()).select_from(WasteRecord).where(WasteRecord.batch_id.is_(None))
    return session().scalar(statement) or 0


def undelivered() -> int:
    """Messages that could not be delivered."""
    return len(notices.undelivered())
