"""Accepting a proposal of share, as it is or edited with a reason: all its claims are answered in one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from reuse_market.claims import law, offers
from reuse_market.claims.lifecycle import FLOW as CLAIMS
from reuse_market.claims.models import Claim, Share, ShareClaim, ShareLine
from reuse_market.claims.services.answering import award_units
from reuse_market.claims.sharing import lifecycle, mails, proposing
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lot_reads
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.traceability import journal

Cells = dict[tuple[str, int], int]  # (claim's reference, line) → units
NO_SHARE = N_("No share is proposed for this lot.")


@command
def accept_share(
    lot_reference: str, cells: Mapping[tuple[str, int], int] | None = None, reason: str = "", *, actor: Actor
) -> Share:
    """The holder or the operator accepts the proposal (None), or other numbers with a reason. One act: each claim
    is awarded or declined and told why, what is left goes back to the holder.

    Refused: neither of them, or who may not commit; Conflict when the proposal is answered, expired or stale;
    Invalid for more than asked or left, under a claim's minimum, past the cap, to a claim that is not eligible,
    into the kept share by anybody but the holder whose option it is, against the law (with its article), or
    without a reason.
    """
    share, lot = _locked(lot_reference, actor)
    lifecycle.FLOW.require("accept", share, actor)
    if lot.state != "published" or proposing.is_stale(share):
        raise Conflict(
            N_(
                "The requests have changed since: the share is being worked out again. Come back in a few minutes."
            ),
            code="share.stale",
        )
    rows = {row.id: row for row in session().scalars(sa.select(Claim).where(Claim.id.in_(_claim_ids(share))))}
    lines = list(session().scalars(sa.select(ShareLine).where(ShareLine.share_id == share.id)))
    proposal = {(rows[line.claim_id].reference, line.line): line.units for line in lines}
    final = proposal if cells is None else proposal | _known(cells, proposal)
    edited = final != proposal
    if edited:
        _check(share, lot, rows, lines, final, actor)
    told = " ".join(reason.split()) if edited else ""
    if edited and not 3 <= len(told) <= 500:
        raise Invalid(N_("Say why you change the proposal: those concerned read it."), field="reason",
                      code="share.reason")  # fmt: skip
    _require_lawful(lot, rows, lines, final)
    _record(share, lot, rows, lines, final, told, edited, actor)
    lots.give_back(lot.id)
    return share


def _record(
    share: Share, lot: Lot, rows: dict[int, Claim], lines: list[ShareLine], final: Cells, told: str, edited: bool,
    actor: Actor,
) -> None:  # fmt: skip
    """Fire the acceptance, write it down and answer every claim."""
    side = "holder" if actor.is_org(lot.holder_id) else "operator"
    row = lifecycle.FLOW.fire("accept", share, actor, answered_at=clock.now(), answered_by=side, edited=edited,
                              reason=told)  # fmt: skip
    doing = journal.Act(_for_holder(actor, lot))
    facts = {"lot": lot.reference, "share": share.reference, "units": sum(final.values()), "edited": edited}
    commitments = {"reason": told} if told else None
    journal.append(doing, f"lot/{lot.reference}", row.event, facts=facts, commitments=commitments)
    for line in lines:
        line.final = final[rows[line.claim_id].reference, line.line]
    for claim in sorted(rows.values(), key=lambda one: one.id):
        _answer(
            share,
            lot,
            claim,
            {line: n for (ref, line), n in final.items() if ref == claim.reference and n},
            doing,
        )


def _answer(share: Share, lot: Lot, claim: Claim, granted: dict[int, int], doing: journal.Act) -> None:
    """Award to a claim what it is granted, or pass it over; it is told which rule decided."""
    kept = session().get_one(ShareClaim, (share.id, claim.id))
    kept.final = sum(granted.values())
    CLAIMS.fire("share" if granted else "pass_over", claim, SYSTEM, answered_at=clock.now())
    if granted:
        award_units(claim, lot, granted, doing)
    else:
        facts = {"lot": lot.reference, "claim": claim.reference}
        journal.append(doing, f"lot/{lot.reference}", "claim.declined", facts=facts)
    mails.answered(share, lot, claim, kept)


def _for_holder(actor: Actor, lot: Lot) -> Actor:
    """Units are the holder's to award: the operator that decides acts for it, and the journal says so."""
    if actor.is_org(lot.holder_id):
        return actor
    return replace(actor, organisation_id=lot.holder_id, roles=frozenset({"holder"}), via="operator")


