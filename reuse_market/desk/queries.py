"""What the operator sees: every lot, every organisation, what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation, OrganisationRole, Person, Membership, Site
from reuse_market.claims.models import Claim
from reuse_market.collection.models import Pickup
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.notices import queries as notices
from reuse_market.refurbishing.models import WasteRecord
from reuse_market.reservations.models import Reservation
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the operator's list: when it is due, what it is, for whom it waits, where to act."""

    due: date
    what: str  # code: claim | pickup | unclaimed | reservation | organisation | message
    reference: str
    subject: str
    who: str
    endpoint: str
    key: dict[str, str]


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in the operator's list."""

    lot: Lot
    holder: str
    declared: int
    listed: int
    open_units: int


def tasks() -> list[Task]:
    """Everything that waits, soonest first."""
    found = [*_claims(), *_pickups(), *_unclaimed(), *_reservations(), *_organisations()]
    return sorted(found, key=lambda task: (task.due, task.reference))


def lots(state: str | None = None, text: str = "", offset: int = 0, limit: int = 25) -> tuple[list[LotRow], int]:
    """A page of lots, newest first, and how many there are in all."""
    statement = sa.select(Lot, Organisation.name).join(Organisation, Organisation.id == Lot.holder_id)
    if state:
        statement = statement.where(Lot.state == state)
    if text:
        like = f"%{text.lower()}%"
        statement = statement.where(
            sa.or_(
                sa.func.lower(Lot.title).like(like),
                sa.func.lower(Lot.reference).like(like),
                sa.func.lower(Organisation.name).like(like),
            )
        )
    total = session().scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    rows = session().execute(statement.order_by(Lot.id.desc()).offset(offset).limit(limit)).tuples().all()
    declared, listed, still_open = _lot_counts([lot for lot, _ in rows])
    return [
        LotRow(lot, name, declared.get(lot.id, 0), listed.get(lot.reference, 0), still_open.get(lot.reference, 0))
        for lot, name in rows
    ], total


def _lot_counts(found: list[Lot]) -> tuple[dict[int, int], dict[str, int], dict[str, int]]:
    ids = [lot.id for lot in found]
    references = [lot.reference for lot in found]
    declared = dict(
        session()
        .execute(
            sa.select(LotLine.lot_id, sa.func.sum(LotLine.declared))
            .where(LotLine.lot_id.in_(ids))
            .group_by(LotLine.lot_id)
        )
        .tuples()
        .all()
    )
    listed: dict[str, int] = {}
    still_open: dict[str, int] = {}
    statement = (
        sa.select(Engagement.reference, Unit.state, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "lot", Engagement.reference.in_(references), Engagement.until_at.is_(None))
        .group_by(Engagement.reference, Unit.state)
    )
    for reference, state, units in session().execute(statement):
        still_open[reference] = still_open.get(reference, 0) + units
        if state == "listed":
            listed[reference] = units
    return declared, listed, still_open


def organisations(role: str | None = None, state: str | None = None, text: str = "") -> list[Organisation]:
    """Organisations by name, those to verify first."""
    statement = sa.select(Organisation).order_by((Organisation.state == "to_verify").desc(), Organisation.name)
    if role:
        holders = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role == role)
        statement = statement.where(Organisation.id.in_(holders))
    if state:
        statement = statement.where(Organisation.state == state)
    if text:
        like = f"%{text.lower()}%"
        statement = statement.where(
            sa.or_(sa.func.lower(Organisation.name).like(like), Organisation.siret.like(f"{text}%"))
        )
    return list(session().scalars(statement))


def roles_of_all() -> dict[int, list[str]]:
    """Organisation id → roles."""
    found: dict[int, list[str]] = {}
    for row in session().scalars(sa.select(OrganisationRole).order_by(OrganisationRole.role)):
        found.setdefault(row.organisation_id, []).append(row.role)
    return found


def people_of(organisation_id: int) -> list[tuple[Person, str]]:
    """Members of an organisation with their rights."""
    statement = (
        sa.select(Person, Membership.rights)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name)
    )
    return list(session().execute(statement).tuples())


def sites_of(organisation_id: int) -> list[Site]:
    """Sites of an organisation."""
    return list(accounts.sites_of(organisation_id))


def stock_of(organisation_id: int) -> dict[str, int]:
    """Units in an organisation's custody, by state."""
    statement = (
        sa.select(Unit.state, sa.func.count()).where(Unit.custodian_id == organisation_id).group_by(Unit.state)
    )
    return dict(session().execute(statement).tuples().all())


def waste_waiting() -> int:
    """Units declared waste that no batch has taken away."""
    statement = sa.select(sa.func.count()).select_from(WasteRecord).where(WasteRecord.batch_id.is_(None))
    return session().scalar(statement) or 0


def undelivered() -> int:
    """Messages that could not be delivered."""
    return len(notices.undelivered())


def _claims() -> list[Task]:
    statement = (
        sa.select(Claim, Lot, Organisation.name)
        .join(Lot, Lot.id == Claim.lot_id)
        .join(Organisation, Organisation.id == Lot.holder_id)
        .where(Claim.state == "submitted")
    )
    return [
        Task(claim.answer_until, "claim", claim.reference, lot.title, holder, "claims.claim",
             {"reference": claim.reference})
        for claim, lot, holder in session().execute(statement)
    ]  # fmt: skip


def _pickups() -> list[Task]:
    statement = (
        sa.select(Pickup, Organisation.name)
        .join(Organisation, Organisation.id == Pickup.actor_id)
        .where(
            sa.or_(
                Pickup.state.in_(("proposed", "countered", "failed")),
                sa.and_(Pickup.state == "agreed", Pickup.day < clock.today()),
                sa.and_(Pickup.state == "done", Pickup.holder_signed_at.is_(None)),
            )
        )
    )
    return [
        Task(pickup.day, f"pickup-{pickup.state}", pickup.reference, "", who, "collection.pickup",
             {"reference": pickup.reference})
        for pickup, who in session().execute(statement)
    ]  # fmt: skip


def _unclaimed() -> list[Task]:
    """Published lots whose units nobody has claimed and whose last days run."""
    claimed = sa.exists().where(Claim.lot_id == Lot.id, Claim.state.in_(("submitted", "awarded")))
    statement = (
        sa.select(Lot, Organisation.name)
        .join(Organisation, Organisation.id == Lot.holder_id)
        .where(Lot.state == "published", ~claimed, Lot.claims_until <= clock.in_days(10))
    )
    return [
        Task(lot.claims_until or clock.today(), "unclaimed", lot.reference, lot.title, holder, "lots.lot",
             {"reference": lot.reference})
        for lot, holder in session().execute(statement)
    ]  # fmt: skip


def _reservations() -> list[Task]:
    statement = (
        sa.select(Reservation, Organisation.name)
        .join(Organisation, Organisation.id == Reservation.seller_id)
        .where(Reservation.state == "placed")
    )
    return [
        Task(row.until, "reservation", row.reference, "", seller, "reservations.reservation",
             {"reference": row.reference})
        for row, seller in session().execute(statement)
    ]  # fmt: skip


def _organisations() -> list[Task]:
    statement = sa.select(Organisation).where(Organisation.state == "to_verify")
    return [
        Task(row.made_at.astimezone(clock.PARIS).date(), "organisation", str(row.id), row.name, row.name,
             "desk.organisation", {"organisation_id": str(row.id)})
        for row in session().scalars(statement)
    ]  # fmt: skip
