"""Answering a claim: award, decline, release, withdraw a claimed lot, expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from reuse_market.claims import awards, law, mails, offers, policy, standby
from reuse_market.claims.lifecycle import FLOW
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.claims.sharing import terms
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots import queries as lot_reads
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as moves
from reuse_market.units.services import Closing, Move, Opening


@command
def award_claim(reference: str, lines: Mapping[int, int] | None = None, *, actor: Actor) -> Claim:
    """The holder gives the claim what it asks (None), or part of it by line.

    Refused: Invalid for more than asked, for nothing, or with the article where the law says no; Conflict
    when fewer are left.
    """
    claim, lot = _locked(reference, actor)
    FLOW.require("award", claim, actor)
    terms.require_by_hand(lot)
    asked = {row.line: row.asked for row in _lines(claim.id)}
    granted = dict(asked) if lines is None else {line: n for line, n in lines.items() if n}
    _check_granted(asked, granted)
    offer = offers.Offer(claim.proposal, claim.amount_cents)
    law.require_award(lot, asked, claim.organisation_id, claim.capacity, offer, granted)
    FLOW.fire("award", claim, actor, answered_at=clock.now())
    award_units(claim, lot, granted, journal.Act(actor))
    mails.awarded(claim, lot, sum(granted.values()), sum(asked.values()))
    return claim


@command
def decline_claim(reference: str, reason: str, *, actor: Actor) -> Claim:
    """The holder says no, and why. Invalid without a reason; Conflict where the lot is shared at closing."""
    claim, lot = _locked(reference, actor)
    FLOW.require("decline", claim, actor)
    terms.require_by_hand(lot)
    return _declined(claim, lot, reason, actor)


def _declined(claim: Claim, lot: Lot, reason: str, actor: Actor) -> Claim:
    row = FLOW.fire("decline", claim, actor, answered_at=clock.now(), reason=_reason(reason))
    _tell(row.event, claim, lot, actor)
    mails.declined(claim, lot)
    return claim


@command
def release_claim(reference: str, reason: str, *, actor: Actor) -> Claim:
    """Give up a claim, and say why: one's own while it waits; by either side once awarded.

    Awarded units go back to the lot, or to the holder when the lot is over. Conflict while a pick-up holds
    one of them, or when all have been collected.
    """
    claim, lot = _locked(reference, actor)
    if claim.state == "awarded":
        count = _release_awarded(claim, lot, _reason(reason), actor)
    else:
        count = sum(row.asked for row in _lines(claim.id))
        row = FLOW.fire("retract", claim, actor, answered_at=clock.now(), reason=_reason(reason))
        _tell(row.event, claim, lot, actor)
    mails.released(claim, lot, count, actor.organisation_id)
    if lot_reads.is_over(lot):  # else what comes back is listed again: the lot goes on
        lots.settle(lot.id, actor=actor)
    standby.call_next(lot.id, claim.reference, actor=actor)
    return claim


@command
def withdraw_claimed_lot(lot_reference: str, reason: str, *, actor: Actor) -> Lot:
    """The holder withdraws a lot together with its claims: waiting ones declined, awarded ones released.

    Conflict while a pick-up holds one of its units: cancel the pick-up first.
    """
    lot = lock(Lot, Lot.reference == lot_reference)
    if lot is None:
        raise NotFound(N_("This lot does not exist."))
    if not (actor.is_org(lot.holder_id) and actor.commits):
        raise refusal(lambda one: one.is_org(lot.holder_id), actor, "claim.withdraw-lot")
    for reference, state in (
        session()
        .execute(
            sa.select(Claim.reference, Claim.state)
            .where(Claim.lot_id == lot.id, Claim.state.in_(["submitted", "awarded"]))
            .order_by(
                Claim.state.desc(), Claim.id
            )  # waiting ones first: what is released is offered to nobody
        )
        .all()
    ):
        if state == "submitted":
            _declined(lock(Claim, Claim.reference == reference), lot, reason, actor)
        elif units.any_engaged("award", reference):
            release_claim(reference, reason, actor=actor)
    if lot.state == "published":  # past its last day, the last release has closed it already
        lots.withdraw_lot(lot.id, actor=actor, reason=reason)
    return lot


def expire_due() -> int:
    """Job: claims nobody answered in time, or whose lot is over, expire. Returns how many."""
    statement = (
        sa.select(Claim.id)
        .join(Lot, Lot.id == Claim.lot_id)
        .where(Claim.state == "submitted")
        .where(sa.or_(Claim.answer_until < clock.today(), Lot.state != "published"))
        .order_by(Claim.id)
    )
    return jobs.each(list(session().scalars(statement)), _expire, "claims.expire")


@command
def _expire(claim_id: int) -> None:
    reference = session().scalar(sa.select(Claim.reference).where(Claim.id == claim_id))
    claim, lot = _locked(str(reference), SYSTEM)
    row = FLOW.fire("expire", claim, SYSTEM)
    _tell(row.event, claim, lot, SYSTEM)
    mails.expired(claim, lot)


def _locked(reference: str, actor: Actor) -> tuple[Claim, Lot]:
    """The claim and its lot, the lot locked first. NotFound when the actor may not know of it."""
    lot = lock(Lot, Lot.id == sa.select(Claim.lot_id).where(Claim.reference == reference).scalar_subquery())
    claim = lock(Claim, Claim.reference == reference) if lot is not None else None
    if claim is None or not (policy.may_see(actor, claim) or policy.system(actor, claim)):
        raise NotFound(N_("This claim does not exist."))
    return claim, lot


def _lines(claim_id: int) -> list[ClaimLine]:
    return list(session().scalars(sa.select(ClaimLine).where(ClaimLine.claim_id == claim_id)))


def _check_granted(asked: Mapping[int, int], granted: Mapping[int, int]) -> None:
    if not granted:
        raise Invalid(
            N_("Award at least one device, or decline the claim."), field="lines", code="claim.nothing"
        )
    for line, count in granted.items():
        if not 0 < count <= asked.get(line, 0):
            raise Invalid(N_("Enter a number between 0 and %(most)s."), field=f"line_{line}",
                          code="claim.number", most=asked.get(line, 0))  # fmt: skip


def award_units(claim: Claim, lot: Lot, granted: Mapping[int, int], doing: journal.Act) -> None:
    """`engage_units`, and the lines say what they were awarded."""
    engage_units(claim, lot, granted, doing)
    for row in _lines(claim.id):
        row.awarded = granted.get(row.line, row.awarded)
    session().flush()


def engage_units(
    claim: Claim,
    lot: Lot,
    granted: Mapping[int, int],
    doing: journal.Act,
    before: Sequence[journal.Part] = (),
) -> None:
    """Engage the lowest listed units of each line: one unit act per line, one act for all, events `before` first."""
    facts = {"claim": claim.reference, "lot": lot.reference}
    for line, count in sorted(granted.items()):
        ids, stake = units.at_stake("lot", lot.reference, line=line, state="listed", limit=count)
        if len(ids) < count:
            raise Conflict(N_("Only %(left)s left on line %(line)s: somebody was quicker. Ask for fewer."),
                           code="claim.too-few", left=len(ids), line=line)  # fmt: skip
        move = Move(
            action="award", party_id=claim.organisation_id, regime=lot.regime,
            opens=(Opening("award", claim.reference, claim.organisation_id, line),),
        )  # fmt: skip
        moves.act(
            move, ids, doing=doing, stream=f"lot/{lot.reference}", facts=facts, stake=stake, before=before
        )
        before = ()


def _release_awarded(claim: Claim, lot: Lot, reason: str, actor: Actor) -> int:
    FLOW.require("release", claim, actor)
    ids, stake, planned = awards.to_collect(claim)
    if not ids:
        raise Conflict(
            N_("Nothing is left to release: the devices have been collected."), code="claim.collected"
        )
    if planned:
        raise Conflict(N_("A pick-up is arranged for these devices: cancel it first."), code="claim.pickup")
    FLOW.fire("release", claim, actor, reason=reason)
    closes: tuple[Closing, ...] = (Closing("award", claim.reference, "released"),)
    over = lot_reads.is_over(lot)
    if over:
        outcome = "withdrawn" if lot.state == "withdrawn" else "expired"
        closes = (*closes, Closing("lot", lot.reference, outcome))
    move = Move(
        action="release_to_holder" if over else "release", party_id=claim.organisation_id, clears=("regime",),
        closes=closes,
    )  # fmt: skip
    facts = {"claim": claim.reference, "lot": lot.reference}
    moves.act(move, ids, doing=journal.Act(actor), stream=f"lot/{lot.reference}", facts=facts, stake=stake)
    return len(ids)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(N_("Say why, in a few words."), field="reason", code="claim.reason")
    return text.strip()[:500]


def _tell(event: str, claim: Claim, lot: Lot, actor: Actor) -> None:
    facts = {"lot": lot.reference, "claim": claim.reference}
    journal.append(journal.Act(actor), f"lot/{lot.reference}", event, facts=facts)
