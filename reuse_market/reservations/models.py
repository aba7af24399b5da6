"""Reservations: a hold with an end date on units of one seller."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

STATES = ("placed", "confirmed", "prepared", "provided", "released", "expired")


class Reservation(Base):
    """A hold by a beneficiary (buyer or recipient) on ready units of a reuse actor, RES-2026-0031."""

    __tablename__ = "reservation"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    beneficiary_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    group_key: Mapped[str] = mapped_column(sa.String(120))  # the identical group it was placed on
    units: Mapped[int]  # asked; the hold engagements are the truth
    price_cents: Mapped[int]  # unit price HT when placed
    vat_scheme: Mapped[str] = mapped_column(sa.String(8))
    order_number: Mapped[str] = mapped_column(sa.String(60), default="")
    delivery: Mapped[str] = mapped_column(sa.String(8), default="collect")  # collect | deliver
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    until: Mapped[date] = mapped_column(sa.Date)
    placed_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    prepared_at: Mapped[datetime | None] = mapped_column(Instant)
    provided_at: Mapped[datetime | None] = mapped_column(Instant)
    signer_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)  # the form it came from: acts once
