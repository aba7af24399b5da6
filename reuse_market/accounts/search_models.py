"""What an actor declares it can take, what a person keeps of a search, and when they last looked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

CONDITIONS = ("any", "working")
CADENCES = ("daily", "weekly", "never")


class ActorCapacity(Base):
    """What a reuse actor says it can take, one row an organisation; what it said before is in the journal.

    `kinds` and `communes` are codes separated by spaces, "" for no limit; `within_km` counts from its base.
    """

    __tablename__ = "actor_capacity"
    __table_args__ = (
        sa.CheckConstraint("units_per_month > 0", name="units_per_month"),
        sa.CheckConstraint("condition IN ('" + "','".join(CONDITIONS) + "')", name="condition"),
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    units_per_month: Mapped[int]
    kinds: Mapped[str] = mapped_column(sa.String(400), default="")
    condition: Mapped[str] = mapped_column(sa.String(8), default="any")
    within_km: Mapped[int | None]
    communes: Mapped[str] = mapped_column(sa.String(800), default="")
    minimum_per_stop: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    declared_at: Mapped[datetime] = mapped_column(Instant)
    declared_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class SavedSearch(Base):
    """The filters of a list a person wants to be told about: `room` runs it, `query` is its address' end.

    `told_until`: what came later is new to them. `stop_token` only stops this digest, so it is kept as it is:
    each mail carries it.
    """

    __tablename__ = "saved_search"
    __table_args__ = (sa.CheckConstraint("cadence IN ('" + "','".join(CADENCES) + "')", name="cadence"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    room: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(80))
    query: Mapped[str] = mapped_column(sa.String(1000), default="")
    cadence: Mapped[str] = mapped_column(sa.String(8), default="daily")
    stop_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    told_until: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)  # when the job last ran it


class ListVisit(Base):
    """When a person last looked at a list: what came after `since_at` is new during this visit."""

    __tablename__ = "list_visit"
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    room: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    since_at: Mapped[datetime | None] = mapped_column(Instant)  # None: this is their first visit
    seen_at: Mapped[datetime] = mapped_column(Instant)
