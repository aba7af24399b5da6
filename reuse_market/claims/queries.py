"""Reads on claims. Each takes a constant number of statements, whatever the number of claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts.models import Organisation
from reuse_market.claims import policy
from reuse_market.claims.awards import open_counts
from reuse_market.claims.lifecycle import FLOW
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.units import queries as units

NOT_PUBLISHED = N_("This lot is only announced: nothing can be asked for before it is published.")
TABS = {
    "waiting": ("submitted",),
    "awarded": ("to_collect",),
    "collected": ("collected",),
    "over": ("declined", "released", "expired"),
}


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as pages show it. `stage` splits `awarded` by what is left to collect (`open_units`)."""

    id: int
    reference: str
    stage: str  # submitted | to_collect | collected | declined | released | expired
    lot_id: int
    lot_reference: str
    lot_title: str
    holder_id: int
    holder: str
    organisation_id: int
    claimant: str
    capacity: str  # reuse_actor | recipient: to recondition, or for its own use
    asked: int
    awarded: int
    open_units: int
    in_pickup: int  # those of the open units that a pick-up holds
    proposal: str
    amount_cents: int | None
    message: str
    submitted_at: datetime
    answer_until: date
    answered_at: datetime | None
    collect_until: date
    reason: str
    commitment_version: str
    undertaking_version: str
    minimum: int | None = None
    at_closing: bool = False  # answered together with the others, by a proposal of share

    @property
    def as_is(self) -> bool:
        """Taken for its own use, as it is: no workshop, no reuse commitment."""
        return self.capacity == "recipient"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a lot beside what a claim asks of it. `left` counts the units still listed."""

    number: int
    kind: str
    label: str
    declared: int
    left: int
    asked: int = 0
    awarded: int = 0


def lot_of(reference: str) -> Lot | None:
    """The lot of that reference as it stands, or None; nothing is locked."""
    return session().scalars(sa.select(Lot).where(Lot.reference == reference)).one_or_none()


def get(reference: str) -> Claim | None:
    """The claim of that reference, or None."""
    return session().scalars(sa.select(Claim).where(Claim.reference == reference)).one_or_none()


def seen(reference: str, actor: Actor) -> Claim:
    """The claim of that reference; NotFound when there is none or `actor` may not know of it."""
    found = get(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This claim does not exist."))
    return found


def may_see(claim: Claim, actor: Actor) -> bool:
    """Both sides, operator, administrator, auditor."""
    return policy.may_see(actor, claim)


def offered(claim: Claim, actor: Actor) -> list[str]:
    """What this actor may do to this claim now; an award wholly collected is no more to release."""
    actions = FLOW.offered(claim, actor)
    if session().scalar(sa.select(Lot.award_mode).where(Lot.id == claim.lot_id)) == "at_closing":
        actions = [one for one in actions if one not in ("award", "decline")]
    if "release" in actions and not awarded_units(claim):
        actions.remove("release")
    return actions


def capacities(lot: Lot, actor: Actor) -> tuple[str, ...]:
    """In which capacities this actor's organisation may ask for this lot; empty when in none.

    `reuse_actor` takes to recondition; `recipient` for its own use, of a lot whose holder erases the data
    itself: there is no workshop after it. What the law says of them is asked when they ask.
    """
    if not policy.may_ask(actor, lot):
        return ()
    found = ["reuse_actor"] if actor.has("reuse_actor") else []
    if lot.erased_by == "holder" and takes_as_is(actor):
        found.append("recipient")
    return tuple(found)


def no_capacity(lot: Lot, actor: Actor) -> NotAllowed:
    """Why somebody may not ask for this lot in the capacity they have."""
    if lot.erased_by != "holder" and policy.may_ask(actor, lot) and takes_as_is(actor):
        return NotAllowed(
            N_("The holder does not erase these devices itself: only a reuse actor may take them."),
            code="claim.not-erased",
        )
    text = N_("Only a reuse actor, a recipient or a public body may claim, by somebody who may commit it.")
    return refusal(lambda who: bool(capacities(lot, who)), actor, "claim.submit", text)


def takes_as_is(actor: Actor) -> bool:
    """Whether the organisation may take devices for its own use: a recipient, or a public body."""
    if actor.organisation_id is None:
        return False
    return policy.takes_as_is(actor, regimes.party_kind(actor.organisation_id))


def kept_until(lot: Lot, actor: Actor) -> date | None:
    """The day until which the lot is kept for public bodies and this organisation is none; else None.

    The holder's option (the State's own platform keeps gifts for administrations for 15 days).
    """
    if not lots.reserved_for_public_bodies(lot, clock.today()):
        return None
    public = actor.organisation_id and regimes.party_kind(actor.organisation_id) in parties.PUBLIC
    return None if public else lot.public_first_until


def view(claim: Claim) -> ClaimView:
    """One claim as pages show it."""
    return _views(Claim.id == claim.id)[0]


def of_lot(lot_id: int) -> list[ClaimView]:
    """The claims of a lot, in the order they came."""
    return _views(Claim.lot_id == lot_id)


def mine(organisation_id: int) -> list[ClaimView]:
    """The claims an organisation has made, the newest first."""
    return _views(Claim.organisation_id == organisation_id)[::-1]


def of_ids(claim_ids: Sequence[int]) -> list[ClaimView]:
    """Claims by id, the newest first."""
    return _views(Claim.id.in_(claim_ids))[::-1]


def received(organisation_id: int) -> list[ClaimView]:
    """The claims on an organisation's lots, the newest first."""
    return _views(Claim.holder_id == organisation_id)[::-1]


