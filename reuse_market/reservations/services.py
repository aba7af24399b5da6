"""Verbs of reservations: place, confirm, prepare, hand over, release, expire.

Whatever the concurrency a unit is held once: the guarded UPDATE of units.act and the partial unique index on
its open `hold` engagement decide; losers get a Conflict that says how many are left.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from reuse_market.accounts import signatures
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.statements import after_a_look
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, freeing, mails, placing, policy, queries, slip
from reuse_market.reservations.acting import UNKNOWN
from reuse_market.reservations.handing import (
    LONGEST_NAME,
    renew_code,
    sign_as_beneficiary,
    sign_with_code,
)
from reuse_market.reservations.handover import kit
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.placing import DELIVERIES, MOST
from reuse_market.reservations.waiting import serving
from reuse_market.traceability import journal
from reuse_market.units import labels
from reuse_market.units import queries as units

NO_SLIP = N_("This reservation has ended without a handover: it has no slip.")
__all__ = [
    "DELIVERIES", "LONGEST_NAME", "MOST", "NO_SLIP", "UNKNOWN", "catalogue", "confirm_reservation",
    "expire_reservation", "place_reservation", "prepare_reservation", "release_reservation", "renew_code",
    "sign_as_beneficiary", "sign_with_code",
]  # fmt: skip


def _look(
    group_key: str, count: int, *, actor: Actor, order_number: str = "", delivery: str = "", note: str = "",
    once: str | None = None,
) -> None:  # fmt: skip
    """Conflict when the last unit is gone, before anything is locked; whatever else is wrong, the verb says."""
    asked = policy.may_reserve(actor) and 1 <= count <= MOST
    if asked and placing.none_left(group_key) and _already(once, actor) is None:
        raise placing.gone()


@after_a_look(_look)
@command
def place_reservation(
    group_key: str,
    count: int,
    *,
    actor: Actor,
    order_number: str = "",
    delivery: str = "collect",
    note: str = "",
    once: str | None = None,
) -> Reservation:
    """Hold `count` ready units of an identical group for the actor's organisation, for the dated delay.

    `once` names the form it came from: sent again, it answers the reservation already made.
    Refused: NotAllowed to who may not reserve; NotFound when nothing of the group is left; Conflict when
    fewer are left than asked (says how many); Invalid for a count outside 1–500, one's own stock, or with the
    article where the law says no.
    """
    if not policy.may_reserve(actor):
        raise refusal(
            policy.may_reserve, actor, "reservation.place",
            N_("Only buyers and associations reserve, through somebody who may commit them."),
        )  # fmt: skip
    if (again := _already(once, actor)) is not None:
        return again
    placing.check(count, delivery)
    part = placing.Part(placing.reservable(group_key, actor), count)
    placing.queue_up([part])
    serving.before([part.group], actor)
    common = {
        "order_number": order_number.strip()[:60], "delivery": delivery, "note": note.strip()[:500],
        "once": once,
    }  # fmt: skip
    [made] = placing.hold([part], doing=journal.Act(actor), common=common)
    mails.placed(made, part.group)
    return made


@command
def confirm_reservation(reference: str, *, actor: Actor) -> Reservation:
    """The seller confirms: each unit has its label, and a signature code is made for the beneficiary.

    Conflict once its last day is over.
    """
    found = acting.locked(reference)
    BOOKING.require("confirm", found, actor)
    acting.require_running(found)
    doing = acting.fire("confirm", found, actor, confirmed_at=clock.now())
    labels.ensure_labels(units.engaged_ids("hold", reference), actor=actor)
    days = acting.days_left(found)
    code = signatures.make_code(slip.owner(reference), found.beneficiary_id, valid_days=days)
    acting.tell(doing, found, "reservation.confirmed")
    mails.confirmed(found, code)
    return found


@command
def prepare_reservation(
    reference: str, *, actor: Actor, told: Mapping[str, str] | None = None
) -> Reservation:
    """The seller says the units are packed: the beneficiary may come, or wait for the delivery.

    They are kept for the dated delay (`reservation.collect`) from that day, never less than before. `told`: the
    kit, item → "in" or why it is missing (handover/kit.py), all of it; None or empty: not said.
    """
    found = acting.locked(reference)
    BOOKING.require("prepare", found, actor)
    if told:
        kit.keep(found, queries.held_units(reference), told)
    until = max(found.until, clock.in_days(delay_days("reservation.collect")))
    doing = acting.fire("prepare", found, actor, prepared_at=clock.now(), until=until)
    acting.tell(doing, found, "reservation.prepared")
    mails.prepared(found)
    return found


@command
def release_reservation(reference: str, *, actor: Actor, reason: str = "") -> Reservation:
    """Either party lets go: the units are ready again, for who waits for them first. The seller says why (Invalid
    without); what the waiting list offers, its beneficiary alone lets pass."""
    found = acting.locked_with_head(reference)
    BOOKING.require("release", found, actor)
    offered = found.offered_until is not None
    if not reason.strip() and not policy.beneficiary(actor, found):
        raise Invalid(N_("Say why, in a few words: the beneficiary reads it."), field="reason")
    doing = acting.fire("release", found, actor, reason=reason.strip()[:500], offered_until=None)
    freeing.give_back(doing, found, "released")
    if offered:
        serving.close(found, "pass", actor)
    else:
        mails.released(found, by_id=actor.organisation_id)
    serving.after([found.group_key])
    return found


@command
def expire_reservation(reservation_id: int) -> Reservation:
    """The hold has ended without handover: the units are ready again (job)."""
    reference = session().scalar(sa.select(Reservation.reference).where(Reservation.id == reservation_id))
    found = acting.locked_with_head(reference or "")
    if found.until >= clock.today():
        raise Conflict(N_("This reservation has not ended yet."))
    offered = found.offered_until is not None
    doing = acting.fire("expire", found, SYSTEM, offered_until=None)
    freeing.give_back(doing, found, "expired")
    if not offered or serving.close(found, "lapse", SYSTEM):  # of a proposal its need has told it
        mails.expired(found)
    serving.after([found.group_key])
    return found


def _already(once: str | None, actor: Actor) -> Reservation | None:
    if not once:
        return None
    statement = sa.select(Reservation).where(
        Reservation.once == once, Reservation.beneficiary_id == actor.organisation_id
    )
    return session().scalars(statement).one_or_none()


freeing.keep()  # what a proposal holds comes free with it
