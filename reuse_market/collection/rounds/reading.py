"""Reads on rounds: lists, one round, what a holder may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundPlan, RoundStop, Vehicle
from reuse_market.collection.rounds import policy
from reuse_market.collection.rounds.lifecycle import FLOW
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_

SETTLED = ("planned", "under_way", "done")


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as lists show it."""

    round: Round
    vehicle: str
    actor: str
    stops: int

    @property
    def today(self) -> bool:
        """Whether it is driven today and not over."""
        return self.round.day == clock.today() and self.open

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.round.state in ("draft", "planned", "under_way")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a holder knows of the round that stops at its door."""

    reference: str
    state: str
    day: date
    arrive_at: str
    driver_name: str
    vehicle: str
    plate: str


def get(reference: str) -> Round | None:
    """The round of that reference, or None."""
    return session().scalars(sa.select(Round).where(Round.reference == reference)).one_or_none()


def seen(reference: str, actor: Actor) -> Round:
    """The round of that reference; NotFound when there is none or `actor` may not know of it."""
    found = get(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This round does not exist."))
    return found


def held_stops(reference: str, actor: Actor) -> list[str]:
    """References of the pick-ups of a settled round that are at this holder's; NotFound when there is none."""
    statement = (
        sa.select(Pickup.reference)
        .join(RoundStop, RoundStop.pickup_id == Pickup.id)
        .join(Round, Round.id == RoundStop.round_id)
        .where(Round.reference == reference, Round.state.in_(SETTLED))
        .where(Pickup.holder_id == (actor.organisation_id or 0))
        .order_by(RoundStop.position)
    )
    found = list(session().scalars(statement)) if actor.roles and actor.via != "link" else []
    if not found:
        raise NotFound(N_("This round does not exist."))
    return found


def offered(found: Round, actor: Actor) -> list[str]:
    """What this actor may do with the round now."""
    return FLOW.offered(found, actor)


def views(actor: Actor, *, state: str | None = None, after: int | None = None, limit: int | None = None,
          day: date | None = None) -> list[RoundView]:  # fmt: skip
    """Rounds of the actor's organisation (all for overseers), the newest first."""
    counted = sa.select(sa.func.count()).where(RoundStop.round_id == Round.id).scalar_subquery()
    statement = (
        sa.select(Round, sa.func.coalesce(Vehicle.name, ""), counted)
        .outerjoin(Vehicle, Vehicle.id == Round.vehicle_id)
        .order_by(Round.id.desc())
    )
    if not oversees(actor):
        statement = statement.where(Round.organisation_id == (actor.organisation_id or 0))
    if state:
        statement = statement.where(Round.state == state)
    if day:
        statement = statement.where(Round.day == day)
    if after is not None:
        statement = statement.where(Round.id < after)
    if limit is not None:
        statement = statement.limit(limit)
    rows = session().execute(statement).all()
    names = accounts.names([row[0].organisation_id for row in rows])
    return [RoundView(one, name, names.get(one.organisation_id, ""), count) for one, name, count in rows]


def expected_at(pickup_id: int) -> Expected | None:
    """The round settled that stops for a pick-up, as its holder may know it; None when there is none."""
    statement = (
        sa.select(Round.reference, Round.state, Round.day, RoundStop.told_at, Round.driver_name,
                  sa.func.coalesce(Vehicle.name, ""), sa.func.coalesce(Vehicle.plate, ""))
        .join(RoundStop, RoundStop.round_id == Round.id)
        .outerjoin(Vehicle, Vehicle.id == Round.vehicle_id)
        .where(RoundStop.pickup_id == pickup_id, RoundStop.told_at != "", Round.state.in_(SETTLED))
        .order_by(Round.id.desc())
    )  # fmt: skip
    row = session().execute(statement).first()
    return Expected(*row) if row else None


def plan(plan_id: int, actor: Actor) -> RoundPlan:
    """A question put to the planner by the actor's organisation; NotFound for any other."""
    found = session().get(RoundPlan, plan_id)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This plan does not exist."))
    return found
