"""What the life of a reservation does to the need it serves: handed over, it counts; let go, it is looked for again."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import lock, session
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import ending, mails, telling
from reuse_market.reservations.needs.lifecycle import MATCH
from reuse_market.reservations.needs.need_models import Need, NeedMatch

FOLLOWS = {  # (the match, its reservation) → what becomes of the match
    ("reserved", "provided"): "serve", ("reserved", "released"): "end", ("reserved", "expired"): "end",
    ("proposed", "released"): "let_pass", ("proposed", "expired"): "lapse",
}  # fmt: skip
MOVES = {state for _match, state in FOLLOWS}


def after(held: Reservation) -> None:
    """Inside the act that moved a reservation: its match and its need follow, if it has any."""
    if held.state not in MOVES:
        return
    need_id = session().scalar(sa.select(NeedMatch.need_id).where(NeedMatch.reservation_id == held.id))
    if need_id is None:
        return
    need = lock(Need, Need.id == need_id)
    match = lock(NeedMatch, NeedMatch.reservation_id == held.id)
    action = FOLLOWS.get((match.state, held.state))
    if action is None:  # answered already: the reservation follows it
        return
    values = {"reason": "other"} if action == "let_pass" else {}
    row = MATCH.fire(action, match, SYSTEM, ended_at=clock.now(), **values)
    telling.match(SYSTEM, row.event, match, need, {"reservation": held.reference})
    if action in ("let_pass", "lapse"):
        ending.gone(match, need)
        (mails.declined if action == "let_pass" else mails.lapsed)(match, need)
    ending.settle(need)
