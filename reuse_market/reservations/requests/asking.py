"""What an association does itself: send a request, change it, ask to be called, give it up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from reuse_market.accounts import attempts
from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.notices.services import ADDRESS
from reuse_market.reservations.needs.policy import ASKING
from reuse_market.reservations.needs.services import close_need
from reuse_market.reservations.requests import links, mails, posting, queries, telling
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.lifecycle import REQUEST
from reuse_market.reservations.requests.request_models import AssociationRequest

PREFIX = "DAS"
PER_NETWORK, PER_ADDRESS = 10, 3  # requests in a quarter of an hour
PHONE = re.compile(r"[0-9+().\s\-/]{6,30}")
NO_NAME = N_("Write the name of your association.")
NO_WAY = N_("Write your phone number or your e-mail address.")
NO_PHONE = N_("Write your phone number, so that we can call you.")
WRONG_PHONE = N_("Write the phone number with digits.")
WRONG_EMAIL = N_("Read your e-mail address again.")


def send_request(
    answers: Answers, *, once: str, network: str = "", language: str = "fr"
) -> AssociationRequest:
    """An association asks, without account; `once` sent twice asks once. State: received.

    Its needs are posted for each kind whose number is known (`needs`, source `request`); a mail with a personal
    link leaves to its address, if it gave one. Refused: Invalid without a name, or without a phone or address
    (a phone is needed to be called back); TooMany: 10 from a network or 3 for one contact in a quarter of an hour.
    """
    known = queries.by_once(once)
    if known is not None:
        return known
    told = checked(answers)
    attempts.note("request", (network, PER_NETWORK), (told.email or told.phone, PER_ADDRESS))
    try:
        return _send(told, once, language)
    except Conflict:  # the same button pressed twice: the first press has just been received
        known = queries.by_once(once)
        if known is None:
            raise
        return known


@command
def _send(answers: Answers, once: str, language: str) -> AssociationRequest:
    made = AssociationRequest(
        reference=next_reference(PREFIX), state="received", source="request", once=once,
        language=language if language in ("fr", "en") else "fr", asked_at=clock.now(), call_by=call_day(),
    )  # fmt: skip
    put(made, answers)
    session().add(made)
    session().flush()
    actor = links.holder(made)
    posting.post(made, answers, actor)
    telling.request(actor, "request.received", made, {"call_back": int(answers.call_back)})
    mails.received(made)
    return made


@command
def change_request(token: str, answers: Answers) -> AssociationRequest:
    """The association answers anew, by its link: needs follow, and somebody calls again.

    Refused: NotFound for a dead link; Conflict when it is over, or when devices are already proposed for what changes.
    """
    found = _locked(token)
    told = checked(answers)
    actor = links.holder(found)
    REQUEST.require("change", found, actor)
    put(found, told)
    posting.follow(found, told, actor)
    REQUEST.fire("change", found, actor, call_by=call_day())
    telling.request(actor, "request.changed", found)
    mails.received(found)
    return found


@command
def ask_call(token: str) -> AssociationRequest:
    """The association would rather be called, by its link: it is in front of the operator again.

    Refused: NotFound for a dead link; Invalid without a phone; Conflict when the request is over.
    """
    found = _locked(token)
    if not found.phone:
        raise Invalid(NO_PHONE, field="phone")
    actor = links.holder(found)
    REQUEST.fire("ask_call", found, actor, call_back=True, call_by=call_day())
    telling.request(actor, "request.call-asked", found)
    return found


@command
def cancel_request(token: str) -> AssociationRequest:
    """The association gives its request up, by its link: its needs are closed. Conflict when it is over."""
    found = _locked(token)
    return end(found, links.holder(found), "cancel")


def end(
    found: AssociationRequest, actor: Actor, action: str, outcome: str | None = None
) -> AssociationRequest:
    """Inside a command: the request is over, what is still open of its needs is closed; told by mail."""
    REQUEST.fire(action, found, actor, ended_at=clock.now(), outcome=outcome)
    for need in posting.open_needs(found):
        close_need(need.reference, "over", actor=actor)
    telling.request(actor, f"request.{'cancelled' if action == 'cancel' else 'closed'}", found,
                    {"outcome": outcome} if outcome else None)  # fmt: skip
    mails.ended(found)
    return found


def put(found: AssociationRequest, answers: Answers) -> None:
    """Write answers into a request's row."""
    found.association_name, found.phone, found.email = answers.name, answers.phone, answers.email
    found.publics = ",".join(answers.known_publics())
    found.call_back = answers.call_back


def checked(answers: Answers) -> Answers:
    """The answers, blanks folded. Refused: Invalid, at the field to correct."""
    name, phone, email = (" ".join(text.split()) for text in (answers.name, answers.phone, answers.email))
    if not name or len(name) > 160:
        raise Invalid(NO_NAME, field="name")
    if phone and not (PHONE.fullmatch(phone) and sum(map(str.isdigit, phone)) >= 6):
        raise Invalid(WRONG_PHONE, field="phone")
    if email and (len(email) > 200 or not ADDRESS.fullmatch(email)):
        raise Invalid(WRONG_EMAIL, field="email")
    if not phone and (answers.call_back or not email):
        raise Invalid(NO_PHONE if answers.call_back else NO_WAY, field="phone")
    return replace(answers, name=name, phone=phone, email=email.lower())


def call_day() -> date:
    """Before which day somebody calls (dated delay `request.call`)."""
    return clock.in_days(delay_days("request.call"))


def _locked(token: str) -> AssociationRequest:
    seen = links.opened(token)
    found: AssociationRequest | None = lock(AssociationRequest, AssociationRequest.id == seen.id)
    if found is None:
        raise NotFound(links.DEAD, code="link.dead")
    return found


def require_asking(organisation_id: int) -> None:
    """Invalid unless this organisation may buy or receive."""
    roles = set(accounts.roles_of(organisation_id))
    if accounts.organisation(organisation_id) is None or not roles & set(ASKING):
        raise Invalid(N_("Choose an association or a buyer."), field="organisation_id")
