"""Grouped collection days: a place, slots and quotas for those who have too little for a round of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import OrganisationRole, Site
from reuse_market.accounts.policy import oversees
from reuse_market.claims import queries as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import arrival_mails, mails, policy, queries
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import CollectionDay, CollectionSlot, Pickup
from reuse_market.collection.services import slots
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import T, Workflow, refusal
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal

MOST_SLOTS, MOST_PLACES = 12, 200
HOLDING = ("proposed", "countered", "agreed", "done")  # states of a pick-up that keep its place
Hours = tuple[str, str, int]  # from, to, places


def opens(actor: Actor, _day: Any = None) -> bool:
    """Somebody who may commit a reuse actor, or the operator."""
    return policy.collects(actor) or (actor.has("operator", "administrator") and actor.commits)


def organiser(actor: Actor, day: Any) -> bool:
    """The organisation that opened the day, by somebody who may commit it."""
    return actor.is_org(day.organiser_id) and actor.commits and bool(actor.roles)


DAYS = Workflow[CollectionDay](
    "collection_day",
    CollectionDay,
    ("open", "closed", "cancelled"),
    [
        T("close", ["open"], "closed", organiser, "day.closed"),
        T("reopen", ["closed"], "open", organiser, "day.reopened"),
        T("cancel", ["open", "closed"], "cancelled", organiser, "day.cancelled"),
    ],
)


@dataclass(frozen=True, slots=True)
class SlotView:
    """Hours of a day: so many places, so many taken."""

    id: int
    from_time: str
    to_time: str
    places: int
    taken: int

    @property
    def free(self) -> int:
        """Places left."""
        return max(0, self.places - self.taken)


@command
def open_day(
    site_id: int,
    day: date,
    hours: Sequence[Hours],
    *,
    actor: Actor,
    note: str = "",
    most_units: int | None = None,
) -> CollectionDay:
    """Open a grouped day at a place. A reuse actor's takes only its own awards; the operator's anybody's.

    Refused: who neither collects nor operates; a place that is not among `places`; a day in the past; no slot,
    one upside down, or without a place (Invalid).
    """
    if not opens(actor):
        raise refusal(opens, actor, "day.open")
    if site_id not in {site.id for site in places(actor)}:
        raise Invalid(N_("Choose a place from the list."), field="site_id", code="day.site")
    if day < clock.today():
        raise Invalid(N_("Choose a day from today on."), field="day", code="day.past")
    _check(hours)
    own = policy.collects(actor)
    made = CollectionDay(
        reference=next_reference("JOU"), state="open", organiser_id=actor.organisation_id,
        actor_id=actor.organisation_id if own else None, site_id=site_id, day=day, note=note.strip()[:500],
        most_units=most_units, made_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add_all(
        CollectionSlot(day_id=made.id, from_time=start, to_time=end, places=count)
        for start, end, count in hours
    )
    session().flush()
    _write("day.opened", made, actor, {"slots": len(hours), "places": sum(count for _, _, count in hours)})
    return made


@command
def take_slot(claim_reference: str, slot_id: int, *, actor: Actor, of_day: str | None = None) -> Pickup:
    """The holder brings what a claim was awarded on a grouped day: a pick-up at the place of the day.

    On the collecting actor's own day it is agreed at once; on the operator's, the actor answers. `of_day`: the
    day's reference, when the slot was read on its page. Refused: not the holder; a day that is over or
    another actor's; no place left, or more devices than the day takes (Conflict).
    """
    seen = claims.seen(claim_reference, actor)
    if not (actor.is_org(seen.holder_id) and actor.commits):
        raise refusal(lambda one: one.is_org(seen.holder_id) and one.commits, actor, "day.take")
    lot = lock(Lot, Lot.id == seen.lot_id)
    claim = lock(Claim, Claim.id == seen.id)
    slot = session().get(CollectionSlot, slot_id)
    day = lock(CollectionDay, CollectionDay.id == slot.day_id) if slot is not None else None
    if slot is None or day is None or of_day not in (None, day.reference):
        raise NotFound(N_("This slot does not exist."))
    _check_place(day, slot, claim)
    asked_by = day.actor_id or actor.organisation_id  # an actor's open day is its standing offer
    columns = slots.slot_of(actor, day.day, slot.from_time, slot.to_time, "") | {
        "arrival": "collection_day", "site_id": day.site_id, "slot_id": slot.id, "asked_by_id": asked_by,
    }  # fmt: skip
    made = slots.begin(claim, lot, actor, columns)
    if day.actor_id is None:
        mails.proposed(made)
        return made
    return slots.agree_pickup(made.reference, actor=actor)


@command
def close_day(reference: str, *, actor: Actor) -> CollectionDay:
    """No more holder takes a slot; those taken stay."""
    return _fire("close", reference, actor)


@command
def reopen_day(reference: str, *, actor: Actor) -> CollectionDay:
    """Slots may be taken again."""
    return _fire("reopen", reference, actor)


@command
def cancel_day(reference: str, *, actor: Actor) -> CollectionDay:
    """The day will not take place: its pick-ups are called off, each holder is told; the awards stay."""
    day = _fire("cancel", reference, actor)
    for pickup_reference in _booked(day.id, ("proposed", "countered", "agreed")):
        pickup, claim, lot = slots.locked(pickup_reference, SYSTEM)
        row = FLOW.fire("day_off", pickup, SYSTEM)
        slots.let_go(pickup, claim, lot, SYSTEM, "cancelled", row.event)
        arrival_mails.day_cancelled(day, pickup)
    return day


def get(reference: str) -> CollectionDay:
    """The day of that reference; NotFound."""
    statement = sa.select(CollectionDay).where(CollectionDay.reference == reference)
    found = session().scalars(statement).one_or_none()
    if found is None:
        raise NotFound(N_("This collection day does not exist."))
    return found


def to_come(actor: Actor) -> list[CollectionDay]:
    """Days from today on, by date: the open ones, and the reader's own in any state."""
    seen = CollectionDay.state == "open"
    if not oversees(actor):
        seen = sa.or_(seen, CollectionDay.organiser_id == (actor.organisation_id or 0))
    else:
        seen = sa.true()
    statement = sa.select(CollectionDay).where(CollectionDay.day >= clock.today(), seen)
    return list(session().scalars(statement.order_by(CollectionDay.day, CollectionDay.id)))


