"""Verbs on revisions: propose, contest, answer, withdraw, appeal, settle; a missing device found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from reuse_market.collection.models import NoteRevision, NoteRevisionLine, Pickup, PickupCheck
from reuse_market.collection.revising import applying, mails, policy, queries
from reuse_market.collection.revising.choosing import Correction, chosen
from reuse_market.collection.revising.lifecycle import FLOW
from reuse_market.collection.services.slots import locked
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor, require_own_hand
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal, payload
from reuse_market.units import services as moves
from reuse_market.units.models import Unit
from reuse_market.units.services import Move

MOST = 50  # corrections in one revision


@command
def propose_revision(
    pickup_reference: str, corrections: Sequence[Correction], reason: str, *, ground: str = "correction",
    container_id: int | None = None, actor: Actor,
) -> NoteRevision:  # fmt: skip
    """Say what was otherwise than the note; the other side answers within the delay `revision.answer`.

    Refused: not a side, or nobody who commits it; before the driver signed, after the delay
    `revision.propose`, for devices handed over as they are, or while another revision waits (Conflict);
    no correction, no reason, units that cannot be corrected so (Invalid).
    """
    require_own_hand(actor)
    pickup = _revisable(pickup_reference, actor, policy.engages)
    until = queries.propose_until(pickup)
    if until is None or until < clock.today():
        raise Conflict(N_("It is too late to revise this note."), code="revision.late")
    if not corrections:
        raise Invalid(N_("Say which device, or how many."), field="codes", code="revision.nothing")
    made = _made(pickup, corrections, reason, "proposed", ground, actor, container_id)
    _tell("revision.proposed", made, pickup, actor)
    mails.proposed(made)
    return made


@command
def contest_differences(
    pickup_reference: str, corrections: Sequence[Correction], reason: str, *, actor: Actor
) -> NoteRevision:
    """The holder does not accept a difference, within the delay `difference.contest`: the operator settles.

    `corrections`: what is then to be written; none when only the reason is contested. Refused: not the holder,
    a note without any difference, too late, another revision that waits (Conflict); no reason (Invalid).
    """
    require_own_hand(actor)
    pickup = _revisable(pickup_reference, actor, policy.contests)
    until = queries.contest_until(pickup)
    if until is None or until < clock.today():
        raise Conflict(N_("It is too late to contest a difference of this pick-up."), code="contest.late")
    if not queries.differences(pickup):
        raise Conflict(N_("This pick-up has no difference."), code="contest.nothing")
    made = _made(pickup, corrections, reason, "escalated", "contest", actor, None)
    _tell("difference.contested", made, pickup, actor)
    mails.escalated(made)
    return made


@command
def approve_revision(reference: str, *, actor: Actor) -> NoteRevision:
    """The other side agrees: outcomes, custody and balances follow, and the note is issued anew, numbered.

    Refused: its author; somebody who does not commit; no longer waiting; units that moved on since (Conflict).
    """
    require_own_hand(actor)
    return _say_yes("approve", reference, "", actor)


@command
def refuse_revision(reference: str, reason: str, *, actor: Actor) -> NoteRevision:
    """The other side does not agree, and says why: the note stays as it is."""
    require_own_hand(actor)
    return _close("refuse", reference, reason, actor)


@command
def withdraw_revision(reference: str, *, actor: Actor) -> NoteRevision:
    """Its author takes it back while nobody has answered."""
    require_own_hand(actor)
    return _close("withdraw", reference, None, actor)


@command
def appeal_revision(reference: str, reason: str, *, actor: Actor) -> NoteRevision:
    """The other side refused: within the delay `difference.contest`, its author asks the operator to settle."""
    require_own_hand(actor)
    revision, pickup, _lot = _locked(reference, actor)
    FLOW.require("appeal", revision, actor)
    if "appeal" not in queries.offered(revision, actor):
        raise Conflict(
            N_("It is too late, or another revision of this note waits."), code="revision.no-appeal"
        )
    said = f"{revision.reason}\n{_reason(reason)}"[:500]
    FLOW.fire("appeal", revision, actor, reason=said)
    _tell("revision.appealed", revision, pickup, actor)
    mails.escalated(revision)
    return revision


@command
def settle_revision(reference: str, reason: str, *, in_favour: bool, actor: Actor) -> NoteRevision:
    """The operator settles what nobody answered, what is contested or appealed, and says why; both are told."""
    require_own_hand(actor)
    if in_favour:
        return _say_yes("settle_for", reference, _reason(reason), actor)
    return _close("settle_against", reference, reason, actor)


@command
def find_missing(pickup_reference: str, by_line: Mapping[int, int], *, actor: Actor) -> int:
    """Devices missing at a pick-up are found at the holder's: discarded again, and the note keeps `missing`.

    Returns how many. Refused: not the holder; more than are missing, or none (Invalid).
    """
    pickup, claim, lot = locked(pickup_reference, actor)
    if not (actor.is_org(pickup.holder_id) and actor.roles):
        raise refusal(lambda one: one.is_org(pickup.holder_id), actor, "difference.find")
    if queries.open_on(pickup.id) is not None:
        raise _waiting()
    ids: list[int] = []
    for line, units in by_line.items():
        if units:
            ids += _still_missing(pickup, line, units)
    if not ids:
        raise Invalid(N_("Say how many devices are found."), field="units", code="find.nothing")
    move = Move(
        action="find_at_holder",
        clears=("regime", "erased_at", "tested_at"),
        values={"site_id": pickup.site_id},
    )
    facts = {"lot": lot.reference, "claim": claim.reference, "pickup": pickup.reference}
    moves.act(move, ids, doing=journal.Act(actor), stream=f"lot/{lot.reference}", facts=facts)
    return len(ids)


def escalate_due() -> int:
    """Job: revisions nobody answered in time go to the operator. Returns how many."""
    statement = sa.select(NoteRevision.id).where(
        NoteRevision.state == "proposed", NoteRevision.answer_until < clock.today()
    )
    return jobs.each(
        list(session().scalars(statement.order_by(NoteRevision.id))), _escalate, "revisions.escalate"
    )


@command
def _escalate(revision_id: int) -> None:
    reference = str(session().scalar(sa.select(NoteRevision.reference).where(NoteRevision.id == revision_id)))
    revision, pickup, _lot = _locked(reference, SYSTEM)
    FLOW.fire("escalate", revision, SYSTEM)
    _tell("revision.escalated", revision, pickup, SYSTEM)
    mails.escalated(revision)


def _revisable(reference: str, actor: Actor, allowed: policy.Allowed) -> Pickup:
    """The pick-up, its lot locked first. Refused as the verbs say."""
    pickup, claim, _lot = locked(reference, actor)
    if not allowed(actor, pickup):
        raise refusal(lambda one: allowed(one, pickup), actor, "revision.not-allowed")
    if pickup.driver_signed_at is None:
        raise Conflict(N_("Nothing is signed yet: correct the check-off itself."), code="revision.unsigned")
    if claim.capacity == "recipient":
        raise Conflict(N_("These devices were handed over as they are: their note is not revised."),
                       code="revision.as-is")  # fmt: skip
    if queries.open_on(pickup.id) is not None:
        raise _waiting()
    return pickup


def _waiting() -> Conflict:
    return Conflict(N_("A revision of this note already waits for an answer."), code="revision.waiting")


def _made(
    pickup: Pickup, corrections: Sequence[Correction], reason: str, state: str, ground: str, actor: Actor,
    container_id: int | None,
) -> NoteRevision:  # fmt: skip
    if len(corrections) > MOST:
        raise Invalid(
            N_("Enter at most %(most)s corrections."), field="lines", code="revision.many", most=MOST
        )
    found = [(each, chosen(pickup, each)) for each in corrections]
    together = [unit_id for _each, ids in found for unit_id in ids]
    if len(together) != len(set(together)):
        raise Invalid(N_("The same device is corrected twice."), field="codes", code="revision.twice")
    made = NoteRevision(
        reference=next_reference("REV"), state=state, pickup_id=pickup.id, holder_id=pickup.holder_id,
        actor_id=pickup.actor_id, container_id=container_id, ground=ground, asked_by_id=actor.organisation_id,
        person_id=actor.person_id, reason=_reason(reason), made_at=clock.now(),
        answer_until=clock.in_days(delay_days("revision.answer")),
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add_all(
        NoteRevisionLine(
            revision_id=made.id, before=each.before, after=each.after, line=each.line, reason=each.reason,
            units=len(ids) or each.units, unit_ids=payload.ranges(ids), kind=each.kind, label=each.label[:200],
        )
        for each, ids in found
    )  # fmt: skip
    session().flush()
    return made


def _say_yes(action: str, reference: str, answer: str, actor: Actor) -> NoteRevision:
    revision, pickup, lot = _locked(reference, actor)
    FLOW.require(action, revision, actor)
    lines = queries.lines(revision.id)
    number = len(queries.approved(pickup.id)) + 1 if lines else None
    FLOW.fire(action, revision, actor, number=number, answer=answer, **_by(actor))
    doing = journal.Act(actor)
    if lines:
        _again, claim, _same = locked(pickup.reference, actor)
        applying.apply(revision, pickup, claim, lot, doing)
    _tell(FLOW.transition(action).event, revision, pickup, actor, doing)
    mails.closed(revision)
    return revision


def _close(action: str, reference: str, reason: str | None, actor: Actor) -> NoteRevision:
    revision, pickup, _lot = _locked(reference, actor)
    FLOW.require(action, revision, actor)
    row = FLOW.fire(action, revision, actor, answer="" if reason is None else _reason(reason), **_by(actor))
    _tell(row.event, revision, pickup, actor)
    mails.closed(revision)
    return revision


def _locked(reference: str, actor: Actor) -> tuple[NoteRevision, Pickup, Lot]:
    """The revision with its pick-up, the lot locked first. NotFound when the actor may not know of it."""
    found = queries.get(reference)
    if found is None or not (policy.may_see(actor, found) or policy.system(actor, found)):
        raise NotFound(N_("This revision does not exist."))
    of_note = session().scalar(sa.select(Pickup.reference).where(Pickup.id == found.pickup_id))
    pickup, _claim, lot = locked(str(of_note), actor)
    revision: NoteRevision = lock(NoteRevision, NoteRevision.reference == reference)
    return revision, pickup, lot


def _by(actor: Actor) -> dict[str, object]:
    return {"answered_at": clock.now(), "answered_by_id": actor.organisation_id}


def _tell(
    event: str, revision: NoteRevision, pickup: Pickup, actor: Actor, doing: journal.Act | None = None
) -> None:
    """The revision's own event, on the lot's stream: references and counts, no words."""
    lot = session().get_one(Lot, pickup.lot_id)
    facts = {
        "lot": lot.reference, "pickup": pickup.reference, "revision": revision.reference,
        "outcome": revision.state, "units": sum(line.units for line in queries.lines(revision.id)),
    }  # fmt: skip
    journal.append(doing or journal.Act(actor), f"lot/{lot.reference}", event, facts=facts)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(N_("Say why, in a few words."), field="reason", code="revision.why")
    return text.strip()[:500]


def _still_missing(pickup: Pickup, line: int, units: int) -> list[int]:
    statement = (
        sa.select(Unit.id)
        .join(PickupCheck, PickupCheck.unit_id == Unit.id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "missing", PickupCheck.line == line)
        .where(Unit.state == "missing", Unit.custodian_id == pickup.holder_id)
        .order_by(Unit.id)
    )
    ids = list(session().scalars(statement))
    if not 1 <= units <= len(ids):
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field=f"line_{line}", code="check.number",
                      most=len(ids))  # fmt: skip
    return ids[:units]
