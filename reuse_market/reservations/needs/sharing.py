"""Ready devices shared among all the needs that wait, in one go: the operator proposes what `allocating` found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.reservations import acting
from reuse_market.reservations.fairness import ceilings
from reuse_market.reservations.needs import matching, policy, reading, supply
from reuse_market.reservations.needs.allocating import Claimant, Given, allocate
from reuse_market.reservations.needs.need_models import Need
from reuse_market.reservations.needs.proposing import propose_match
from reuse_market.reservations.waiting import serving

MOST_NEEDS = 50


@command
def propose_shares(*, actor: Actor) -> list[str]:
    """Propose ready devices to every need nothing stands for yet, shared; references of the proposals made.

    The most devices served, ceilings of structures held, nothing the law refuses; ties fall by the day's lot,
    so that nobody draws again until it pleases. Refused: NotAllowed to others than the operator.
    """
    if not policy.operator(actor):
        raise NotAllowed(N_("Only the operator shares devices among needs."), code="need.share")
    shelf, _allowed = _shelf(_needs())
    for seller_id in sorted({one.seller_id or 0 for one in shelf}):
        acting.queue_up(seller_id)
    serving.after([one.key for one in shelf])  # those who wait already have their turn first
    found = []
    for given in shares():
        made = propose_match(given.need, "ready", given.supply, given.units, actor=actor)
        found.append(made.reference)
    return found


def shares() -> list[Given]:
    """Who would get what today, of what is ready and not proposed to anybody."""
    needs = _needs()
    shelf, allowed = _shelf(needs)
    claimants = [Claimant(one.reference, reading.wanted(one), str(one.organisation_id)) for one in needs]
    today = clock.today()
    return allocate(claimants, shelf, _rooms(needs), seed=today.toordinal(), on=today, allowed=allowed)


def _needs() -> Sequence[Need]:
    rows = sa.select(Need).where(Need.state == "open", Need.organisation_id.is_not(None))
    order = (Need.wanted_by.is_(None), Need.wanted_by, Need.id)
    return session().scalars(rows.order_by(*order).limit(MOST_NEEDS)).all()


def _shelf(needs: Sequence[Need]) -> tuple[list[matching.Supply], dict[str, frozenset[str]]]:
    """What is ready, once each (what is proposed is held, hence not there); the structures each may go to."""
    seen: dict[str, matching.Supply] = {}
    allowed: dict[str, set[str]] = {}
    for need in needs:
        for one in supply.of(need):
            if one.source == "ready":
                seen[one.key] = replace(one, refused=None)
                allowed.setdefault(one.key, set())
                if one.refused is None:
                    allowed[one.key].add(str(need.organisation_id))
    return list(seen.values()), {key: frozenset(structures) for key, structures in allowed.items()}


def _rooms(needs: Sequence[Need]) -> dict[tuple[str, str], int]:
    """What each structure may still get of a kind, where a ceiling bears on it."""
    found = {}
    for need in needs:
        room = ceilings.room(need.organisation_id or 0, need.kind)
        if room is not None:
            found[str(need.organisation_id), need.kind] = room.left
    return found