def slots_of(day: CollectionDay) -> list[SlotView]:
    """The slots of a day in order, with the places taken."""
    taken = (
        sa.select(sa.func.count(Pickup.id))
        .where(Pickup.slot_id == CollectionSlot.id, Pickup.state.in_(HOLDING))
        .scalar_subquery()
    )
    statement = (
        sa.select(CollectionSlot, taken)
        .where(CollectionSlot.day_id == day.id)
        .order_by(CollectionSlot.from_time, CollectionSlot.id)
    )
    return [SlotView(s.id, s.from_time, s.to_time, s.places, n) for s, n in session().execute(statement)]


def bookings(day: CollectionDay, actor: Actor) -> list[queries.PickupView]:
    """Who comes when: all of them for the organiser and those who oversee, else those the reader is a side of."""
    views = queries.of_references(_booked(day.id, HOLDING))
    if actor.is_org(day.organiser_id) or oversees(actor):
        return views
    return [view for view in views if actor.organisation_id in (view.holder_id, view.actor_id)]


def sees_place(day: CollectionDay, actor: Actor) -> bool:
    """Whose place it is, those who oversee, and who has a slot read the address; others the commune."""
    return actor.is_org(day.organiser_id) or oversees(actor) or bool(bookings(day, actor))


def waiting_claims(day: CollectionDay, holder_id: int) -> list[claims.ClaimView]:
    """A holder's claims with awarded devices no pick-up holds, that may come on this day."""
    return [
        view for view in claims.received(holder_id)
        if view.open_units > view.in_pickup and day.actor_id in (None, view.organisation_id)
    ]  # fmt: skip


def places(actor: Actor) -> list[Site]:
    """Where this actor may open a day: its own sites, and for the operator those of every reuse actor."""
    own = list(accounts.sites_of(actor.organisation_id or 0))
    if not actor.has("operator", "administrator"):
        return own
    collecting = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role == "reuse_actor")
    others = session().scalars(
        sa.select(Site).where(Site.organisation_id.in_(collecting)).order_by(Site.name)
    )
    return [*own, *(site for site in others if site.organisation_id != actor.organisation_id)]


def _check(hours: Sequence[Hours]) -> None:
    if not 1 <= len(hours) <= MOST_SLOTS:
        raise Invalid(N_("Give at least one slot."), field="slots", code="day.slots")
    for start, end, count in hours:
        if not (slots.TIME.match(start) and slots.TIME.match(end)):
            raise Invalid(N_("Enter a time, for example 09:30."), field="slots", code="day.time")
        if start >= end:
            raise Invalid(N_("The end must come after the beginning."), field="slots", code="day.order")
        if not 1 <= count <= MOST_PLACES:
            raise Invalid(
                N_("Enter a number between 1 and %(most)s."),
                field="slots",
                code="day.places",
                most=MOST_PLACES,
            )


def _check_place(day: CollectionDay, slot: CollectionSlot, claim: Claim) -> None:
    if day.state != "open" or day.day < clock.today():
        raise Conflict(N_("This collection day takes nobody any more."), code="day.over")
    if day.actor_id not in (None, claim.organisation_id):
        raise Conflict(N_("This day is for devices awarded to its organiser."), code="day.other-actor")
    statement = sa.select(sa.func.count(Pickup.id))
    taken = session().scalar(statement.where(Pickup.slot_id == slot.id, Pickup.state.in_(HOLDING))) or 0
    if taken >= slot.places:
        raise Conflict(N_("This slot is full: choose another one."), code="day.full")
    count = sum(len(ids) for ids in queries.without_pickup(claim.reference).values())
    if day.most_units is not None and count > day.most_units:
        raise Conflict(
            N_("This day takes at most %(most)s devices of one holder: propose a pick-up instead."),
            code="day.too-many", most=day.most_units,
        )  # fmt: skip


def _booked(day_id: int, states: Sequence[str]) -> list[str]:
    statement = (
        sa.select(Pickup.reference)
        .join(CollectionSlot, CollectionSlot.id == Pickup.slot_id)
        .where(CollectionSlot.day_id == day_id, Pickup.state.in_(states))
        .order_by(Pickup.from_time, Pickup.id)
    )
    return list(session().scalars(statement))


def _fire(action: str, reference: str, actor: Actor) -> CollectionDay:
    day = lock(CollectionDay, CollectionDay.id == get(reference).id)
    row = DAYS.fire(action, day, actor)
    _write(row.event, day, actor, {})
    return day


def _write(event: str, day: CollectionDay, actor: Actor, facts: dict[str, Any]) -> None:
    told = {"day": day.reference} | facts
    journal.append(journal.Act(actor), f"organisation/{day.organiser_id}", event, facts=told)
