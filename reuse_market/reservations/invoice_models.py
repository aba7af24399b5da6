"""Invoices of reservations, as their seller records them and their buyer confirms them, and credit notes."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

INVOICE_STATES = ("recorded", "confirmed", "disputed")


class Invoice(Base):
    """The seller's invoice for one reservation, in cents; the paper itself stays between them.

    `vat_cents` None: the rate is not known. VAT follows the scheme of the reservation.
    """

    __tablename__ = "invoice"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(INVOICE_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    issued_on: Mapped[date] = mapped_column(sa.Date)
    net_cents: Mapped[int]
    vat_cents: Mapped[int | None]
    vat_scheme: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")  # why the buyer says it is wrong
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_on: Mapped[date | None] = mapped_column(sa.Date)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class CreditNote(Base):
    """What the seller gives back on an invoice: a return, a refund. It reverses as much of the purchase."""

    __tablename__ = "credit_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    issued_on: Mapped[date] = mapped_column(sa.Date)
    units: Mapped[int]
    net_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(20))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
