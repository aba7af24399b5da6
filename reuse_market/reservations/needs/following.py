"""What the life of a reservation does to the need it serves: handed over, it counts; let go, it is looked for again."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import lock, session
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import ending, telling
from reuse_market.reservations.needs.lifecycle import MATCH
from reuse_market.reservations.needs.need_models import Need, NeedMatch

FOLLOWS = {"provided": "serve", "released": "end", "expired": "end"}


def after(held: Reservation) -> None:
    """Inside the act that moved a reservation: its match and its need follow, if it has any."""
    action = FOLLOWS.get(held.state)
    if action is None:
        return
    need_id = session().scalar(sa.select(NeedMatch.need_id).where(NeedMatch.reservation_id == held.id))
    if need_id is None:
        return
    need = lock(Need, Need.id == need_id)
    match = lock(NeedMatch, NeedMatch.reservation_id == held.id)
    row = MATCH.fire(action, match, SYSTEM, ended_at=clock.now())
    telling.match(SYSTEM, row.event, match, need, {"reservation": held.reference})
    ending.settle(need)
