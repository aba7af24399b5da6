"""The job: lots whose requests are over are solved one by one, and the proposals are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.claims.models import Share, ShareClaim, ShareLine
from reuse_market.claims.sharing import mails, process, standing
from reuse_market.claims.sharing.lifecycle import FLOW
from reuse_market.claims.sharing.standing import Claimed, Standing
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lot_reads
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal


def close_due() -> int:
    """Job: each lot to share whose requests are over gets its proposal; one nobody asked for goes back."""
    return jobs.each(_due(), _work, "claims.share")


def remind_due() -> int:
    """Job: the holder is reminded once of a proposal whose last days have come."""
    soon = clock.in_days(delay_days("share.remind"))
    chosen = sa.select(Share.id).where(
        Share.state == "proposed", Share.reminded_at.is_(None), Share.answer_until <= soon
    )
    return jobs.each(list(session().scalars(chosen)), _remind, "claims.share-remind")


def expire_due() -> int:
    """Job: proposals nobody answered in time, or whose lot is over, expire."""
    chosen = (
        sa.select(Share.id)
        .join(Lot, Lot.id == Share.lot_id)
        .where(Share.state == "proposed")
        .where(sa.or_(Share.answer_until < clock.today(), Lot.state != "published"))
    )
    return jobs.each(list(session().scalars(chosen)), _expire, "claims.share-expire")


def is_stale(share: Share) -> bool:
    """Whether the claims or the devices have changed since: it is then worked out again."""
    told = session().scalars(sa.select(ShareClaim.claim_id).where(ShareClaim.share_id == share.id))
    if set(told) != {claim.id for claim in standing.waiting(share.lot_id)}:
        return True
    left = lot_reads.left_by_line(session().get_one(Lot, share.lot_id).reference)
    given = sa.select(ShareLine.line, sa.func.sum(ShareLine.units)).where(ShareLine.share_id == share.id)
    return any(n > left.get(line, 0) for line, n in session().execute(given.group_by(ShareLine.line)))


def _due() -> list[int]:
    today = clock.today()
    earliest = today - timedelta(days=delay_days("share.answer"))
    answered = sa.select(Share.lot_id).where(Share.state.in_(["accepted", "expired"]))
    chosen = session().scalars(
        sa.select(Lot.id)
        .where(Lot.award_mode == "at_closing", Lot.state == "published", Lot.id.not_in(answered))
        .where(Lot.claims_until < today, Lot.claims_until >= earliest)
        .order_by(Lot.id)
    )
    found = {
        share.lot_id: share for share in session().scalars(sa.select(Share).where(Share.state == "proposed"))
    }
    return [lot_id for lot_id in chosen if lot_id not in found or is_stale(found[lot_id])]


def _work(lot_id: int) -> None:
    told = standing.read(lot_id)
    if told.claims:
        propose(told, process.solve(told.problem))
    else:
        _forget(lot_id)
        lots.give_back(lot_id)


@command
def propose(told: Standing, answer: dict[str, Any]) -> Share:
    """Keep the solver's answer to a problem as the lot's proposal, in place of one that is stale.

    Conflict when the problem has changed while it was being solved: the next run asks again.
    """
    lot = lock(Lot, Lot.id == told.lot_id)
    if standing.read(lot.id).digest != told.digest or lot.state != "published":
        raise Conflict(N_("The requests have changed: the share is worked out again."), code="share.stale")
    _forget(lot.id)
    made = Share(
        reference=next_reference("PAR"), state="proposed", lot_id=lot.id, holder_id=lot.holder_id, made_at=clock.now(),
        seed=told.problem.seed, solver=str(answer["solver"]), status=str(answer["status"]),
        spent_ms=int(answer["spent_ms"]), digest=told.digest, reserved=told.problem.reserved,
        answer_until=lot.claims_until + timedelta(days=delay_days("share.answer")),
    )  # fmt: skip
    session().add(made)
    session().flush()
    units = {(claim, int(line)): int(count) for claim, line, count in answer["units"]}
    for claim in told.claims:
        _keep(made.id, claim, units, told, dict(answer["rules"]))
    session().flush()
    facts = {"lot": lot.reference, "share": made.reference, "claims": len(told.claims), "seed": made.seed,
             "units": sum(units.values()), "proven": made.status == "optimal", "problem": made.digest}  # fmt: skip
    journal.append(journal.Act(SYSTEM), f"lot/{lot.reference}", "share.proposed", facts=facts)
    mails.proposed(made, lot, {"units": facts["units"], "claims": len(told.claims)})
    return made


def _keep(
    share_id: int, claim: Claimed, units: dict[tuple[str, int], int], told: Standing, rules: dict[str, str]
) -> None:
    mine = {line: units.get((claim.reference, line), 0) for line in claim.asked}
    asked, obtained = sum(claim.asked.values()), sum(mine.values())
    rule = "all" if obtained == asked else rules.get(claim.reference, "")
    ask = next((one for one in told.problem.asks if one.claim == claim.reference), None)
    if rule == "stock" and ask is not None:  # which of the limits it is
        short = told.problem.most(ask) < ask.minimum
        rule = "minimum" if short else ("cap" if obtained == told.problem.cap else rule)
    if claim.why_not and (not claim.may or rule in ("", "stock")):
        rule = claim.why_not
    ranks = {name: ranked.get(claim.reference) for name, ranked in told.ranks.items()}
    session().add(ShareClaim(
        share_id=share_id, claim_id=claim.claim_id, rule=rule or "unknown", asked=asked, obtained=obtained,
        rivals=len(told.problem.asks), price_rank=ranks["price"] if told.problem.priced else None,
        load_rank=ranks["load"], km_rank=ranks["km"], draw_rank=ranks["draw"], received=claim.received,
        capacity=claim.capacity, km=claim.km,
    ))  # fmt: skip
    session().add_all(
        ShareLine(share_id=share_id, claim_id=claim.claim_id, line=line, asked=claim.asked[line],
                  may=line in claim.may, units=count)
        for line, count in sorted(mine.items())
    )  # fmt: skip


@command
def _forget(lot_id: int) -> None:
    """The proposal that waits is replaced."""
    share = lock(Share, Share.lot_id == lot_id, Share.state == "proposed")
    if share is not None:
        _end(share, "replace")


@command
def _expire(share_id: int) -> None:
    lock(Lot, Lot.id == session().get_one(Share, share_id).lot_id)
    _end(lock(Share, Share.id == share_id), "expire")


@command
def _remind(share_id: int) -> None:
    share = lock(Share, Share.id == share_id)
    if share.state == "proposed" and share.reminded_at is None:
        share.reminded_at = clock.now()
        mails.reminder(share, session().get_one(Lot, share.lot_id))


def _end(share: Share, action: str) -> None:
    row = FLOW.fire(action, share, SYSTEM)
    lot = session().get_one(Lot, share.lot_id)
    facts = {"lot": lot.reference, "share": share.reference}
    journal.append(journal.Act(SYSTEM), f"lot/{lot.reference}", row.event, facts=facts)
