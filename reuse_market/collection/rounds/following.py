"""What a pick-up's life does to the round it is on. Called by the pick-up's own verbs, in their transaction."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundStop
from reuse_market.kernel.db import lock, session


def moved(pickup: Pickup) -> None:
    """The pick-up is off, or has another slot: it leaves a round that has not set off.

    A draft keeps one whose new slot is on its day. From a round under way a pick-up leaves only for another slot:
    one that failed or was called off stays, as told.
    """
    _follow(pickup, leaves=pickup.state in ("proposed", "countered"))


def done(pickup: Pickup) -> None:
    """The driver has signed: the round may be over."""
    _follow(pickup, leaves=False, stays=True)


def _follow(pickup: Pickup, *, leaves: bool, stays: bool = False) -> None:
    from reuse_market.collection.rounds import going  # a round reads pick-ups, whose verbs come here

    statement = (
        sa.select(RoundStop.id, RoundStop.round_id)
        .join(Round, Round.id == RoundStop.round_id)
        .where(RoundStop.pickup_id == pickup.id, Round.state.in_(["draft", "planned", "under_way"]))
    )
    for stop_id, round_id in session().execute(statement).all():
        found = lock(Round, Round.id == round_id)
        stop = session().get(RoundStop, stop_id)
        same_day = leaves and found.state == "draft" and found.day == pickup.day
        if stop is not None and not stays and not same_day and (leaves or found.state != "under_way"):
            going.drop(found, stop)
        going.settle(found)
