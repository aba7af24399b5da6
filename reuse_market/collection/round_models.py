"""Vehicles, and rounds over chosen pick-ups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

ROUND_STATES = ("draft", "planned", "under_way", "done", "cancelled")
PLAN_STATES = ("asked", "running", "answered", "failed")


class Vehicle(Base):
    """A van or lorry of an actor. Capacities that are not known are None: they then limit nothing."""

    __tablename__ = "vehicle"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    plate: Mapped[str] = mapped_column(sa.String(20), default="")
    units: Mapped[int | None]  # devices it holds
    payload_g: Mapped[int | None]
    volume_l: Mapped[int | None]
    height_cm: Mapped[int | None]
    tail_lift: Mapped[str] = mapped_column(sa.String(7), default="unknown")  # yes | no | unknown
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Round(Base):
    """A day's drive of one vehicle over chosen pick-ups, TRN-2026-0004."""

    __tablename__ = "round"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(ROUND_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vehicle.id"))
    depot_site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    from_time: Mapped[str] = mapped_column(sa.String(5), default="08:00")  # Europe/Paris
    to_time: Mapped[str] = mapped_column(sa.String(5), default="17:00")
    driver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    driver_name: Mapped[str] = mapped_column(sa.String(120), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    metres: Mapped[int | None]  # of the plan, depot to depot
    minutes: Mapped[int | None]
    planned_by: Mapped[str | None] = mapped_column(sa.String(20))  # hand | savings | pyvrp
    facts: Mapped[dict[str, Any] | None] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class RoundStop(Base):
    """A pick-up on a round, in the order driven. A pick-up is on one open round at most (the verb sees to it)."""

    __tablename__ = "round_stop"
    __table_args__ = (sa.UniqueConstraint("round_id", "pickup_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    pickup_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup.id"), index=True)
    position: Mapped[int]
    arrive_at: Mapped[str] = mapped_column(sa.String(5), default="")  # Europe/Paris
    told_at: Mapped[str] = mapped_column(sa.String(5), default="")  # the hour its holder was last told
    metres: Mapped[int | None]  # from the stop before
    minutes: Mapped[int | None]  # driven from the stop before


class RoundPlan(Base):
    """A question put to the planner: which vehicle stops where, in which order. A job answers it."""

    __tablename__ = "round_plan"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(PLAN_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(8))
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("round.id"), index=True)  # only its order
    question: Mapped[dict[str, Any]] = mapped_column(Json)  # problem, pick-ups, vehicles, depot, day, hours
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)  # routes, dropped, engine
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)  # made into rounds
