"""Quotes that may be taken at their price, and purchase orders."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class QuoteTerms(Base):
    """What a quote for a group promises until its last day: the price, for so many alike, while there are any."""

    __tablename__ = "quote_terms"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.ForeignKey("document.number"), unique=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    buyer_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    group_key: Mapped[str] = mapped_column(sa.String(120))
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))  # what the units are like
    grade: Mapped[str] = mapped_column(sa.String(1))
    warranty_months: Mapped[int]
    units: Mapped[int]
    price_cents: Mapped[int]  # of one, before tax
    vat_scheme: Mapped[str] = mapped_column(sa.String(8))
    valid_until: Mapped[date] = mapped_column(sa.Date)
    trial: Mapped[str | None] = mapped_column(sa.String(20))  # the reservation of one to try
    taken: Mapped[str | None] = mapped_column(sa.String(20))  # the reservation of all, or of the rest
    declined_at: Mapped[datetime | None] = mapped_column(Instant)


class PurchaseOrder(Base):
    """A buyer's order on a reservation, with what Chorus Pro asks the invoice to bear; the newest counts."""

    __tablename__ = "purchase_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.ForeignKey("document.number"), unique=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), index=True)
    buyer_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    siret: Mapped[str] = mapped_column(sa.String(14))
    service_code: Mapped[str] = mapped_column(sa.String(100), default="")
    commitment: Mapped[str] = mapped_column(sa.String(50), default="")  # n° d'engagement juridique
    reference: Mapped[str] = mapped_column(sa.String(60), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
