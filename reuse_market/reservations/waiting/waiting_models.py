"""The waiting list: a structure waits for an identical group, or for what it describes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

WAITING_STATES = ("waiting", "offered", "served", "passed", "lapsed", "left")


class WaitingEntry(Base):
    """A place in the list, ATT-2026-0001; the order is that of the ids.

    `group_key`: that group alone; else the kind with its minimums. `units` is what it still waits for.
    `reservation`: the hold it is offered, or was served with.
    """

    __tablename__ = "waiting_entry"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(WAITING_STATES) + "')", name="state"),
        sa.Index("ix_waiting_entry_open", "kind", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    group_key: Mapped[str | None] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(200), default="")  # maker and model of the group, to name it
    least_ram_mb: Mapped[int | None]
    least_storage_mb: Mapped[int | None]
    least_screen_tenths: Mapped[int | None]
    worst_grade: Mapped[str | None] = mapped_column(sa.String(1))
    most_cents: Mapped[int | None]  # of one device, VAT included; 0: free only
    units: Mapped[int]
    fewer: Mapped[bool]  # serve it with what there is, and let the rest wait
    reservation: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    joined_at: Mapped[datetime] = mapped_column(Instant)
    offered_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
