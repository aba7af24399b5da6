"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.claims import queries
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.claims.queries import ClaimView
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot


def claims(
    actor: Actor,
    *,
    lot: str | None = None,
    state: str | None = None,
    after: int | None = None,
    limit: int = 25,
) -> list[ClaimView]:
    """Claims of both sides of the actor's organisation (all for overseers), the newest first."""
    statement = sa.select(Claim.id).order_by(Claim.id.desc()).limit(limit + 1)
    if not oversees(actor):
        mine = actor.organisation_id or 0
        statement = statement.where(sa.or_(Claim.holder_id == mine, Claim.organisation_id == mine))
    if lot:
        statement = statement.join(Lot, Lot.id == Claim.lot_id).where(Lot.reference == lot)
    if state:
        statement = statement.where(Claim.state == state)
    if after is not None:
        statement = statement.where(Claim.id < after)
    return queries.of_ids(list(session().scalars(statement)))


def lines(claim_ids: list[int]) -> dict[int, list[ClaimLine]]:
    """Claim id → its lines in order, in one statement."""
    statement = sa.select(ClaimLine).where(ClaimLine.claim_id.in_(claim_ids)).order_by(ClaimLine.line)
    found: dict[int, list[ClaimLine]] = {}
    for line in session().scalars(statement):
        found.setdefault(line.claim_id, []).append(line)
    return found
