"""What waits for somebody, whoever that is: the operator's one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.claims.models import Claim, Share
from reuse_market.collection.models import NoteRevision, Pickup, Shipment
from reuse_market.collection.shipments.reminding import DELAY
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.proofs.auditing import queries as auditing
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import waiting as needs
from reuse_market.reservations.requests import queries as requests
from reuse_market.units.models import Engagement

SOON = 10  # days before a lot's last day for requests: late enough to worry, early enough to phone


@dataclass(frozen=True, slots=True)
class Task:
    """One line: when it is due, what it is (a key of words.TASKS), on what, whose turn, where to act.

    `who` is empty where it is the operator's turn.
    """

    due: date
    what: str
    reference: str
    subject: str
    who: str
    endpoint: str
    key: dict[str, str | int]


def tasks() -> list[Task]:
    """Everything that waits, soonest first; a constant number of statements."""
    found = [
        *_alarms(),
        *_claims(),
        *_shares(),
        *_awards(),
        *_pickups(),
        *_revisions(),
        *_shipments(),
        *_unclaimed(),
        *_reservations(),
        *_needs(),
        *_organisations(),
        *_requests(),
    ]
    return sorted(found, key=lambda task: (task.due, task.what, task.reference))


def _alarms() -> list[Task]:
    """A checkpoint refused, a self-audit that failed: the operator's turn."""
    alarm = auditing.alarm()
    if alarm is None:
        return []
    found = []
    if alarm.refusal is not None:
        found.append(Task(_day(alarm.refusal.at), "log-refused", "", "", "", "checkpoints.explained", {}))
    if alarm.audit is not None:
        what = "audit-broke" if alarm.audit.broke else "audit-failed"
        day, key = _day(alarm.audit.asked_at), {"audit_id": alarm.audit.id}
        found.append(Task(day, what, "", "", "", "audits.one", dict(key)))
    return found


def _claims() -> list[Task]:
    """Claims the holder has not answered."""
    statement = (
        sa.select(Claim, Lot.title, Organisation.name)
        .join(Lot, Lot.id == Claim.lot_id)
        .join(Organisation, Organisation.id == Lot.holder_id)
        .where(Claim.state == "submitted")
    )
    return [
        _at("claims.claim", claim.answer_until, "claim", claim.reference, title, holder)
        for claim, title, holder in session().execute(statement)
    ]


def _shares() -> list[Task]:
    """Proposals of share that wait: the holder's turn; the operator may answer too."""
    statement = (
        sa.select(Share.answer_until, Lot.reference, Lot.title, Organisation.name)
        .join(Lot, Lot.id == Share.lot_id)
        .join(Organisation, Organisation.id == Share.holder_id)
        .where(Share.state == "proposed")
    )
    return [
        _at("claims.share", until, "share", reference, title, holder)
        for until, reference, title, holder in session().execute(statement)
    ]


