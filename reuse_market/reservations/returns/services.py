"""Verbs of returns: ask, answer, take in, settle, give up; take the replacement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.refurbishing import services as bench
from reuse_market.reservations import acting
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.models import Reservation, ReturnedUnit, UnitReturn
from reuse_market.reservations.return_models import REASONS, REMEDIES
from reuse_market.reservations.returns import giving_back, mails, policy, queries
from reuse_market.reservations.returns.lifecycle import FLOW
from reuse_market.reservations.services import place_reservation
from reuse_market.traceability import journal

LONGEST = 500
CHOOSE = N_("Choose an answer in the list.")


@command
def ask_return(
    reservation: str, unit_ids: Sequence[int], *, actor: Actor, reason: str, wish: str, words: str = ""
) -> UnitReturn:
    """Units of a reservation handed over are to go back: RET-…, with the cover they have that day.

    By the beneficiary, or for it by the seller or the operator. Refused: others; a unit that is not the
    beneficiary's any more, or in another open return (Conflict); none (Invalid).
    """
    found = acting.locked(reservation)
    if not policy.asking(actor, found):
        raise refusal(lambda one: policy.asking(one, found), actor, "return.ask.not-allowed")
    if reason not in REASONS:
        raise Invalid(CHOOSE, field="reason")
    if wish not in REMEDIES:
        raise Invalid(CHOOSE, field="wish")
    ids = sorted(set(unit_ids))
    if not ids:
        raise Invalid(N_("Choose at least one device."), field="units")
    if not set(ids) <= {unit.unit_id for unit in queries.returnable(found)}:
        raise Conflict(
            N_(
                "One of these devices cannot come back: it is in another return, or no longer the beneficiary’s."
            ),
            code="return.units",
        )
    made = UnitReturn(
        reference=next_reference("RET"), state="asked", reservation_id=found.id, asked_at=clock.now(),
        beneficiary_id=found.beneficiary_id, seller_id=found.seller_id, reason=reason, wish=wish,
        words=_plain(words, "words"), covered_until=breaking.help_of(found).covered_until,
        asked_by=actor.organisation_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add_all(ReturnedUnit(return_id=made.id, unit_id=unit_id) for unit_id in ids)
    session().flush()
    _tell(journal.Act(actor), made, found, "return.asked", {"reason": reason, "wish": wish})
    mails.asked(made, found, actor)
    return made


@command
def accept_return(reference: str, *, actor: Actor, remedy: str, answer: str = "") -> UnitReturn:
    """The seller takes the devices back, for a repair, an exchange or a refund; `answer`: where, how."""
    made, found = _locked(reference)
    FLOW.require("accept", made, actor)
    if remedy not in REMEDIES:
        raise Invalid(CHOOSE, field="remedy")
    words = _plain(answer, "answer")
    row = FLOW.fire("accept", made, actor, remedy=remedy, answer=words, answered_at=clock.now())
    _tell(journal.Act(actor), made, found, row.event, {"remedy": remedy})
    mails.accepted(made, found)
    return made


@command
def refuse_return(reference: str, *, actor: Actor, answer: str) -> UnitReturn:
    """The seller does not take them back, and says why (Invalid without)."""
    made, found = _locked(reference)
    FLOW.require("refuse", made, actor)
    if not answer.strip():
        raise Invalid(N_("Say why, in a few words: the beneficiary reads it."), field="answer")
    now, words = clock.now(), _plain(answer, "answer")
    row = FLOW.fire("refuse", made, actor, answer=words, answered_at=now, ended_at=now)
    _close(made, "none")
    _tell(journal.Act(actor), made, found, row.event, {})
    mails.refused(made, found)
    return made


@command
def receive_return(reference: str, *, actor: Actor) -> UnitReturn:
    """The devices are at the seller's again: in its workshop, erasure and tests to do anew (design §2).

    Repair: the beneficiary stays their owner. Exchange, refund: they are the seller's again.
    """
    made, found = _locked(reference)
    row = FLOW.fire("receive", made, actor, received_at=clock.now())
    remedy = made.remedy or made.wish
    ids = queries.unit_ids(made)
    facts = {"return": made.reference, "reservation": found.reference}
    bench.take_back_units(ids, actor=actor, seller_id=made.seller_id, ground=remedy, facts=facts)
    if remedy != "repair":
        _close(made, "kept")
    _tell(journal.Act(actor), made, found, row.event, {"remedy": remedy})
    mails.received(made, found)
    return made


@command
def settle_return(
    reference: str, *, actor: Actor, remedy: str | None = None, credit_number: str = "",
    credit_cents: int | None = None, credited_on: date | None = None,
) -> UnitReturn:  # fmt: skip
    """It is over: repaired and handed back, or exchanged or refunded with its credit note.

    `remedy`: a repair that cannot be done may end in an exchange or a refund, never the other way. Refused: a
    repaired device not tested again (Conflict); a purchase with an invoice without the credit note (Invalid).
    """
    made, found = _locked(reference)
    FLOW.require("settle", made, actor)
    before, remedy = made.remedy or made.wish, remedy or made.remedy or made.wish
    if remedy not in REMEDIES or (before != "repair" and remedy == "repair"):
        raise Invalid(CHOOSE, field="remedy")
    ids, facts = queries.unit_ids(made), {"return": made.reference, "reservation": found.reference}
    if remedy == "repair":
        bench.hand_back_units(ids, actor=actor, facts=facts)
        _close(made, "handed_back")
    else:
        if before == "repair":
            bench.keep_units(ids, actor=actor, event_type="unit.kept", facts=facts | {"ground": remedy})
            _close(made, "kept")
        giving_back.credit(
            found,
            len(ids),
            actor=actor,
            remedy=remedy,
            number=credit_number,
            cents=credit_cents,
            issued_on=credited_on,
        )
    row = FLOW.fire("settle", made, actor, remedy=remedy, ended_at=clock.now())
    _tell(journal.Act(actor), made, found, row.event, {"remedy": remedy})
    mails.settled(made, found)
    return made


@command
def cancel_return(reference: str, *, actor: Actor) -> UnitReturn:
    """The devices stay where they are, before they were received."""
    made, found = _locked(reference)
    row = FLOW.fire("cancel", made, actor, ended_at=clock.now())
    _close(made, "none")
    _tell(journal.Act(actor), made, found, row.event, {})
    mails.cancelled(made, found, by_id=actor.organisation_id)
    return made


@command
def replace_units(reference: str, *, actor: Actor) -> Reservation:
    """The beneficiary reserves as many of the same group in exchange: a reservation like any other.

    Refused: others; no exchange agreed, or its replacement reserved already (Conflict); fewer left than needed.
    """
    made, found = _locked(reference)
    if not policy.beneficiary(actor, made):
        raise refusal(lambda one: policy.beneficiary(one, made), actor, "return.replace.not-allowed")
    if "replace" not in queries.offered(made, actor):
        raise Conflict(N_("No replacement is to be reserved on this return."), code="return.replace.state")
    new = place_reservation(
        found.group_key, len(queries.unit_ids(made)), actor=actor, delivery=found.delivery
    )
    made = _again(made)
    made.replacement = new.reference
    made.version += 1
    session().flush()
    _tell(journal.Act(actor), made, found, "return.replaced", {"replacement": new.reference})
    return new


def _locked(reference: str) -> tuple[UnitReturn, Reservation]:
    """The return and its reservation, locked in the order of all verbs: the reservation first. NotFound."""
    known = queries.find(reference)
    if known is None:
        raise NotFound(queries.UNKNOWN)
    found = acting.locked(queries.reservation_of(known).reference)
    return _again(known), found


def _again(known: UnitReturn) -> UnitReturn:
    made = lock(UnitReturn, UnitReturn.id == known.id)
    assert made is not None
    return made


def _close(made: UnitReturn, outcome: str) -> None:
    statement = sa.update(ReturnedUnit).where(ReturnedUnit.return_id == made.id).values(outcome=outcome)
    session().execute(statement.execution_options(synchronize_session="fetch"))


def _tell(
    doing: journal.Act, made: UnitReturn, found: Reservation, event_type: str, facts: dict[str, Any]
) -> None:
    """An event on each lot's stream its units are of: their timelines tell it."""
    told = {"return": made.reference, "reservation": found.reference, **facts}
    for stream, members in acting.by_stream(queries.unit_ids(made)):
        journal.append_all(doing, stream, event_type, members, facts=told)


def _plain(text: str, field: str) -> str:
    typed = text.strip()
    if len(typed) > LONGEST:
        raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=LONGEST)
    praise.require_plain(typed, field=field)
    return typed
