"""Agreeing on a slot: propose, counter, agree, cancel, fail, propose again, expire."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import signatures
from reuse_market.claims import awards as claim_awards
from reuse_market.claims import queries as claims
from reuse_market.claims import services as claiming
from reuse_market.claims.models import Claim
from reuse_market.collection import mails, papers, policy, queries
from reuse_market.collection.arrivals import kinds, protocols
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import Container, Pickup, PickupCheck
from reuse_market.collection.rounds import following
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as moves
from reuse_market.units.labels import ensure_labels
from reuse_market.units.services import Closing, Move, Opening

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
FARTHEST = 366  # days: a slot later than that is a typing mistake


@command
def propose_pickup(
    claim_reference: str, *, actor: Actor, day: date, from_time: str, to_time: str, note: str = "", **way: str
) -> Pickup:
    """Propose a slot to the other side for every awarded unit that no pick-up holds yet.

    `way`: arrival (fetched | dropped_off | carrier), carrier_name, carrier_ref. Refused: not a side of the
    claim, or nobody who commits it; a slot in the past or upside down (Invalid); no unit waiting (Conflict).
    """
    seen = claims.seen(claim_reference, actor)
    lot = lock(Lot, Lot.id == seen.lot_id)
    claim = lock(Claim, Claim.reference == claim_reference)
    sides = policy.Sides(claim.holder_id, claim.organisation_id)
    if not policy.engages(actor, sides):
        raise refusal(lambda one: policy.engages(one, sides), actor, "pickup.propose")
    made = begin(
        claim, lot, actor, slot_of(actor, day, from_time, to_time, note) | kinds.terms(claim, lot, **way)
    )
    mails.proposed(made)
    return made


def begin(claim: Claim, lot: Lot, actor: Actor, columns: dict[str, Any]) -> Pickup:
    """Inside a command, both locked: a proposed pick-up of every awarded unit that none holds yet."""
    waiting = queries.without_pickup(claim.reference)
    if not waiting:
        raise Conflict(N_("No device of this claim waits for a pick-up."), code="pickup.nothing")
    made = Pickup(
        reference=next_reference("ENL"), state="proposed", claim_id=claim.id, lot_id=lot.id,
        holder_id=claim.holder_id, actor_id=claim.organisation_id, made_at=clock.now(), **columns,
    )  # fmt: skip
    session().add(made)
    session().flush()
    doing = journal.Act(actor)
    for line, ids in waiting.items():
        move = Move(opens=(Opening("pickup", made.reference, made.actor_id, line),))
        moves.act(move, ids, doing=doing, stream=f"lot/{lot.reference}", event_type="pickup.proposed",
                  facts=facts_of(made, claim, lot))  # fmt: skip
    return made


@command
def counter_pickup(
    reference: str, *, actor: Actor, day: date, from_time: str, to_time: str, note: str = ""
) -> Pickup:
    """Answer with another slot; it is then the other side's turn."""
    return _new_slot("counter", reference, actor, slot_of(actor, day, from_time, to_time, note))


@command
def repropose(
    reference: str, *, actor: Actor, day: date, from_time: str, to_time: str, note: str = ""
) -> Pickup:
    """After a pick-up that failed: another slot for the same units."""
    return _new_slot("repropose", reference, actor, slot_of(actor, day, from_time, to_time, note))


@command
def agree_pickup(reference: str, *, actor: Actor) -> Pickup:
    """Accept the slot on the table: units get their labels, the holder its code, both the pick-up order.

    Refused: the side that proposed it; a slot whose day has passed, or no loading protocol where the place
    wants one signed first (Conflict).
    """
    pickup, claim, lot = locked(reference, actor)
    FLOW.require("agree", pickup, actor)
    protocols.require(pickup)
    if pickup.day < clock.today():
        raise Conflict(N_("This day has passed: propose another one."), code="pickup.past")
    row = FLOW.fire("agree", pickup, actor)
    journal.append(journal.Act(actor), f"lot/{lot.reference}", row.event, facts=facts_of(pickup, claim, lot))
    ensure_labels(units.engaged_ids("pickup", reference), actor=actor)
    mails.agreed(pickup, make_code(pickup))
    papers.issue_order(pickup)
    return pickup


@command
def cancel_pickup(reference: str, reason: str, *, actor: Actor) -> Pickup:
    """Call a pick-up off, and say why. The units stay awarded, free for another pick-up.

    Called off late by who collects, they go back to the board: the award is released, who waits is asked.
    """
    pickup, claim, lot = locked(reference, actor)
    late = is_late(pickup, actor)
    row = FLOW.fire("cancel", pickup, actor, reason=_reason(reason))
    let_go(pickup, claim, lot, actor, "cancelled", row.event)
    following.moved(pickup)
    mails.cancelled(pickup, actor.organisation_id)
    if late and not claim_awards.has_pickup(claim):
        claiming.release_claim(claim.reference, pickup.reason, actor=actor)
    return pickup


