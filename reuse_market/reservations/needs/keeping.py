"""Promises kept: what becomes ready is offered to those it was promised to, in the order they accepted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import sqlalchemy as sa

from reuse_market.kernel import jobs
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import command, lock, session
from reuse_market.reservations.needs import matching, reading, supply
from reuse_market.reservations.needs.lifecycle import LIVE
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.needs.proposing import propose_match


def keep_promises() -> int:
    """Job: offer what is ready now to whom it was promised; how many promises were looked at without failing."""
    due = (
        sa.select(NeedMatch.id)
        .join(Need, Need.id == NeedMatch.need_id)
        .where(NeedMatch.state == "promised", Need.state.in_(LIVE))
        .order_by(NeedMatch.answered_at, NeedMatch.id)
    )
    return jobs.each(list(session().scalars(due)), keep_promise, "need.keep")


@command
def keep_promise(match_id: int) -> list[str]:
    """Propose what is ready for one promise, less what is proposed to others of the same group; references."""
    promise = session().get_one(NeedMatch, match_id)
    need = lock(Need, Need.id == promise.need_id)
    promise = lock(NeedMatch, NeedMatch.id == match_id)
    owed = promise.units - _kept(promise)
    if promise.state != "promised" or owed < 1:
        return []
    spoken = spoken_for()
    ready = [
        one for one in supply.of(need)
        if one.source == "ready" and promise.seller_id in (None, one.seller_id)
    ]  # fmt: skip
    free = [_less(one, spoken[one.key]) for one in ready]
    found = matching.match(reading.wanted(need, owed), free).matches
    return [
        propose_match(
            need.reference, "ready", one.supply.key, one.units, actor=SYSTEM, promise_id=promise.id
        ).reference
        for one in found
    ]


def _kept(promise: NeedMatch) -> int:
    taken = sa.select(sa.func.sum(NeedMatch.units)).where(
        NeedMatch.promise_id == promise.id, NeedMatch.state.in_(("proposed", "reserved", "served"))
    )
    return int(session().scalar(taken) or 0)


def spoken_for() -> Counter[str]:
    """Units of each group that are proposed and not answered yet."""
    statement = (
        sa.select(NeedMatch.group_key, sa.func.sum(NeedMatch.units))
        .where(NeedMatch.state == "proposed", NeedMatch.group_key.is_not(None))
        .group_by(NeedMatch.group_key)
    )
    return Counter({str(key): int(units) for key, units in session().execute(statement)})


def _less(one: matching.Supply, taken: int) -> matching.Supply:
    return replace(one, units=max(0, one.units - taken))
