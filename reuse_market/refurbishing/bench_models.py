"""What stands beside a device on the bench: locks its holder must release, what an agent read, labels to print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

LOCKS = ("mdm", "activation", "frp", "bios")
ANSWERS = ("released", "refused")


class LockRequest(Base):
    """One list of serials sent to a holder: the devices of one lot found locked by one workshop."""

    __tablename__ = "lock_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    lot: Mapped[str] = mapped_column(sa.String(20), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class LockLink(Base):
    """A link that answers a request without an account. Only a digest of the secret is kept."""

    __tablename__ = "lock_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("lock_request.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class LockWait(Base):
    """A device that waits for its holder to release one lock. No state of the unit: it ends with a later test."""

    __tablename__ = "lock_wait"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # LOCKS
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    lot: Mapped[str] = mapped_column(sa.String(20))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lock_request.id"), index=True)
    answer: Mapped[str | None] = mapped_column(sa.String(10))  # ANSWERS
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[str | None] = mapped_column(sa.String(120))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # tested again without this lock, or gone


class HardwareReport(Base):
    """What an inventory agent read on the bench, beside what was declared. The file is kept by its SHA-256."""

    __tablename__ = "hardware_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    format: Mapped[str] = mapped_column(sa.String(20))
    told: Mapped[dict[str, Any]] = mapped_column(Json)  # field → value read
    disks: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # kind, serial, model, size_mb
    decided: Mapped[dict[str, Any] | None] = mapped_column(Json)  # field → accepted | kept; None: not yet
    made_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class LabelWait(Base):
    """A label to print with the next sheet. `sheet`: the printing that took it, so that it can be undone."""

    __tablename__ = "label_wait"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    sheet: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    printed_at: Mapped[datetime | None] = mapped_column(Instant)
