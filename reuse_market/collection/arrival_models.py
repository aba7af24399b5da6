"""What is known and agreed of a place before a vehicle comes: grouped days and safety protocols."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

ARRIVALS = ("fetched", "dropped_off", "carrier", "collection_day")
DAY_STATES = ("open", "closed", "cancelled")
PROTOCOL_STATES = ("prepared", "in_force", "void")


class CollectionDay(Base):
    """A day and a place where small holders bring what was awarded, JOU-2026-0002.

    Opened by who collects (`actor_id`: only its own awards) or by the operator (None: anybody's).
    """

    __tablename__ = "collection_day"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(DAY_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    most_units: Mapped[int | None]  # devices one holder may bring; None: as many as were awarded
    made_at: Mapped[datetime] = mapped_column(Instant)


class CollectionSlot(Base):
    """Hours of a collection day and how many holders they take."""

    __tablename__ = "collection_slot"
    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_day.id"), index=True)
    from_time: Mapped[str] = mapped_column(sa.String(5))  # Europe/Paris
    to_time: Mapped[str] = mapped_column(sa.String(5))
    places: Mapped[int]


class LoadingProtocol(Base):
    """The safety protocol of loading at a site, between who receives and who comes with a vehicle.

    Signed by both, it holds until the facts of the site it was signed on change (`facts`, `digest`).
    """

    __tablename__ = "loading_protocol"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(PROTOCOL_STATES) + "')", name="state"),
        sa.Index(
            "uq_loading_protocol_alive",
            "site_id",
            "carrier_id",
            unique=True,
            sqlite_where=sa.text("state <> 'void'"),
            postgresql_where=sa.text("state <> 'void'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # the site's
    carrier_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # who comes
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(sa.String(64))
    host_rules: Mapped[str] = mapped_column(sa.String(1000), default="")
    host_signer: Mapped[str] = mapped_column(sa.String(120), default="")
    host_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    host_signed_at: Mapped[datetime | None] = mapped_column(Instant)
    carrier_rules: Mapped[str] = mapped_column(sa.String(1000), default="")
    carrier_signer: Mapped[str] = mapped_column(sa.String(120), default="")
    carrier_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    carrier_signed_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