@command
def fail_pickup(reference: str, reason: str, *, actor: Actor) -> Pickup:
    """Say that the agreed pick-up did not happen, and why. What was checked off is forgotten."""
    pickup, claim, lot = locked(reference, actor)
    row = FLOW.fire("fail", pickup, actor, reason=_reason(reason))
    session().execute(sa.delete(PickupCheck).where(PickupCheck.pickup_id == pickup.id))
    session().execute(sa.delete(Container).where(Container.pickup_id == pickup.id))
    journal.append(journal.Act(actor), f"lot/{lot.reference}", row.event, facts=facts_of(pickup, claim, lot))
    following.moved(pickup)
    mails.failed(pickup, actor.organisation_id)
    return pickup


def expire_due() -> int:
    """Job: slots nobody answered in time, or whose day has passed, expire. Returns how many."""
    late = sa.or_(Pickup.answer_until < clock.today(), Pickup.day < clock.today())
    statement = (
        sa.select(Pickup.id).where(Pickup.state.in_(["proposed", "countered"]), late).order_by(Pickup.id)
    )
    return jobs.each(list(session().scalars(statement)), _expire, "pickups.expire")


@command
def _expire(pickup_id: int) -> None:
    reference = session().scalar(sa.select(Pickup.reference).where(Pickup.id == pickup_id))
    pickup, claim, lot = locked(str(reference), SYSTEM)
    row = FLOW.fire("expire", pickup, SYSTEM)
    let_go(pickup, claim, lot, SYSTEM, "expired", row.event)
    following.moved(pickup)
    mails.expired(pickup)


def is_late(pickup: Pickup, actor: Actor) -> bool:
    """Whether this actor, who collects, would call an agreed pick-up off so late that it drops out."""
    near = pickup.day <= clock.in_days(delay_days("pickup.late"))
    return pickup.state == "agreed" and near and actor.is_org(pickup.actor_id)


def locked(reference: str, actor: Actor) -> tuple[Pickup, Claim, Lot]:
    """The pick-up, its claim and its lot, lot locked first. NotFound when the actor may not know of it."""
    seen = queries.get(reference)
    if seen is None or not (policy.may_see(actor, seen) or policy.system(actor, seen)):
        raise NotFound(N_("This pick-up does not exist."))
    lot = lock(Lot, Lot.id == seen.lot_id)
    claim = session().get(Claim, seen.claim_id)
    return lock(Pickup, Pickup.reference == reference), claim, lot  # type: ignore[return-value]


def make_code(pickup: Pickup) -> str:
    """A new signature code for the holder, alive until some days after the slot."""
    ahead = max(0, (pickup.day - clock.today()).days)
    days = ahead + delay_days("signature.code")
    return signatures.make_code(subject(pickup.reference), pickup.holder_id, valid_days=days)


def subject(reference: str) -> str:
    """What the holder's signature code of a pick-up is about; also the owner of its papers."""
    return f"pickup/{reference}"


def _new_slot(action: str, reference: str, actor: Actor, slot: dict[str, Any]) -> Pickup:
    pickup, claim, lot = locked(reference, actor)
    row = FLOW.fire(action, pickup, actor, reason="", **slot, **kinds.off_the_day(pickup, lot))
    journal.append(journal.Act(actor), f"lot/{lot.reference}", row.event, facts=facts_of(pickup, claim, lot))
    following.moved(pickup)
    mails.proposed(pickup)
    return pickup


def slot_of(actor: Actor, day: date, from_time: str, to_time: str, note: str) -> dict[str, Any]:
    """The columns of a slot this actor puts on the table. Refused (Invalid): in the past, upside down."""
    today = clock.today()
    if day < today:
        raise Invalid(N_("Choose a day from today on."), field="day", code="pickup.past")
    if day > today + timedelta(days=FARTHEST):
        raise Invalid(N_("Choose a day within a year."), field="day", code="pickup.far")
    for name, value in (("from_time", from_time), ("to_time", to_time)):
        if not TIME.match(value):
            raise Invalid(N_("Enter a time, for example 09:30."), field=name, code="pickup.time")
    if from_time >= to_time:
        raise Invalid(N_("The end must come after the beginning."), field="to_time", code="pickup.slot")
    answer = min(day, clock.in_days(delay_days("pickup.answer")))
    return {
        "day": day, "from_time": from_time, "to_time": to_time, "note": note.strip()[:500],
        "asked_by_id": actor.organisation_id, "answer_until": answer,
        "eve_told_at": None, "morning_told_at": None,
    }  # fmt: skip


def let_go(pickup: Pickup, claim: Claim, lot: Lot, actor: Actor, outcome: str, event: str) -> None:
    """Inside a command: close the pick-up's engagements; its units are only awarded again."""
    ids = units.engaged_ids("pickup", pickup.reference)
    move = Move(closes=(Closing("pickup", pickup.reference, outcome),))
    moves.act(move, ids, doing=journal.Act(actor), stream=f"lot/{lot.reference}", event_type=event,
              facts=facts_of(pickup, claim, lot))  # fmt: skip


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(N_("Say why, in a few words."), field="reason", code="pickup.reason")
    return text.strip()[:500]


def facts_of(pickup: Pickup, claim: Claim, lot: Lot) -> dict[str, Any]:
    """What every event of a pick-up says: references only."""
    return {"lot": lot.reference, "claim": claim.reference, "pickup": pickup.reference}
