"""Interest in planned lots: saying it, changing it, taking it back; and telling what became of the lot.

An interest is no claim: it holds no unit, gives no right and no precedence when the lot is published.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.claims import interest, mails, policy
from reuse_market.claims.lifecycle import INTEREST
from reuse_market.claims.models import Interest
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot, LotLine
from reuse_market.regimes import queries as regimes
from reuse_market.traceability import journal

SETTLED = timedelta(minutes=10)  # changes made one after the other are told together


@command
def register_interest(lot_reference: str, units: int, note: str = "", *, actor: Actor) -> Interest:
    """Say that the organisation would like so many devices of a planned lot, or change what it said.

    Refused: a lot nobody announces (any more); no admitted reuse actor, recipient or public body; the holder
    itself; fewer than 1 device or more than are announced.
    """
    lot = _planned(lot_reference, actor)
    announced = session().scalar(sa.select(sa.func.sum(LotLine.declared)).where(LotLine.lot_id == lot.id))
    if not 1 <= units <= int(announced or 0):
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=int(announced or 0))
    said = {"units": units, "note": note.strip()[:500]}
    found = lock(Interest, Interest.lot_id == lot.id, Interest.organisation_id == actor.organisation_id,
                 Interest.state == "open")  # fmt: skip
    if found is not None:
        row = INTEREST.fire("change", found, actor, **said)
        _write(row.event, found, lot, actor)
        return found
    now = clock.now()
    made = Interest(
        state="open", lot_id=lot.id, organisation_id=actor.organisation_id, made_at=now, told_at=now, **said
    )
    session().add(made)
    session().flush()
    _write("interest.registered", made, lot, actor)
    mails.interest_received(made, lot)
    return made


@command
def withdraw_interest(lot_reference: str, *, actor: Actor) -> Interest:
    """Take the organisation's interest back. Refused: NotFound when it has none."""
    lot = lots.seen(lot_reference, actor)
    found = lock(Interest, Interest.lot_id == lot.id, Interest.organisation_id == (actor.organisation_id or 0),
                 Interest.state == "open")  # fmt: skip
    if found is None:
        raise NotFound(N_("Your organisation has said no interest in this lot."))
    row = INTEREST.fire("withdraw", found, actor, ended_at=clock.now())
    _write(row.event, found, lot, actor)
    return found


def tell_interested() -> int:
    """Job: those interested hear that their lot is published, given up or changed. How many were told."""
    changed = sa.and_(Lot.plan_changed_at > Interest.told_at, Lot.plan_changed_at <= clock.now() - SETTLED)
    statement = (
        sa.select(Interest.id)
        .join(Lot, Lot.id == Interest.lot_id)
        .where(Interest.state == "open", sa.or_(Lot.state != "planned", changed))
        .order_by(Interest.id)
    )
    return jobs.each(list(session().scalars(statement)), _tell, "interest.tell")


@command
def _tell(interest_id: int) -> None:
    lot_id = session().scalar(sa.select(Interest.lot_id).where(Interest.id == interest_id))
    lot = lock(Lot, Lot.id == lot_id)
    found = lock(Interest, Interest.id == interest_id)
    if found is None or lot is None or found.state != "open":
        return
    if lot.state == "planned":
        found.told_at = clock.now()
        mails.interest_changed(found, lot)
        return
    published = lot.published_at is not None
    row = INTEREST.fire("publish" if published else "end", found, SYSTEM, ended_at=clock.now())
    _write(row.event, found, lot, SYSTEM)
    (mails.interest_published if published else mails.interest_over)(found, lot)


def _planned(reference: str, actor: Actor) -> Lot:
    """The locked announced lot, for somebody who may be interested in it."""
    lot = lock(Lot, Lot.reference == reference)
    if lot is None or not lots.may_see(lot, actor):
        raise NotFound(N_("This lot does not exist."))
    kind = regimes.party_kind(actor.organisation_id) if actor.organisation_id else ""
    if not policy.may_be_interested(actor, lot, kind):
        raise NotAllowed(
            N_(
                "Only an admitted reuse actor, recipient or public body may say its interest in a lot to come."
            ),
            code="interest.not-allowed",
        )
    if not interest.may_register(lot, actor):
        raise Conflict(N_("This lot is not announced any more."), code="interest.lot-over")
    return lot


def _write(event: str, found: Interest, lot: Lot, actor: Actor) -> None:
    """In the journal of the organisation that is interested: who is, is not told to all who read the lot's."""
    facts = {"lot": lot.reference, "units": found.units}
    journal.append(journal.Act(actor), f"organisation/{found.organisation_id}", event, facts=facts)
