"""Both sides are reminded of an agreed pick-up: the afternoon before, and in the morning."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.collection import arrival_mails as mails
from reuse_market.collection.models import Pickup
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.db import command, lock, session

EVE_FROM, MORNING_FROM = 14, 6  # hours, Europe/Paris


def remind_due() -> int:
    """Job: remind of what was agreed for tomorrow and for today, each once a slot. Returns how many.

    A pick-up agreed after the hour of a reminder gets it at the next run: better twice told than not at all;
    one whose slot has begun gets none.
    """
    hour = clock.now().astimezone(clock.PARIS).hour
    due = []
    if hour >= EVE_FROM:
        due.append(sa.and_(Pickup.day == clock.in_days(1), Pickup.eve_told_at.is_(None)))
    if hour >= MORNING_FROM:
        now = clock.now().astimezone(clock.PARIS).strftime("%H:%M")
        due.append(
            sa.and_(Pickup.day == clock.today(), Pickup.morning_told_at.is_(None), Pickup.from_time > now)
        )
    if not due:
        return 0
    statement = sa.select(Pickup.id).where(Pickup.state == "agreed", sa.or_(*due)).order_by(Pickup.id)
    return jobs.each(list(session().scalars(statement)), _remind, "pickups.remind")


@command
def _remind(pickup_id: int) -> None:
    pickup = lock(Pickup, Pickup.id == pickup_id)
    if pickup is None or pickup.state != "agreed":
        return
    if pickup.day == clock.today():
        pickup.morning_told_at = clock.now()
        mails.reminder(pickup, "morning")
    else:
        pickup.eve_told_at = clock.now()
        mails.reminder(pickup, "eve")
