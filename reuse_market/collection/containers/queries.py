"""Reads on sealed containers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from reuse_market.collection import policy, sheets
from reuse_market.collection.models import Container, Pickup, PickupCheck
from reuse_market.collection.queries import ANONYMOUS
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.models import Label, Unit


@dataclass(frozen=True, slots=True)
class Content:
    """A line in a container: said, read one by one since, of those with numbers; `extra` came in addition."""

    line: int | None
    label: str
    declared: int
    read: int
    numbered: int
    missing: int
    extra: int


@dataclass(frozen=True, slots=True)
class Inside:
    """A unit said to be in a container."""

    unit_id: int
    line: int | None
    code: str | None
    serial: str | None
    asset_tag: str | None
    state: str
    outcome: str
    read_at: datetime | None


def of_pickup(pickup_id: int) -> list[Container]:
    """The containers of a pick-up, in order."""
    statement = sa.select(Container).where(Container.pickup_id == pickup_id)
    return list(session().scalars(statement.order_by(Container.number)))


def seen(code: str, actor: Actor) -> tuple[Container, Pickup]:
    """The container of that code with its pick-up; NotFound when there is none or `actor` may not know of it."""
    row = session().execute(
        sa.select(Container, Pickup).join(Pickup, Pickup.id == Container.pickup_id)
        .where(Container.code == codes.normalise(code))
    ).one_or_none()  # fmt: skip
    if row is None or not policy.may_see(actor, row[1]):
        raise NotFound(N_("This container does not exist."))
    return row[0], row[1]


def contents(container: Container, lot_id: int) -> list[Content]:
    """What it holds, line by line."""
    check = PickupCheck
    planned = check.outcome != "extra"
    statement = (
        sa.select(
            check.line, sa.func.count(sa.case((planned, 1))),
            sa.func.count(sa.case((check.read_at.is_not(None), 1))),
            sa.func.count(sa.case((sa.and_(planned, sa.not_(ANONYMOUS)), 1))),
            sa.func.count(sa.case((check.outcome == "missing", 1))),
            sa.func.count(sa.case((check.outcome == "extra", 1))), sa.func.max(check.label),
        )
        .join(Unit, Unit.id == check.unit_id)
        .where(check.container_id == container.id)
        .group_by(check.line)
        .order_by(check.line)
    )  # fmt: skip
    labels = sheets.line_labels(lot_id)
    return [
        Content(line, labels.get(line, "") or label or "", declared, read, numbered, missing, extra)
        for line, declared, read, numbered, missing, extra, label in session().execute(statement)
    ]


def inside(container: Container, limit: int = 500) -> list[Inside]:
    """Its units, those that have numbers first."""
    statement = (
        sa.select(Unit.id, PickupCheck.line, Label.code, Unit.serial, Unit.asset_tag, Unit.state,
                  PickupCheck.outcome, PickupCheck.read_at)
        .join(PickupCheck, PickupCheck.unit_id == Unit.id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .where(PickupCheck.container_id == container.id)
        .order_by(ANONYMOUS, Unit.id)
        .limit(limit)
    )  # fmt: skip
    return [Inside(*row) for row in session().execute(statement)]


def count_until(pickup: Pickup) -> date | None:
    """The last day to count what came sealed; None before the driver signed."""
    if pickup.driver_signed_at is None:
        return None
    return pickup.driver_signed_at.astimezone(clock.PARIS).date() + timedelta(
        days=delay_days("container.count")
    )


def uncounted(pickup_id: int) -> int:
    """How many of its containers nobody has counted."""
    statement = sa.select(sa.func.count()).where(
        Container.pickup_id == pickup_id, Container.counted_at.is_(None)
    )
    return int(session().scalar(statement) or 0)


def offered(container: Container, pickup: Pickup, actor: Actor) -> list[str]:
    """What this actor may do with a container now: remove (before the signature); read, count (after)."""
    if not policy.taker(actor, pickup):
        return []
    if pickup.state == "agreed":
        return ["remove"]
    until = count_until(pickup)
    if until is None or container.counted_at is not None:
        return []
    return ["read", "count"] if until >= clock.today() else ["read"]
