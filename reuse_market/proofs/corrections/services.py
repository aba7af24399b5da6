"""Verbs: correct an act or void it by a later event; answer what the other side says was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor, require_own_hand
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.proofs.correction_models import REASONS, Correction
from reuse_market.proofs.corrections import mails, queries
from reuse_market.proofs.corrections.lifecycle import FLOW
from reuse_market.proofs.corrections.table import CORRECTABLE, Row, next_step
from reuse_market.refurbishing.services import correcting
from reuse_market.traceability import journal
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit

MOST = 300
ONCE = N_("This act is corrected already, or a correction of it waits: an act is corrected once.")


@command
def correct_event(
    uid: str, values: Mapping[str, Any], *, actor: Actor, reason: str = "incorrect_data", note: str = ""
) -> Correction:
    """Say what an act's facts are in truth. `values`: fact → value, as the table of corrections allows.

    At once (journal: `event.corrected`); when another organisation has the devices since, it is asked first and
    answers within the delay `revision.answer`. Refused: NotFound for an act of somebody else's; NotAllowed through
    the operator; Conflict for a type that is undone otherwise (the message names the step), or corrected already.
    """
    of, row = _judged(uid, actor)
    checked = _checked(row, values)
    known, _units = queries.facts(of)
    changed = {name: value for name, value in checked.items() if known.get(name) != value}
    if not changed:
        raise Invalid(N_("Nothing changes: say what was otherwise."), field=next(iter(checked)))
    return _asked(of, "correct", changed, reason, note, actor)


@command
def void_event(uid: str, *, actor: Actor, reason: str = "did_not_occur", note: str = "") -> Correction:
    """Say that an act did not take place (journal: `event.voided`). Refused as a correction is."""
    of, row = _judged(uid, actor)
    if not row.void:
        raise Conflict(N_("This act took place: only what it says may be corrected."), code="correction.void")
    return _asked(of, "void", {}, reason, note, actor)


@command
def approve_correction(uid: str, *, actor: Actor) -> Correction:
    """The other side agrees: the act is corrected. Refused: its author; no longer waiting; what moved on since."""
    require_own_hand(actor)
    of, found = _waiting(uid, actor)
    _apply("approve", of, found, actor, answered_at=clock.now())
    mails.closed(of, found)
    return found


@command
def decline_correction(uid: str, answer: str, *, actor: Actor) -> Correction:
    """The other side does not agree, and says why: the act stays as it was told."""
    require_own_hand(actor)
    of, found = _waiting(uid, actor)
    return _end("decline", of, found, actor, answer=_said(answer, "answer", needed=True))


@command
def withdraw_correction(uid: str, *, actor: Actor) -> Correction:
    """Its author takes the question back."""
    require_own_hand(actor)
    return _end("withdraw", *_waiting(uid, actor), actor)


@command
def _expire(correction_id: int) -> None:
    found = lock(Correction, Correction.id == correction_id)
    if found is not None and found.state == "proposed":
        _end("expire", session().get_one(Event, found.event_id), found, SYSTEM)


def expire_due() -> int:
    """Questions nobody answered in time end, the acts staying as told; how many."""
    due = sa.select(Correction.id).where(
        Correction.state == "proposed", Correction.answer_until < clock.today()
    )
    return jobs.each(list(session().scalars(due)), _expire, "corrections.expire")


def _judged(uid: str, actor: Actor) -> tuple[Event, Row]:
    require_own_hand(actor)
    of = queries.event(uid)
    if not actor.is_org(of.organisation_id):
        raise NotFound(queries.NO_EVENT)
    if not (actor.commits and actor.roles):
        raise refusal(lambda one: one.is_org(of.organisation_id), actor, "correction.not-allowed")
    row = CORRECTABLE.get(of.type)
    if row is None:
        raise Conflict(next_step(of.type), code="correction.otherwise")
    return of, row


def _checked(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    if not values:
        raise Invalid(N_("Say what was otherwise."), code="correction.nothing")
    told: dict[str, Any] = {}
    for name, value in values.items():
        if name in row.numbers:
            least, most = row.numbers[name]
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise Invalid(
                    N_("Enter a number between %(min)s and %(max)s."), field=name, min=least, max=most
                )
            told[name] = value
        elif name in row.codes:
            if not value or not set(value) <= set(row.codes[name]):
                raise Invalid(N_("Choose an answer in the list."), field=name)
            told[name] = list(dict.fromkeys(value))
        elif name in row.days:
            if not isinstance(value, date):
                raise Invalid(
                    N_("Enter a date with day, month and year, for example 04/03/2026."), field=name
                )
            told[name] = value.isoformat()
        else:
            raise Invalid(N_("This act says nothing of it."), field=name)
    return told


def _asked(of: Event, kind: str, values: dict[str, Any], reason: str, note: str, actor: Actor) -> Correction:
    """The row; applied at once, or put to who has the devices since."""
    if reason not in REASONS:
        raise Invalid(N_("Choose an answer in the list."), field="reason")
    _facts, unit_ids = queries.facts(of)
    units = [lock(Unit, Unit.id == unit_id) for unit_id in sorted(unit_ids)]
    held = session().scalar(
        sa.select(Correction.id).where(
            Correction.event_id == of.id, Correction.state.in_(("proposed", "approved"))
        )
    )
    if held is not None:
        raise Conflict(ONCE, code="correction.once")
    if of.type == "unit.tested":  # said before the other side is asked: it could only refuse
        correcting.require_open(units, voided=kind == "void")
    others = sorted({one.custodian_id for one in units} - {of.organisation_id, None})
    found = Correction(
        event_id=of.id, kind=kind, reason=reason, values=values, note=_said(note, "note"), state="proposed",
        asked_by_id=of.organisation_id, person_id=actor.person_id, other_id=others[0] if others else None,
        answer_until=clock.in_days(delay_days("revision.answer")) if others else None, made_at=clock.now(),
    )  # fmt: skip
    session().add(found)
    session().flush()
    if others:
        _tell("correction.proposed", of, found, actor)
        mails.proposed(of, found)
    else:
        _apply("apply", of, found, actor)
    return found


def _apply(action: str, of: Event, found: Correction, actor: Actor, **values: Any) -> None:
    """Rows in line with what is now said, then the event that says it, naming the one it corrects."""
    facts, units = queries.facts(of)
    FLOW.fire(action, found, actor, **values)
    said = found.values if found.kind == "correct" else None
    if of.type == "unit.tested":
        correcting.correct_test(units[0], queries.rank(of, units[0]), said, actor=actor)
    elif of.type == "unit.repaired":
        correcting.correct_repair(facts["repair"], said["work"] if said else None)
    elif of.type == "unit.waste-declared":
        correcting.correct_waste(units, found.values["weight_g"])
    elif of.type == "batch.removed":
        correcting.correct_removal(facts["batch"], found.values)
    else:
        correcting.correct_part(facts["part"], found.values["grams"])
    before = {name: facts.get(name) for name in found.values}
    _tell(
        "event.corrected" if said else "event.voided", of, found, actor, corrects=of.uid, before=before
    )  # fmt: skip


def _tell(
    event_type: str, of: Event, found: Correction, actor: Actor, *, corrects: str | None = None, **more: Any
) -> None:
    facts = {
        "of": of.type, "event": of.uid, "reason": found.reason, "kind": found.kind, "values": found.values,
        "asked_by": found.asked_by_id, **more,
    }  # fmt: skip
    _facts, units = queries.facts(of)
    secret = {"note": found.note} if found.note else {}
    journal.append(
        journal.Act(actor), of.stream, event_type, unit_ids=units, facts=facts, commitments=secret,
        corrects=corrects,
    )  # fmt: skip


def _waiting(uid: str, actor: Actor) -> tuple[Event, Correction]:
    of, found = queries.seen(uid, actor)
    return of, lock(Correction, Correction.id == found.id)


def _end(action: str, of: Event, found: Correction, actor: Actor, answer: str = "") -> Correction:
    row = FLOW.fire(action, found, actor, answer=answer, answered_at=clock.now())
    _tell(row.event, of, found, actor)
    mails.closed(of, found)
    return found


def _said(text: str, field: str, *, needed: bool = False) -> str:
    plain = " ".join((text or "").split())
    if needed and not plain:
        raise Invalid(N_("Say why: the other organisation will read it."), field=field)
    if len(plain) > MOST:
        raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=MOST)
    return plain
