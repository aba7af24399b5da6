"""What a need's state follows from: what is proposed for it, and what has been handed over."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel import ending as at_end
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import lock, session
from reuse_market.reservations.needs import mails, telling
from reuse_market.reservations.needs.lifecycle import LIVE, MATCH, NEED, STANDING
from reuse_market.reservations.needs.need_models import Need, NeedMatch

OFFERS = "offers"  # reservations that hold what is proposed, announced when it is no longer


def counted(found: Need) -> Counter[str]:
    """Units of a need's matches by their state."""
    rows = session().execute(
        sa.select(NeedMatch.state, sa.func.sum(NeedMatch.units))
        .where(NeedMatch.need_id == found.id)
        .group_by(NeedMatch.state)
    )
    return Counter({state: int(units) for state, units in rows})


def settle(found: Need) -> None:
    """Bring the need's state in line: met once served in full, matched while something stands, else open."""
    if found.state not in LIVE:
        return
    units = counted(found)
    if units["served"] >= found.units:
        NEED.fire("meet", found, SYSTEM, ended_at=clock.now())
        telling.need(SYSTEM, "need.met", found, {"served": units["served"]})
        let_go(found)
        mails.met(found)
        return
    standing = any(units[state] for state in STANDING)
    if standing and found.state == "open":
        NEED.fire("match", found, SYSTEM)
        telling.need(SYSTEM, "need.matched", found)
    elif not standing and found.state == "matched":
        NEED.fire("reopen", found, SYSTEM)
        telling.need(SYSTEM, "need.reopened", found)


def gone(match: NeedMatch, found: Need) -> None:
    """A proposal is over without a yes: what it held is freed at the end of the command, a promise it kept ends."""
    if match.reservation_id is not None:
        at_end.announce(OFFERS, [match.reservation_id])
    promise = lock(NeedMatch, NeedMatch.id == match.promise_id) if match.promise_id else None
    if promise is not None and promise.state == "promised" and match.state != "withdrawn":
        _lapse(promise, found)


def let_go(found: Need) -> None:
    """What was proposed or promised for a need that is over lapses."""
    rows = sa.select(NeedMatch).where(
        NeedMatch.need_id == found.id, NeedMatch.state.in_(("proposed", "promised"))
    )
    for match in session().scalars(rows.order_by(NeedMatch.id)).all():
        if match.state in ("proposed", "promised"):  # one may have ended with another
            _lapse(match, found)
            gone(match, found)


def _lapse(match: NeedMatch, found: Need) -> None:
    MATCH.fire("lapse", match, SYSTEM, ended_at=clock.now())
    telling.match(SYSTEM, "need.match-lapsed", match, found)
    if match.seller_id is not None:
        mails.lapsed(match, found)
