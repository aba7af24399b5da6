"""Revisions in pages, for the API."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.collection.models import NoteRevision, Pickup
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session


def revisions(
    actor: Actor, *, after: int | None, limit: int, state: str | None = None, pickup: str | None = None
) -> list[NoteRevision]:
    """Those this actor may know of, the newest first; one more than `limit` when there is more."""
    statement = sa.select(NoteRevision).order_by(NoteRevision.id.desc()).limit(limit + 1)
    if not oversees(actor):
        mine = actor.organisation_id
        statement = statement.where(sa.or_(NoteRevision.holder_id == mine, NoteRevision.actor_id == mine))
    if after is not None:
        statement = statement.where(NoteRevision.id < after)
    if state:
        statement = statement.where(NoteRevision.state == state)
    if pickup:
        wanted = sa.select(Pickup.id).where(Pickup.reference == pickup).scalar_subquery()
        statement = statement.where(NoteRevision.pickup_id == wanted)
    return list(session().scalars(statement))