def unanswered(holder_id: int) -> tuple[int, date | None]:
    """How many claims wait for this holder's answer, and the first day by which one is due."""
    found = sa.select(sa.func.count(), sa.func.min(Claim.answer_until))
    number, first = (
        session().execute(found.where(Claim.holder_id == holder_id, Claim.state == "submitted")).one()
    )
    return number, first


def lines(claim: Claim) -> list[LineView]:
    """What a claim asks and was awarded, beside what its lot still has."""
    wanted = session().scalars(sa.select(ClaimLine).where(ClaimLine.claim_id == claim.id)).all()
    by_line = {each.line: each for each in wanted}
    return [
        LineView(each.number, each.kind, each.label, each.declared, each.left,
                 by_line[each.number].asked, by_line[each.number].awarded)
        for each in lot_lines(session().get_one(Lot, claim.lot_id))
        if each.number in by_line
    ]  # fmt: skip


def lot_lines(lot: Lot) -> list[LineView]:
    """The lines of a lot with the units still listed: what may be asked for."""
    left = lots.left_by_line(lot.reference)
    return [
        LineView(row.number, row.kind, row.label, row.declared, left.get(row.number, 0))
        for row in lots.lines(lot.id)
    ]


def awarded_units(claim: Claim) -> list[int]:
    """Ids of the units awarded to a claim and not yet collected, released or missing."""
    return units.engaged_ids("award", claim.reference)


def _views(*criteria: sa.ColumnElement[bool]) -> list[ClaimView]:
    rows = session().execute(_VIEWS.where(*criteria)).all()
    open_units = open_counts([row[0].reference for row in rows if row[0].state == "awarded"])
    delay = delay_days("pickup.answer") if any(row[3] is None for row in rows) else 0
    return [_made(row, *open_units.get(row[0].reference, (0, 0)), delay) for row in rows]


def _made(row: Any, open_units: int, in_pickup: int, delay: int) -> ClaimView:
    claim, lot_reference, lot_title, available_until, award_mode, holder, claimant, asked, awarded = row
    stage = claim.state if claim.state != "awarded" else ("to_collect" if open_units else "collected")
    since = (claim.answered_at or claim.submitted_at).astimezone(clock.PARIS).date()
    return ClaimView(
        id=claim.id, reference=claim.reference, stage=stage, lot_id=claim.lot_id, lot_reference=lot_reference,
        lot_title=lot_title, holder_id=claim.holder_id, holder=holder,
        organisation_id=claim.organisation_id, claimant=claimant,
        capacity=claim.capacity, asked=int(asked), awarded=int(awarded), open_units=open_units, in_pickup=in_pickup,
        proposal=claim.proposal, amount_cents=claim.amount_cents, message=claim.message,
        submitted_at=claim.submitted_at, answer_until=claim.answer_until, answered_at=claim.answered_at,
        collect_until=available_until or since + timedelta(days=delay), reason=claim.reason,
        commitment_version=claim.commitment_version, undertaking_version=claim.undertaking_version,
        minimum=claim.minimum, at_closing=award_mode == "at_closing",
    )  # fmt: skip


def _all_views() -> Any:
    asked, awarded = sa.func.sum(ClaimLine.asked), sa.func.sum(ClaimLine.awarded)
    holder, claimant = aliased(Organisation), aliased(Organisation)
    return (
        sa.select(
            Claim, Lot.reference, Lot.title, Lot.available_until, Lot.award_mode, holder.name, claimant.name, asked,
            awarded,
        )
        .join(Lot, Lot.id == Claim.lot_id)
        .join(holder, holder.id == Claim.holder_id)
        .join(claimant, claimant.id == Claim.organisation_id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .group_by(Claim.id, Lot.id, holder.id, claimant.id)
        .order_by(Claim.id)
    )  # fmt: skip


_VIEWS = _all_views()  # made once: every claim asks it
