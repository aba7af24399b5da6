"""What the operator does for an association: call, complete with it, say whose it is, tell what was found, close."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.notices.models import Message
from reuse_market.reservations.needs.services import attach_need
from reuse_market.reservations.requests import asking, links, mails, policy, posting, queries, telling
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.lifecycle import OPEN, REQUEST
from reuse_market.reservations.requests.request_models import (
    CALLS,
    OUTCOMES,
    AssociationRequest,
    RequestCall,
    RequestLink,
)

LONGEST_NOTE, LONGEST_PLACE = 500, 300
ONLY_OPERATOR = N_("Only the operator answers the requests of associations.")


@command
def take_request(
    answers: Answers, *, actor: Actor, note: str = "", language: str = "fr"
) -> AssociationRequest:
    """The operator takes a request down during a call (state called, source phone); posted as one sent by hand.

    Refused: NotAllowed to others; Invalid as `asking.send_request`.
    """
    if not policy.operator(actor):
        raise refusal(policy.operator, actor, "request.take", ONLY_OPERATOR)
    told = asking.checked(answers)
    made = AssociationRequest(
        reference=next_reference(asking.PREFIX), state="called", source="phone", language=language,
        asked_at=clock.now(), call_by=asking.call_day(), note=_short(note, LONGEST_NOTE),
    )  # fmt: skip
    asking.put(made, told)
    session().add(made)
    session().flush()
    posting.post(made, told, actor)
    telling.request(actor, "request.taken", made)
    mails.received(made)
    return made


@command
def complete_request(reference: str, answers: Answers, *, actor: Actor, note: str = "") -> AssociationRequest:
    """The operator answers the four questions with the association on the phone; needs follow (state called).

    Refused: NotAllowed; NotFound; Conflict when it is over, or devices are already proposed for what changes.
    """
    found = _locked(reference, actor)
    REQUEST.require("complete", found, actor)
    told = asking.checked(answers)
    asking.put(found, told)
    posting.follow(found, told, actor)
    REQUEST.fire("complete", found, actor, note=_short(note, LONGEST_NOTE), call_back=False)
    telling.request(actor, "request.completed", found)
    return found


@command
def record_call(reference: str, outcome: str, *, actor: Actor, note: str = "") -> RequestCall:
    """Write a call down. `reached`: the request is called. `no_answer`: it waits one delay more.

    Refused: NotAllowed; NotFound; Invalid for another outcome; Conflict when the request is over.
    """
    found = _locked(reference, actor)
    if outcome not in CALLS:
        raise Invalid(N_("Choose an answer."), field="outcome")
    if outcome == "reached":
        REQUEST.fire("call", found, actor, call_back=False)
    elif found.state == "received":
        REQUEST.fire("miss", found, actor, call_by=asking.call_day())
    else:
        REQUEST.require("call", found, actor)
    made = RequestCall(
        request_id=found.id, outcome=outcome, note=_short(note, LONGEST_NOTE), called_at=clock.now(),
        person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    telling.request(actor, "request.called" if outcome == "reached" else "request.missed", found)
    session().flush()
    return made


@command
def attach_request(reference: str, organisation_id: int, *, actor: Actor) -> AssociationRequest:
    """Say which organisation asks, once: its needs become the organisation's.

    Refused: NotAllowed; NotFound; Invalid when it is another's already, or may neither buy nor receive.
    """
    found = _locked(reference, actor)
    REQUEST.require("attach", found, actor)
    if found.organisation_id not in (None, organisation_id):
        raise Invalid(N_("This request is already another organisation’s."), field="organisation_id")
    for need in posting.open_needs(found):
        if need.organisation_id is None:
            attach_need(need.reference, organisation_id, actor=actor)
    asking.require_asking(organisation_id)
    REQUEST.fire("attach", found, actor, organisation_id=organisation_id)
    telling.request(actor, "request.attached", found)
    return found


@command
def announce(
    reference: str, units: int, *, actor: Actor, come_on: date | None = None, come_at: str = ""
) -> AssociationRequest:
    """Tell the association how many devices there are and, once known, the day and the place to come to; mailed.

    Refused: NotAllowed; NotFound; Invalid for 0 devices, a day gone by, a day without a place; Conflict when over.
    """
    found = _locked(reference, actor)
    place = "\n".join(" ".join(line.split()) for line in come_at.splitlines() if line.strip())
    if not 1 <= units <= 999:
        raise Invalid(N_("Enter a number between %(least)s and %(most)s."), field="units", least=1, most=999)
    if come_on is not None and come_on < clock.today():
        raise Invalid(N_("Choose today or a later day."), field="come_on")
    if come_on is not None and not place:
        raise Invalid(N_("Say where to come: name, street, commune, a line each."), field="come_at")
    REQUEST.fire(
        "announce", found, actor, found_units=units, come_on=come_on, come_at=_short(place, LONGEST_PLACE)
    )
    telling.request(actor, "request.announced", found, {"units": units, "dated": int(come_on is not None)})
    mails.announced(found)
    return found


@command
def close_request(reference: str, outcome: str, *, actor: Actor) -> AssociationRequest:
    """The request is over: `met`, or `unmet`; what is open of its needs is closed; mailed."""
    found = _locked(reference, actor)
    if outcome not in OUTCOMES:
        raise Invalid(N_("Choose an answer."), field="outcome")
    return asking.end(found, actor, "close", outcome)


@command
def give_up(reference: str, *, actor: Actor) -> AssociationRequest:
    """The association gives up, on the phone. Conflict when the request is over."""
    return asking.end(_locked(reference, actor), actor, "cancel")


@command
def new_link(reference: str, *, actor: Actor) -> str:
    """A personal link of the request, to print in a letter or to read out: its address, shown this once."""
    found = _locked(reference, actor)
    if not policy.operator(actor):
        raise refusal(policy.operator, actor, "request.link", ONLY_OPERATOR)
    if found.forgotten_at is not None:
        raise Conflict(N_("The contact facts of this request are forgotten."), code="request.forgotten")
    telling.request(actor, "request.link-made", found)
    return links.make_link(found)


@command
def forget_request(reference: str, *, actor: Actor) -> AssociationRequest:
    """Forget who asked: name, phone, address, notes, links and mails go; what was asked stays. Over only.

    Refused: NotAllowed; NotFound; Conflict while it is open: cancel or close it first.
    """
    found = _locked(reference, actor)
    if not (policy.operator(actor) or actor.via == "system"):
        raise refusal(policy.operator, actor, "request.forget", ONLY_OPERATOR)
    if found.state in OPEN:
        raise Conflict(N_("Close this request before its contact facts are forgotten."), code="request.open")
    if found.email:
        about = sa.delete(Message).where(Message.about == f"request/{found.reference}")
        session().execute(about)
    session().execute(sa.delete(RequestLink).where(RequestLink.request_id == found.id))
    notes = sa.update(RequestCall).where(RequestCall.request_id == found.id).values(note="")
    session().execute(notes)
    found.association_name = found.phone = found.email = found.note = found.come_at = ""
    found.forgotten_at = clock.now()
    telling.request(actor, "request.forgotten", found)
    return found


def forget_old() -> int:
    """Job: forget who asked, once the delay `request.keep` after the end is over; how many."""
    before = clock.now() - timedelta(days=delay_days("request.keep"))
    return jobs.each(queries.due(before), _forget, "request.forget")


@command
def _forget(request_id: int) -> None:
    found = session().get_one(AssociationRequest, request_id)
    forget_request(found.reference, actor=SYSTEM)


def _locked(reference: str, actor: Actor) -> AssociationRequest:
    found: AssociationRequest | None = lock(AssociationRequest, AssociationRequest.reference == reference)
    if found is None or not (policy.may_see(actor, found) or actor.via == "system"):
        raise NotFound(queries.NOBODY)
    return found


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Invalid(N_("Use at most %(most)s characters."), field="note", most=most)
    return text.strip()
