"""Verb of the handover's plan: who carries, on which day, to which place."""

from __future__ import annotations

from datetime import date

from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, mails, policy
from reuse_market.reservations.handover import agreed
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import HandoverPlan, Reservation
from reuse_market.reservations.placing import DELIVERIES
from reuse_market.traceability import journal

OFFERED = N_(
    "These devices are only offered, until %(day)s: their transport is planned once they are accepted."
)
LONGEST_PLACE, LONGEST_CARRIER, MOST_DAYS = 200, 120, 366


def offered(found: Reservation, actor: Actor) -> bool:
    """Whether this actor may set the plan now."""
    return found.state in HOLDING and found.offered_until is None and policy.either(actor, found)


def require_open(found: Reservation) -> None:
    """Conflict where nothing is to plan: handed over, let go, or only offered yet."""
    if found.state not in HOLDING:
        raise Conflict(
            N_("This reservation is over: nothing is left to plan."), code="reservation.plan.state"
        )
    if found.offered_until is not None:
        raise Conflict(OFFERED, code="reservation.plan.offered", day=found.offered_until)


@command
def plan_handover(
    reference: str,
    *,
    actor: Actor,
    delivery: str,
    day: date | None = None,
    place: str = "",
    carrier: str = "",
) -> Reservation:
    """Either side writes down who carries, when and where; the other one gets an e-mail.

    Refused: who is no party; a reservation handed over or let go, devices only offered yet (Conflict); a third party
    without its name, a day gone by or more than a year ahead (Invalid).
    """
    found = acting.locked(reference)
    if not policy.either(actor, found):
        raise refusal(lambda one: policy.either(one, found), actor, "reservation.plan.not-allowed")
    require_open(found)
    place, carrier = " ".join(place.split()), " ".join(carrier.split())
    _check(delivery, day, place, carrier)
    plan = lock(HandoverPlan, HandoverPlan.reservation_id == found.id)
    if plan is None:
        plan = HandoverPlan(reservation_id=found.id)
        session().add(plan)
    plan.day, plan.place, plan.carrier = day, place, carrier if delivery == "carrier" else ""
    agreed.forget()
    found.delivery = delivery
    found.version += 1
    session().flush()
    doing, facts = journal.Act(actor), {"reservation": reference, "delivery": delivery}
    facts |= {"day": day.isoformat()} if day else {}
    acting.tell(doing, found, "reservation.planned", facts)
    mails.planned(found, by_id=actor.organisation_id)
    return found


def _check(delivery: str, day: date | None, place: str, carrier: str) -> None:
    if delivery not in DELIVERIES:
        raise Invalid(N_("Choose an answer in the list."), field="delivery")
    if delivery == "carrier" and not carrier:
        raise Invalid(N_("Say who carries the devices."), field="carrier")
    for field, text, most in (("place", place, LONGEST_PLACE), ("carrier", carrier, LONGEST_CARRIER)):
        if len(text) > most:
            raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=most)
        praise.require_plain(text, field=field)
    if day is not None and not 0 <= (day - clock.today()).days <= MOST_DAYS:
        raise Invalid(N_("Choose a day from today on, within a year."), field="day")
