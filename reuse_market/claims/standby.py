"""Devices that come back to the board: the claims that still wait are asked one after the other, oldest first.

Being asked gives no right: who confirms says that it still wants them, and the holder answers its claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.claims import mails, policy, queries
from reuse_market.claims.models import Claim, ClaimLine, Standby
from reuse_market.claims.standby_models import STANDBY_STATES
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import T, Workflow
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal

FLOW = Workflow[Standby](
    "standby",
    Standby,
    STANDBY_STATES,
    [
        T("confirm", ["called"], "confirmed", policy.claimant, "standby.confirmed"),
        T("pass", ["called"], "passed", policy.claimant, "standby.passed"),
        T("lapse", ["called"], "lapsed", policy.system, "standby.lapsed"),
        T("end", ["called"], "over", policy.system, "standby.ended"),
    ],
)


@dataclass(frozen=True, slots=True)
class Call:
    """What the claim's page says of it: so many devices are free again, answer until a day."""

    id: int
    state: str
    claim_reference: str
    units: int
    until: date


def call_next(lot_id: int, come_back: str, *, actor: Actor) -> Standby | None:
    """Inside a command, the lot locked: ask the oldest claim that waits and was not asked yet this time.

    `come_back`: the claim whose release freed the devices. Returns the call; None when nothing is free, nobody
    waits, somebody is being asked already, or the lot is over.
    """
    lot = session().get_one(Lot, lot_id)
    if lot.state != "published" or lots.is_over(lot):
        return None
    waiting = list(session().scalars(
        sa.select(Claim).where(Claim.lot_id == lot_id, Claim.state == "submitted")
        .order_by(Claim.submitted_at, Claim.id)
    ))  # fmt: skip
    if not waiting or _called(lot_id) is not None:
        return None
    left = dict(lots.left_by_line(lot.reference))
    asked = set(session().scalars(
        sa.select(Standby.claim_id).where(Standby.lot_id == lot_id, Standby.come_back == come_back)
    ))  # fmt: skip
    _set_aside(left, lot_id, come_back)
    for claim in waiting:
        units = _wanted(claim.id, left)
        if claim.id not in asked and units:
            return _call(claim, lot, come_back, units, actor)
    return None


@command
def confirm(reference: str, *, actor: Actor) -> Standby:
    """Say that the organisation still wants the devices that are free again; the holder is told, and answers.

    Refused: not who claims; nobody asks any more; nothing is free any more (Conflict).
    """
    found, claim, lot = _locked(reference, actor)
    FLOW.require("confirm", found, actor)
    if not _wanted(claim.id, dict(lots.left_by_line(lot.reference))):
        raise Conflict(N_("These devices are taken again: nothing is left to confirm."), code="standby.gone")
    row = FLOW.fire("confirm", found, actor, ended_at=clock.now())
    claim.answer_until = max(claim.answer_until, clock.in_days(delay_days("claim.answer")))
    _write(row.event, found, claim, lot, actor)
    mails.standby_confirmed(claim, lot, found.units)
    call_next(lot.id, found.come_back, actor=SYSTEM)
    return found


@command
def let_pass(reference: str, *, actor: Actor) -> Standby:
    """Say that it does not want them any more this time: the next one is asked. Its claim stays."""
    found, claim, lot = _locked(reference, actor)
    row = FLOW.fire("pass", found, actor, ended_at=clock.now())
    _write(row.event, found, claim, lot, actor)
    call_next(lot.id, found.come_back, actor=SYSTEM)
    return found


def lapse_due() -> int:
    """Job: calls nobody answered in time lapse, those without object end; the next is asked. How many."""
    void = sa.or_(Standby.until < clock.today(), Claim.state != "submitted", Lot.state != "published")
    statement = (
        sa.select(Standby.id)
        .join(Claim, Claim.id == Standby.claim_id)
        .join(Lot, Lot.id == Standby.lot_id)
        .where(Standby.state == "called", void)
        .order_by(Standby.id)
    )
    return jobs.each(list(session().scalars(statement)), _lapse, "standby.lapse")