def _awards() -> list[Task]:
    """Awarded units that no pick-up is planned for, one line a claim: the actor's turn."""
    award, pickup = aliased(Engagement), aliased(Engagement)
    planned = sa.exists().where(
        pickup.unit_id == award.unit_id, pickup.kind == "pickup", pickup.until_at.is_(None)
    )
    waiting = sa.exists().where(
        award.kind == "award", award.reference == Claim.reference, award.until_at.is_(None), ~planned
    )
    statement = (
        sa.select(Claim, Lot.title, Organisation.name)
        .join(Lot, Lot.id == Claim.lot_id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(Claim.state == "awarded", waiting)
    )
    return [
        _at("claims.claim", _day(row.answered_at or row.submitted_at), "award", row.reference, title, who)
        for row, title, who in session().execute(statement)
    ]


def _pickups() -> list[Task]:
    """Slots without an answer, days gone by, failures, and handovers the holder has not signed."""
    statement = (
        sa.select(Pickup, Lot.title)
        .join(Lot, Lot.id == Pickup.lot_id)
        .where(
            sa.or_(
                Pickup.state.in_(("proposed", "countered", "failed")),
                sa.and_(Pickup.state == "agreed", Pickup.day < clock.today()),
                sa.and_(Pickup.state == "done", Pickup.holder_signed_at.is_(None)),
            )
        )
    )
    found = session().execute(statement).all()
    names = accounts.names(i for pickup, _ in found for i in (pickup.holder_id, pickup.actor_id))
    return [
        _at(
            "collection.pickup",
            pickup.answer_until if pickup.state in ("proposed", "countered") else pickup.day,
            f"pickup-{pickup.state}",
            pickup.reference,
            title,
            names.get(_whose_turn(pickup), ""),
        )
        for pickup, title in found
    ]


def _whose_turn(pickup: Pickup) -> int:
    """The side that has to act: the one that did not propose; the holder to sign; else who collects."""
    if pickup.state in ("proposed", "countered") and pickup.asked_by_id == pickup.actor_id:
        return pickup.holder_id
    return pickup.holder_id if pickup.state == "done" else pickup.actor_id


def _revisions() -> list[Task]:
    """Revisions of handover notes: the other side's turn; the operator's once contested or unanswered."""
    statement = (
        sa.select(NoteRevision, Lot.title)
        .join(Pickup, Pickup.id == NoteRevision.pickup_id)
        .join(Lot, Lot.id == Pickup.lot_id)
        .where(NoteRevision.state.in_(("proposed", "escalated")))
    )
    found = session().execute(statement).all()
    names = accounts.names(i for one, _ in found for i in (one.holder_id, one.actor_id))
    return [
        _at(
            "collection.revision",
            one.answer_until,
            f"revision-{one.state}",
            one.reference,
            title,
            "" if one.state == "escalated"
            else names.get(one.holder_id if one.asked_by_id == one.actor_id else one.actor_id, ""),
        )
        for one, title in found
    ]  # fmt: skip


def _shipments() -> list[Task]:
    """Shipments that the receiver has not answered for the delay `shipment.remind`."""
    late = timedelta(days=delay_days(DELAY))
    statement = (
        sa.select(Shipment, Organisation.name)
        .join(Organisation, Organisation.id == Shipment.receiver_id)
        .where(Shipment.state == "sent", Shipment.sent_at < clock.now() - late)
    )
    return [
        _at("collection.shipment", _day(row.sent_at + late), "shipment", row.reference, "", name)
        for row, name in session().execute(statement)
    ]


def _unclaimed() -> list[Task]:
    """Published lots without any claim, near their last day."""
    claimed = sa.exists().where(Claim.lot_id == Lot.id, Claim.state.in_(("submitted", "awarded")))
    statement = (
        sa.select(Lot, Organisation.name)
        .join(Organisation, Organisation.id == Lot.holder_id)
        .where(Lot.state == "published", ~claimed, Lot.claims_until <= clock.in_days(SOON))
    )
    return [
        _at("lots.lot", lot.claims_until or clock.today(), "unclaimed", lot.reference, lot.title, holder)
        for lot, holder in session().execute(statement)
    ]


def _reservations() -> list[Task]:
    """Reservations the seller has not confirmed; what is only offered waits for somebody else."""
    asked = sa.select(Reservation).where(Reservation.state == "placed", Reservation.offered_until.is_(None))
    found = session().scalars(asked).all()
    names = accounts.names({party for row in found for party in (row.seller_id, row.beneficiary_id)})
    return [
        _at("reservations.reservation", row.until, "reservation", row.reference, names.get(row.beneficiary_id, ""),
            names.get(row.seller_id, ""))
        for row in found
    ]  # fmt: skip


def _requests() -> list[Task]:
    """Associations to call back: the operator's turn."""
    return [
        _at("requests.one", one.call_by, "request", one.reference, one.association_name, "")
        for one in requests.to_call()
    ]


def _needs() -> list[Task]:
    """Needs for which nothing is proposed since the dated delay: the operator's turn; proposals unanswered."""
    waiting = needs.unanswered()
    idle = needs.idle()
    asking = {one.organisation_id for one in idle if one.organisation_id is not None}
    names = accounts.names(asking | {match.organisation_id for match in waiting})
    codes = needs.references(match.need_id for match in waiting)
    found = [
        Task(match.until, "need-proposed", codes[match.need_id], "", names.get(match.organisation_id, ""),
             "needs.need", {"reference": codes[match.need_id]})
        for match in waiting
    ]  # fmt: skip
    return found + [
        _at(
            "needs.need",
            needs.idle_since(one),
            "need-idle",
            one.reference,
            names.get(one.organisation_id or 0, ""),
            "",
        )
        for one in idle
    ]


def _organisations() -> list[Task]:
    """Organisations that nobody has verified."""
    statement = sa.select(Organisation).where(Organisation.state == "to_verify")
    found = session().scalars(statement)
    return [
        Task(
            one.answer_until or _day(one.made_at), "organisation", one.registration_ref or "", one.name, "",
            "desk.organisation", {"organisation_id": one.id},
        )
        for one in found
    ]  # fmt: skip


def _at(endpoint: str, due: date, what: str, reference: str, subject: str, who: str) -> Task:
    return Task(due, what, reference, subject, who, endpoint, {"reference": reference})


def _day(instant: datetime) -> date:
    return instant.astimezone(clock.PARIS).date()
