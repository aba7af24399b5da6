"""What happens on the bench."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json
from reuse_market.refurbishing.bench_models import (
    HardwareReport,
    LabelWait,
    LockLink,
    LockRequest,
    LockWait,
)
from reuse_market.refurbishing.group_models import OfferGroup, OfferWord
from reuse_market.refurbishing.parts_models import Dismantling, Part, PartFit, Repair
from reuse_market.refurbishing.photo_models import OfferPhoto
from reuse_market.refurbishing.solidarity_models import LotShare, ShareStamp, SolidarityShare

__all__ = [
    "BATCH_STATES", "DIAGNOSES", "Dismantling", "HardwareReport", "LabelWait", "LockLink", "LockRequest",
    "LockWait", "LotShare", "OPEN_TO", "Offer", "OfferGroup", "OfferPhoto", "OfferWord", "Part", "PartFit",
    "RemovalBatch", "Repair", "ShareStamp", "SolidarityShare", "TestRun", "VAT_SCHEMES", "WasteRecord",
]  # fmt: skip
BATCH_STATES = ("open", "removed")
VAT_SCHEMES = ("standard", "exempt", "margin")
OPEN_TO = ("all", "recipients")
DIAGNOSES = ("not_repairable", "too_old", "unsafe", "no_demand", "parts_missing", "erasure_failed", "other")


class TestRun(Base):
    """A dated functional test by a named tester. `results`: check code → ok | fault | not_applicable."""

    __test__ = False  # not a pytest class
    __tablename__ = "test_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    protocol: Mapped[str] = mapped_column(sa.String(30))  # laptop-1, monitor-1, …
    results: Mapped[dict[str, Any]] = mapped_column(Json)
    battery_percent: Mapped[int | None]
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    tested_at: Mapped[datetime] = mapped_column(Instant)
    void_at: Mapped[datetime | None] = mapped_column(Instant)  # of an earlier life: the gate was armed again
    # Since the second version of the protocols: figures read, and a note beside a check. Code → value.
    readings: Mapped[dict[str, Any] | None] = mapped_column(Json)
    check_notes: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Offer(Base):
    """Grade, price and openness of a unit, stamped when it is made ready."""

    __tablename__ = "offer"
    __table_args__ = (
        sa.Index(  # the units of a group, the weakest battery first
            "ix_offer_group_id", "group_id", "battery_percent",
            sqlite_where=sa.text("group_id IS NOT NULL"), postgresql_where=sa.text("group_id IS NOT NULL"),
        ),
    )  # fmt: skip
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    cosmetic_grade: Mapped[str] = mapped_column(sa.String(1))
    functional_state: Mapped[str] = mapped_column(sa.String(8), default="ok")
    battery_percent: Mapped[int | None]
    price_cents: Mapped[int]  # HT, 0 = free
    vat_scheme: Mapped[str] = mapped_column(sa.String(8), default="standard")
    warranty_months: Mapped[int] = mapped_column(default=12)
    open_to: Mapped[str] = mapped_column(sa.String(10), default="all")
    open_from: Mapped[date] = mapped_column(sa.Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    faults: Mapped[str | None] = mapped_column(sa.String(400))  # partial: codes of what does not work, "a,b"
    # The first day it is open to all, where `open_to` keeps it for some until then; None: for good.
    opens_on: Mapped[date | None] = mapped_column(sa.Date)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer_group.id"))  # while it is in the window
    os: Mapped[str | None] = mapped_column(sa.String(80))  # installed after erasure; None: none told


class WasteRecord(Base):
    """A unit declared waste: diagnosis first, removal later in a batch (two acts)."""

    __tablename__ = "waste_record"
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    diagnosis: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    weight_g: Mapped[int | None]
    declared_at: Mapped[datetime] = mapped_column(Instant)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("removal_batch.id"), index=True)


class RemovalBatch(Base):
    """A removal by a producer scheme: weight, slip number if any. ENV-2026-0001."""

    __tablename__ = "removal_batch"
    __table_args__ = (sa.CheckConstraint("state IN ('open', 'removed')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    producer_scheme: Mapped[str] = mapped_column(sa.String(120), default="")
    weight_g: Mapped[int | None]
    slip_number: Mapped[str] = mapped_column(sa.String(60), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    removed_on: Mapped[date | None] = mapped_column(sa.Date)
    # Asked of a producer scheme by the holder, from its own site; empty for a workshop's removal.
    requested_at: Mapped[datetime | None] = mapped_column(Instant)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    scheme: Mapped[str | None] = mapped_column(sa.String(40))  # equipment.SchemeMinimum.code; None: another
    contact_email: Mapped[str | None] = mapped_column(sa.String(254))
    estimated_g: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(sa.String(300))
    triage: Mapped[str | None] = mapped_column(sa.String(20), index=True)
