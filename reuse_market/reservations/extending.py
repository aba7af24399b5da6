"""More time for a reservation: asked by the beneficiary, once, unless others wait for such devices."""

from __future__ import annotations

from datetime import timedelta

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, mails, policy, queries
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.waiting import serving

TWICE = "reservation.extend.twice"


@command
def extend_reservation(reference: str, *, actor: Actor) -> Reservation:
    """Keep the units for the dated delay more (`reservation.extension`); its seller is told.

    Refused: NotAllowed to all but the beneficiary; Conflict when it is over or past its end, was extended
    before, or when a structure waits for such devices, by the waiting list or by a promise it accepted.
    """
    found = acting.locked(reference)
    if not policy.beneficiary(actor, found):
        raise refusal(lambda one: policy.beneficiary(one, found), actor, "reservation.extend.not-allowed")
    if (why := _refused(found)) is not None:
        raise Conflict(why[1], code=why[0])
    found.until += timedelta(days=delay_days("reservation.extension"))
    found.extended_at = clock.now()
    found.version += 1
    session().flush()
    acting.tell(acting.journal.Act(actor), found, "reservation.extended")
    mails.extended(found)
    return found


def extended_now(reference: str, *, actor: Actor) -> bool:
    """The same for a button, which may be pressed twice: False where the time asked for was given already."""
    try:
        extend_reservation(reference, actor=actor)
    except Conflict as refused:
        if refused.code != TWICE:
            raise
        return False
    return True


def offered(found: Reservation, actor: Actor) -> bool:
    """Whether this actor may ask for more time now."""
    return policy.beneficiary(actor, found) and _refused(found) is None


def _refused(found: Reservation) -> tuple[str, str] | None:
    if found.state not in HOLDING or found.until < clock.today() or found.offered_until is not None:
        return "reservation.extend.state", N_("This reservation cannot be extended any more.")
    if found.extended_at is not None:
        return TWICE, N_("This reservation was extended once already: that is the most.")
    if _waited_for(found):
        return "reservation.extend.waited", N_("Others wait for these devices: they cannot be kept longer.")
    return None


def _waited_for(found: Reservation) -> bool:
    """Whether somebody else waits for such devices: in the waiting list, or by a promise made for a need."""
    if not serving.anybody():
        return False
    held = queries.held_units(found.reference)
    return bool(held) and serving.wanted(found, held[0])
