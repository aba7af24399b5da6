"""Reads on the waiting list."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.waiting import policy
from reuse_market.reservations.waiting.lifecycle import OPEN, UNKNOWN
from reuse_market.reservations.waiting.waiting_models import WaitingEntry


@dataclass(frozen=True, slots=True)
class Place:
    """An entry with its rank: 1 when nobody of the kind who wants the same is before it; 0 once it is over."""

    entry: WaitingEntry
    rank: int
    organisation: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What is waited for, and not by whom: of a kind with a minimum of memory, how many units and structures."""

    kind: str
    least_ram_mb: int | None
    units: int
    waiting: int


def get(reference: str, actor: Actor) -> WaitingEntry:
    """An entry this actor may see; NotFound otherwise."""
    found = session().scalars(
        sa.select(WaitingEntry).where(WaitingEntry.reference == reference)
    ).one_or_none()  # fmt: skip
    if found is None or not policy.may_see(actor, found):
        raise NotFound(UNKNOWN)
    return found


def place(entry: WaitingEntry) -> Place:
    """One entry with its rank."""
    statement = sa.select(_rank()).where(WaitingEntry.id == entry.id)
    rank = (session().scalar(statement) or 0) if entry.state in OPEN else 0
    return Place(entry, rank, accounts.names([entry.organisation_id]).get(entry.organisation_id, ""))


def listed(
    actor: Actor, *, all_of_them: bool = False, state: str | None = None, after: int | None = None,
    limit: int = 25, offset: int = 0,
) -> list[Place]:  # fmt: skip
    """Entries of the actor's organisation (all for overseers when asked), open ones unless a state is asked."""
    statement = sa.select(WaitingEntry, _rank()).order_by(WaitingEntry.id).limit(limit).offset(offset)
    statement = statement.where(WaitingEntry.state == state if state else WaitingEntry.state.in_(OPEN))
    if not (all_of_them and oversees(actor)):
        statement = statement.where(WaitingEntry.organisation_id == (actor.organisation_id or 0))
    if after is not None:
        statement = statement.where(WaitingEntry.id > after)
    rows = session().execute(statement).all()
    names = accounts.names({entry.organisation_id for entry, _rank_of in rows})
    return [
        Place(entry, rank if entry.state in OPEN else 0, names.get(entry.organisation_id, ""))
        for entry, rank in rows
    ]


def count(actor: Actor, *, all_of_them: bool = False) -> int:
    """How many open entries `listed` has."""
    statement = sa.select(sa.func.count()).where(WaitingEntry.state.in_(OPEN))
    if not (all_of_them and oversees(actor)):
        statement = statement.where(WaitingEntry.organisation_id == (actor.organisation_id or 0))
    return session().scalar(statement) or 0


def demand() -> list[Demand]:
    """What is waited for, by kind and memory, the most wanted first: what a seller reads."""
    entry, units = WaitingEntry, sa.func.sum(WaitingEntry.units)
    statement = (
        sa.select(entry.kind, entry.least_ram_mb, units, sa.func.count(entry.organisation_id.distinct()))
        .where(entry.state == "waiting")
        .group_by(entry.kind, entry.least_ram_mb)
        .order_by(units.desc(), entry.kind)
        .limit(25)
    )
    return [Demand(*row) for row in session().execute(statement)]


def _rank() -> sa.ScalarSelect[int]:
    """1 and those of the same kind before it that may be served with the same devices, promises among them."""
    promised = (
        sa.select(sa.func.count())
        .select_from(NeedMatch)
        .join(Need, Need.id == NeedMatch.need_id)
        .where(
            Need.kind == WaitingEntry.kind, NeedMatch.state == "promised",
            NeedMatch.answered_at < WaitingEntry.joined_at,
        )
        .correlate(WaitingEntry)
    )  # fmt: skip
    other = aliased(WaitingEntry)
    same = sa.or_(
        other.group_key.is_(None), WaitingEntry.group_key.is_(None), other.group_key == WaitingEntry.group_key
    )
    return (
        sa.select(sa.func.count() + 1 + promised.scalar_subquery())
        .where(other.kind == WaitingEntry.kind, other.state.in_(OPEN), other.id < WaitingEntry.id, same)
        .correlate(WaitingEntry)
        .scalar_subquery()
    )
