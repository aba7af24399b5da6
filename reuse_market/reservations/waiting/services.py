"""Verbs of the waiting list: join, leave, accept what is offered. Letting pass is releasing the offer."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, placing
from reuse_market.reservations import mails as booking_mails
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import proposing, reading
from reuse_market.reservations.waiting import mails, policy, serving
from reuse_market.reservations.waiting.lifecycle import OPEN, UNKNOWN, WAITING
from reuse_market.reservations.waiting.waiting_models import WaitingEntry

MOST_OPEN = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one waits for, beside the kind; None: whatever. Sizes in GB, screens in tenths of an inch."""

    ram_gb: int | None = None
    storage_gb: int | None = None
    screen_tenths: int | None = None
    worst_grade: str | None = None
    most_cents: int | None = None

    def columns(self) -> dict[str, int | str | None]:
        """As kept: 16 GB are what is shown as 16 GB, rounded as the catalogue does."""
        return {
            "least_ram_mb": self.ram_gb * 1024 - 512 if self.ram_gb else None,
            "least_storage_mb": self.storage_gb * 1000 - 500 if self.storage_gb else None,
            "least_screen_tenths": self.screen_tenths, "worst_grade": self.worst_grade,
            "most_cents": self.most_cents,
        }  # fmt: skip


@command
def join(
    kind: str, units: int, *, actor: Actor, wanted: Wanted | None = None, fewer: bool = False
) -> WaitingEntry:
    """Wait for `units` devices of a kind with these minimums; what is ready already is offered at once.

    `fewer`: be offered what there is, and wait for the rest. Refused: NotAllowed to who does not reserve; Invalid
    for an unknown kind or a number outside 1–500; Conflict beyond 20 open places or for the same one twice.
    """
    return _join(kind, units, wanted or Wanted(), fewer, actor)


@command
def join_group(group_key: str, units: int, *, actor: Actor, fewer: bool = False) -> WaitingEntry:
    """Wait for devices of one identical group. Conflict when enough are ready: they are reserved, not waited for."""
    _require(actor)
    group = placing.reservable(group_key, actor)
    if group.units >= units > 0:
        raise Conflict(N_("%(left)s are ready: reserve them."), code="waiting.enough", left=group.units)
    return _join(group.kind, units, Wanted(), fewer, actor, group)


@command
def leave(reference: str, *, actor: Actor) -> WaitingEntry:
    """Give up the place. Conflict while something is offered: accept it or let it pass."""
    entry: WaitingEntry | None = lock(WaitingEntry, WaitingEntry.reference == reference)
    if entry is None:
        raise NotFound(UNKNOWN)
    WAITING.fire("leave", entry, actor, ended_at=clock.now())
    serving.write(entry, "waiting.left", actor)
    return entry


@command
def accept(reference: str, *, actor: Actor) -> Reservation:
    """Take what is offered, in turn or for a need: it becomes a reservation like any other, and the seller is told.

    A rest that is still wanted keeps its place in the list. Refused: not the beneficiary; nothing is offered;
    its last day is over (the next one's turn).
    """
    if (match := reading.held_by(reference)) is not None:
        proposing.accept_match(match, actor=actor)
        return acting.locked(reference)
    found = acting.locked(reference)
    BOOKING.require("accept", found, actor)
    acting.require_running(found)
    until = clock.in_days(delay_days("reservation.hold"))
    doing = acting.fire("accept", found, actor, offered_until=None, until=until)
    acting.tell(doing, found, "reservation.accepted")
    entry: WaitingEntry | None = lock(
        WaitingEntry, WaitingEntry.reservation == reference, WaitingEntry.state == "offered"
    )
    if entry is None:
        raise Conflict(N_("Nothing is offered any more."), code="waiting.over")
    rest = entry.units - found.units
    if rest > 0:
        WAITING.fire("accept_part", entry, actor, units=rest, reservation=None)
        serving.write(entry, "waiting.served-in-part", actor)
    else:
        WAITING.fire("accept", entry, actor, ended_at=clock.now())
        serving.write(entry, "waiting.served", actor)
    booking_mails.placed(found)
    return found


def _require(actor: Actor) -> None:
    if not policy.may_wait(actor):
        raise refusal(policy.may_wait, actor, "waiting.join")


def _join(
    kind: str, units: int, wanted: Wanted, fewer: bool, actor: Actor, group: catalogue.Group | None = None
) -> WaitingEntry:
    _require(actor)
    placing.check(units, "collect")
    if equipment.kind(kind) is None:
        raise Invalid(N_("Choose an answer in the list."), field="kind")
    made = WaitingEntry(
        reference=next_reference("ATT"), state="waiting", organisation_id=actor.organisation_id, kind=kind,
        group_key=group.key if group else None, title=f"{group.maker} {group.model}".strip() if group else "",
        units=units, fewer=fewer, joined_at=clock.now(), **wanted.columns(),
    )  # fmt: skip
    _require_new(made)
    session().add(made)
    session().flush()
    serving.write(made, "waiting.joined", actor)
    mails.joined(made)
    found = [group] if group else catalogue.groups(catalogue.Filters(kind=kind), serving.OVERSEER)
    for one in sorted(found, key=lambda each: (each.seller_id, each.key)):
        if made.state == "waiting" and _satisfied(made, one):
            acting.queue_up(one.seller_id)
            serving.after([one.key])
            session().refresh(made)
    return made


def _satisfied(entry: WaitingEntry, group: catalogue.Group) -> bool:
    found = sa.select(WaitingEntry.id).where(WaitingEntry.id == entry.id, *serving.MATCHING)
    return session().scalar(found, serving.terms(group)) is not None


def _require_new(entry: WaitingEntry) -> None:
    mine = sa.select(WaitingEntry).where(
        WaitingEntry.organisation_id == entry.organisation_id, WaitingEntry.state.in_(OPEN)
    )
    known = session().scalars(mine).all()
    if len(known) >= MOST_OPEN:
        raise Conflict(N_("You wait in %(most)s places already: leave one first."), most=MOST_OPEN)
    same = (
        "kind", "group_key", "least_ram_mb", "least_storage_mb", "least_screen_tenths", "worst_grade", "most_cents",
    )  # fmt: skip
    for other in known:
        if all(getattr(other, name) == getattr(entry, name) for name in same):
            raise Conflict(
                N_("You wait for this already, under %(reference)s."), code="waiting.twice",
                reference=other.reference,
            )  # fmt: skip
