"""Devices that come back from their beneficiary: a return, and its units."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

RETURN_STATES = ("asked", "accepted", "refused", "received", "settled", "cancelled")
REASONS = (
    "does_not_start", "battery", "screen", "keyboard", "network", "system", "noise", "damaged", "wrong_device",
    "incomplete", "not_needed", "other",
)  # fmt: skip
REMEDIES = ("repair", "exchange", "refund")


class UnitReturn(Base):
    """A beneficiary, or somebody for it, sends units of one reservation back to their seller: RET-2026-0001."""

    __tablename__ = "unit_return"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(RETURN_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), index=True)
    beneficiary_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(20))
    words: Mapped[str] = mapped_column(sa.String(500), default="")  # never hashed
    wish: Mapped[str] = mapped_column(sa.String(10))
    remedy: Mapped[str | None] = mapped_column(sa.String(10))  # what the seller accepted, or did in the end
    covered_until: Mapped[date | None] = mapped_column(
        sa.Date
    )  # last day of the cover, when asked; None: none
    asked_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id")
    )  # on whose side it was typed
    answer: Mapped[str] = mapped_column(sa.String(500), default="")  # of the seller; never hashed
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # settled, refused or cancelled
    replacement: Mapped[str | None] = mapped_column(sa.String(20))  # the reservation made in exchange


class ReturnedUnit(Base):
    """A unit of a return. `outcome`: None while it may still change, then handed_back, kept, or none (not taken)."""

    __tablename__ = "returned_unit"
    __table_args__ = (
        sa.Index(
            "uq_returned_unit_open", "unit_id", unique=True,
            sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL"),
        ),
        sa.Index("ix_returned_unit_unit_id", "unit_id"),
    )  # fmt: skip
    return_id: Mapped[int] = mapped_column(sa.ForeignKey("unit_return.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    outcome: Mapped[str | None] = mapped_column(sa.String(12))
