"""More time for a reservation: asked by the beneficiary, once, unless somebody waits for the same devices."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, mails, policy
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.waiting.waiting_models import WaitingEntry
from reuse_market.units import queries as units
from reuse_market.units.models import Unit

TWICE = "reservation.extend.twice"


@command
def extend_reservation(reference: str, *, actor: Actor) -> Reservation:
    """Keep the units for the dated delay more (`reservation.extension`); its seller is told.

    Refused: NotAllowed to all but the beneficiary; Conflict when it is over or past its end, was extended
    before, or when a structure waits for the same devices.
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
    """Whether somebody else waits for this group, or for something these units would satisfy."""
    entry = WaitingEntry
    waiting = sa.select(entry.id).where(
        entry.state == "waiting", entry.organisation_id.not_in((found.beneficiary_id, found.seller_id))
    )
    held = session().get(Unit, next(iter(units.engaged_ids("hold", found.reference)), 0))
    if held is None:
        return False
    none = sa.func.coalesce
    described = sa.and_(
        entry.group_key.is_(None), entry.kind == held.kind,
        none(entry.least_ram_mb, 0) <= (held.ram_mb or 0),
        none(entry.least_storage_mb, 0) <= (held.storage_mb or 0),
        none(entry.least_screen_tenths, 0) <= (held.screen_tenths or 0),
    )  # fmt: skip
    wanted = waiting.where(sa.or_(entry.group_key == found.group_key, described)).limit(1)
    return session().scalar(wanted) is not None
