"""Shipments: sorted units that one reuse actor sends to another, answered unit by unit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

SHIPMENT_STATES = ("sent", "answered", "voided")
SHIPMENT_OUTCOMES = ("received", "refused", "missing")
TRANSFERS = ("none", "sale", "gift")  # none: custody only, the owner stays


class Shipment(Base):
    """Units on their way from one reuse actor to another, EXP-2026-0001. The sender keeps them until answered."""

    __tablename__ = "shipment"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(SHIPMENT_STATES) + "')", name="state"),
        sa.CheckConstraint("transfer IN ('" + "','".join(TRANSFERS) + "')", name="transfer"),
        sa.CheckConstraint("(transfer = 'sale') = (price_cents IS NOT NULL)", name="price"),
        sa.CheckConstraint("sender_id <> receiver_id", name="two_sides"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(8), index=True)
    version: Mapped[int] = mapped_column(default=1)
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    units: Mapped[int]
    transfer: Mapped[str] = mapped_column(sa.String(4), default="none")
    price_cents: Mapped[int | None]  # of one device, VAT included; only for a sale
    weight_g: Mapped[int | None]  # of the whole load, weighed by the sender
    received_g: Mapped[int | None]  # the same, weighed by the receiver
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class ShipmentUnit(Base):
    """One unit of a shipment and what became of it; NULL until the receiver answers."""

    __tablename__ = "shipment_unit"
    __table_args__ = (
        sa.UniqueConstraint("shipment_id", "unit_id"),
        sa.CheckConstraint("outcome IN ('" + "','".join(SHIPMENT_OUTCOMES) + "')", name="outcome"),
        sa.CheckConstraint("outcome IS NULL OR outcome = 'received' OR reason IS NOT NULL", name="reason"),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(sa.String(8))
    reason: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
