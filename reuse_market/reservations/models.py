"""Reservations (a hold with an end date on units of one seller) and orientation vouchers."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant
from reuse_market.reservations.fairness_models import CeilingException, UnitCeiling
from reuse_market.reservations.handover_models import HandoverPlan, KitItem
from reuse_market.reservations.invoice_models import CreditNote, Invoice
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.order_models import PurchaseOrder, QuoteTerms
from reuse_market.reservations.requests.request_models import (
    AssociationRequest,
    RequestCall,
    RequestLine,
    RequestLink,
)
from reuse_market.reservations.return_models import ReturnedUnit, UnitReturn
from reuse_market.reservations.waiting.waiting_models import WaitingEntry

__all__ = [
    "CeilingException", "PurchaseOrder", "QuoteTerms", "UnitCeiling",
    "STATES", "VOUCHER_STATES", "CreditNote", "Invoice", "Need", "NeedMatch", "OrientationVoucher",
    "Reservation", "Undertaking", "VoucherParty", "VoucherTry", "WaitingEntry",
    "AssociationRequest", "RequestCall", "RequestLine", "RequestLink",
    "HandoverPlan", "KitItem", "ReturnedUnit", "UnitReturn",
]  # fmt: skip
STATES = ("placed", "confirmed", "prepared", "provided", "released", "expired")
VOUCHER_STATES = ("issued", "used", "cancelled", "expired")


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
    delivery: Mapped[str] = mapped_column(sa.String(8), default="collect")  # collect | deliver | carrier
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    until: Mapped[date] = mapped_column(sa.Date)
    placed_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    prepared_at: Mapped[datetime | None] = mapped_column(Instant)
    provided_at: Mapped[datetime | None] = mapped_column(Instant)
    signer_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)  # the form it came from: acts once
    act: Mapped[str | None] = mapped_column(sa.String(20))  # resell | give | solidarity_sale, when placed
    warranty_months: Mapped[int | None]  # of the offer, when handed over: the offer may change after a return
    voucher_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orientation_voucher.id"), unique=True)
    basket: Mapped[str | None] = mapped_column(sa.String(20), index=True)  # placed in one go with others
    extended_at: Mapped[datetime | None] = mapped_column(Instant)  # the beneficiary asked for more time: once
    # Held by the waiting list until that day for who has not answered yet: neither asked for, nor confirmed.
    offered_until: Mapped[date | None] = mapped_column(sa.Date)


class OrientationVoucher(Base):
    """Stands for a person in a precarious situation who is never identified (CG3P L3212-2 3°): ORI-2026-0001.

    `code` is what is presented at the counter; nothing here says who for. One voucher, one device.
    """

    __tablename__ = "orientation_voucher"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(VOUCHER_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    code: Mapped[str] = mapped_column(sa.String(7), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    prescriber_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str | None] = mapped_column(sa.ForeignKey("kind.code"))  # None: any kind
    cap_cents: Mapped[int | None]  # the most the person pays, TTC; None: the cap of the law alone
    ends_on: Mapped[date] = mapped_column(sa.Date)  # the last day it may be used
    issued_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # used, cancelled or expired
    seller_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # who took it


class VoucherTry(Base):
    """A code presented that was none, or no longer good; kept a quarter of an hour, for the limit only."""

    __tablename__ = "voucher_try"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class VoucherParty(Base):
    """The one party that stands for all who come with a voucher: owner of what they bought (ADR 8)."""

    __tablename__ = "voucher_party"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))


class Undertaking(Base):
    """What a beneficiary undertook when signing (regimes' DOCUMENTS `…_undertaking`): which text, who, when."""

    __tablename__ = "undertaking"
    __table_args__ = (sa.UniqueConstraint("reservation_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))  # typed when signing
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # signed in
    given_at: Mapped[datetime] = mapped_column(Instant)