def _locked(lot_reference: str, actor: Actor) -> tuple[Share, Lot]:
    lot = lock(Lot, Lot.reference == lot_reference)
    newest = (
        sa.select(Share.id).where(Share.lot_id == (lot.id if lot else 0)).order_by(Share.id.desc()).limit(1)
    )
    share = lock(Share, Share.id == newest.scalar_subquery())
    if lot is None or share is None or not lifecycle.sees_all(actor, share):
        raise NotFound(NO_SHARE)
    return share, lot


def _claim_ids(share: Share) -> sa.Select[int]:
    return sa.select(ShareClaim.claim_id).where(ShareClaim.share_id == share.id)


def _known(cells: Mapping[tuple[str, int], int], proposal: Cells) -> Cells:
    for claim, line in cells:
        if (claim, line) not in proposal:
            raise Invalid(N_("The request %(claim)s asks nothing of line %(line)s."), field="lines",
                          code="share.cell", claim=claim, line=line)  # fmt: skip
    return dict(cells)


def _check(
    share: Share, lot: Lot, rows: dict[int, Claim], lines: list[ShareLine], final: Cells, actor: Actor
) -> None:
    """Refuse numbers that do not fit: by cell, by line, by claim, and the kept share."""
    left = lot_reads.left_by_line(lot.reference)
    totals = dict.fromkeys(rows, 0)
    for line in lines:
        reference = rows[line.claim_id].reference
        count, most = final[reference, line.line], line.asked if line.may else 0
        if not 0 <= count <= most:
            raise Invalid(N_("Enter a number between 0 and %(most)s."), field=cell_name(reference, line.line),
                          code="share.number", most=most)  # fmt: skip
        left[line.line] = left.get(line.line, 0) - count
        totals[line.claim_id] += count
    over = next((number for number, rest in left.items() if rest < 0), None)
    if over is not None:
        raise Invalid(N_("Line %(line)s: %(more)s more than what is left."), field="lines", code="share.line",
                      line=over, more=-left[over])  # fmt: skip
    for claim_id, total in totals.items():
        _check_total(lot, rows[claim_id], total)
    if share.reserved and not actor.is_org(lot.holder_id):
        open_to_all = sum(left.values()) + sum(final.values()) - share.reserved
        others = sum(n for claim_id, n in totals.items() if not _favoured(lot, rows[claim_id]))
        if others > max(0, open_to_all):
            raise Invalid(N_("The holder keeps %(units)s devices for some: only the holder gives them to others."),
                          field="lines", code="share.reserved", units=share.reserved)  # fmt: skip


def _check_total(lot: Lot, claim: Claim, total: int) -> None:
    if total and total < (claim.minimum or 1):
        raise Invalid(N_("The request %(claim)s takes at least %(minimum)s devices, or none."), field="lines",
                      code="share.minimum", claim=claim.reference, minimum=claim.minimum)  # fmt: skip
    if lot.cap_per_actor is not None and total > lot.cap_per_actor:
        raise Invalid(N_("One organisation may have at most %(cap)s devices of this lot."), field="lines",
                      code="share.cap", cap=lot.cap_per_actor)  # fmt: skip


def _favoured(lot: Lot, claim: Claim) -> bool:
    if lot.reserved_for == "recipients":
        return claim.capacity == "recipient"
    return regimes.party_kind(claim.organisation_id) in parties.PUBLIC


def _require_lawful(lot: Lot, rows: dict[int, Claim], lines: list[ShareLine], final: Cells) -> None:
    """What the law refuses on the day of the award is refused, whatever was proposed."""
    for claim in rows.values():
        asked = {line.line: line.asked for line in lines if line.claim_id == claim.id}
        granted = [number for number in asked if final[claim.reference, number]]
        if granted:
            offer = offers.Offer(claim.proposal, claim.amount_cents)
            law.require_award(lot, asked, claim.organisation_id, claim.capacity, offer, granted)


def cell_name(claim_reference: str, line: int) -> str:
    """The field of a cell: what an error points at."""
    return f"units_{claim_reference.replace('-', '_')}_{line}"
