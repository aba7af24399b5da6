"""The operator's calls, visits and letters, and which of their acts the organisations were told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

CHANNELS = ("phone", "mail", "visit", "program")
ENDINGS = ("asked", "signed_out", "idle", "replaced", "no_longer_allowed")


class OnBehalf(Base):
    """An operator acts for an organisation: from when, why, until when and how it ended."""

    __tablename__ = "on_behalf"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('" + "','".join(CHANNELS) + "')", name="channel"),
        sa.CheckConstraint("ended_how IN ('" + "','".join(ENDINGS) + "')", name="ended_how"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    operator_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(10))
    caller_name: Mapped[str] = mapped_column(sa.String(120), default="")  # never in the journal
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_how: Mapped[str | None] = mapped_column(sa.String(20))


class ActTold(Base):
    """An act the operator did for an organisation, told to its people: a row, and never twice."""

    __tablename__ = "act_told"
    act_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    on_behalf_id: Mapped[int] = mapped_column(sa.ForeignKey("on_behalf.id"), index=True)
    told_at: Mapped[datetime] = mapped_column(Instant)
