"""Promises kept: what becomes ready is offered to those it was promised to, in the one order of all who wait.

The order itself is waiting/serving.py: a promise stands in it from the day it was accepted.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.pricing import Price
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import matching, offering, reading, supply
from reuse_market.reservations.needs.lifecycle import LIVE
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.queries import HeldUnit


class Promise(NamedTuple):
    """A promise that a group may keep: since when, and to whom."""

    id: int
    since: datetime
    organisation_id: int


def _standing() -> sa.Select[int, datetime | None, int]:
    """Promises that devices of a kind and a seller may keep, but not of a group already taken back or let go."""
    match, other = NeedMatch, aliased(NeedMatch)
    tried = sa.exists().where(
        other.promise_id == match.id, other.group_key == sa.bindparam("g_key", type_=sa.String),
        other.state.in_(("withdrawn", "over")),
    )  # fmt: skip
    seller = sa.bindparam("g_seller", type_=sa.Integer)
    return (
        sa.select(match.id, match.answered_at, match.organisation_id)
        .join(Need, Need.id == match.need_id)
        .where(
            match.state == "promised", Need.state.in_(LIVE), match.organisation_id != seller,
            Need.kind == sa.bindparam("g_kind", type_=sa.String),
            sa.or_(match.seller_id.is_(None), match.seller_id == seller), ~tried,
        )
        .order_by(match.answered_at, match.id)
    )  # fmt: skip


_STANDING = _standing()


def standing(group: catalogue.Group) -> list[Promise]:
    """The promises this group may keep, the first accepted first; nothing is locked."""
    asked = {"g_key": group.key, "g_kind": group.kind, "g_seller": group.seller_id}
    rows = session().execute(_STANDING, asked)
    return [Promise(row[0], row[1], row[2]) for row in rows if row[1] is not None]


def owes(found: Reservation, held: HeldUnit, price: Price) -> bool:
    """Whether another structure was promised what a device this reservation holds would keep; nothing is locked."""
    asked = {"g_key": found.group_key, "g_kind": held.kind, "g_seller": found.seller_id}
    for promise_id, _since, party_id in session().execute(_STANDING, asked):
        promise = session().get_one(NeedMatch, promise_id)
        owed = promise.units - _kept(promise)
        if party_id == found.beneficiary_id or owed < 1 or not accounts.is_verified(party_id):
            continue
        need = session().get_one(Need, promise.need_id)
        one = supply.of_unit(held, found.group_key, found.seller_id, supply.asker(need), price)
        if not any(reason.blocks for reason in matching.fits(reading.wanted(need, owed), one)):
            return True
    return False


def kinds() -> list[str]:
    """The kinds somebody was promised."""
    statement = sa.select(Need.kind).join(NeedMatch, NeedMatch.need_id == Need.id)
    return list(session().scalars(statement.where(NeedMatch.state == "promised").distinct()))


def keep(promise_id: int, group: catalogue.Group) -> bool:
    """Hold and propose what is ready of a group for one promise; False where it may not have it, or nothing is left.

    Inside a command, the seller's head locked.
    """
    need_id = session().scalar(sa.select(NeedMatch.need_id).where(NeedMatch.id == promise_id))
    need = lock(Need, Need.id == need_id)
    promise = lock(NeedMatch, NeedMatch.id == promise_id)
    if need is None or promise is None or promise.state != "promised" or need.state not in LIVE:
        return False
    found = supply.of_group(group.key, supply.asker(need))
    if found is None:
        return False
    owed = promise.units - _kept(promise)
    count = min(owed, len(catalogue.ready_ids(group, owed))) if owed > 0 else 0
    if count < 1 or any(reason.blocks for reason in matching.fits(reading.wanted(need, owed), found)):
        return False
    try:
        offering.offer(need, found, count, actor=SYSTEM, promise_id=promise.id)
    except (Invalid, Conflict, NotFound):  # said before anything is written: it keeps its place
        return False
    return True


def _kept(promise: NeedMatch) -> int:
    taken = sa.select(sa.func.sum(NeedMatch.units)).where(
        NeedMatch.promise_id == promise.id, NeedMatch.state.in_(("proposed", "reserved", "served"))
    )
    return int(session().scalar(taken) or 0)