def offered(claim: Claim, actor: Actor) -> list[str]:
    """Which of confirm and pass this actor may do on this claim now."""
    found = _called(claim.lot_id, claim.id)
    return FLOW.offered(found, actor) if found is not None else []


def of_claim(claim: Claim) -> Call | None:
    """The last time this claim was asked, while it still waits."""
    if claim.state != "submitted":
        return None
    statement = sa.select(Standby).where(Standby.claim_id == claim.id).order_by(Standby.id.desc()).limit(1)
    found = session().scalars(statement).first()
    return Call(found.id, found.state, claim.reference, found.units, found.until) if found else None


@command
def _lapse(standby_id: int) -> None:
    lot_id = session().scalar(sa.select(Standby.lot_id).where(Standby.id == standby_id))
    lot = lock(Lot, Lot.id == lot_id)
    found = lock(Standby, Standby.id == standby_id)
    if found is None or found.state != "called":
        return
    claim = session().get_one(Claim, found.claim_id)
    late = claim.state == "submitted" and lot.state == "published"
    row = FLOW.fire("lapse" if late else "end", found, SYSTEM, ended_at=clock.now())
    _write(row.event, found, claim, lot, SYSTEM)
    call_next(lot.id, found.come_back, actor=SYSTEM)


def _call(claim: Claim, lot: Lot, come_back: str, units: int, actor: Actor) -> Standby:
    made = Standby(
        state="called", lot_id=lot.id, claim_id=claim.id, organisation_id=claim.organisation_id,
        come_back=come_back, units=units, until=clock.in_days(delay_days("standby.confirm")), made_at=clock.now(),
    )  # fmt: skip
    claim.answer_until = max(claim.answer_until, made.until)  # not to expire while it is asked
    session().add(made)
    session().flush()
    _write("standby.called", made, claim, lot, actor)
    mails.standby_called(claim, lot, units, made.until)
    mails.standby_asked(claim, lot, units, made.until)
    return made


def _called(lot_id: int, claim_id: int | None = None) -> Standby | None:
    statement = sa.select(Standby).where(Standby.lot_id == lot_id, Standby.state == "called")
    if claim_id is not None:
        statement = statement.where(Standby.claim_id == claim_id)
    return session().scalars(statement).first()


def _set_aside(left: dict[int, int], lot_id: int, come_back: str) -> None:
    """What those who have confirmed ask for is not offered to the next one, while they wait for the holder."""
    confirmed = (
        sa.select(ClaimLine.line, ClaimLine.asked)
        .join(Standby, Standby.claim_id == ClaimLine.claim_id)
        .join(Claim, Claim.id == Standby.claim_id)
        .where(Standby.lot_id == lot_id, Standby.come_back == come_back)
        .where(Standby.state == "confirmed", Claim.state == "submitted")
    )
    for line, count in session().execute(confirmed):
        left[line] = max(0, left.get(line, 0) - count)


def _wanted(claim_id: int, left: dict[int, int]) -> int:
    rows = session().execute(sa.select(ClaimLine.line, ClaimLine.asked).where(ClaimLine.claim_id == claim_id))
    return sum(min(asked, left.get(line, 0)) for line, asked in rows)


def _locked(reference: str, actor: Actor) -> tuple[Standby, Claim, Lot]:
    seen = queries.seen(reference, actor)
    lot = lock(Lot, Lot.id == seen.lot_id)
    claim = lock(Claim, Claim.id == seen.id)
    statement = sa.select(Standby.id).where(Standby.claim_id == claim.id).order_by(Standby.id.desc()).limit(1)
    found = lock(Standby, Standby.id == (session().scalar(statement) or 0))
    if found is None:
        raise NotFound(N_("Nobody asks anything about this claim."))
    return found, claim, lot


def _write(event: str, found: Standby, claim: Claim, lot: Lot, actor: Actor) -> None:
    facts: dict[str, Any] = {"lot": lot.reference, "claim": claim.reference, "units": found.units}
    journal.append(journal.Act(actor), f"lot/{lot.reference}", event, facts=facts)
