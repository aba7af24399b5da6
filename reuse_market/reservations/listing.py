"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import Row, with_names


def reservations(
    actor: Actor, *, state: str | None = None, after: int | None = None, limit: int = 25
) -> list[Row]:
    """Reservations of both sides of the actor's organisation (all for overseers), the newest first."""
    statement = sa.select(Reservation).order_by(Reservation.id.desc()).limit(limit + 1)
    if not oversees(actor):
        mine = actor.organisation_id or 0
        statement = statement.where(sa.or_(Reservation.beneficiary_id == mine, Reservation.seller_id == mine))
    if state:
        statement = statement.where(Reservation.state == state)
    if after is not None:
        statement = statement.where(Reservation.id < after)
    return with_names(session().scalars(statement).all())
