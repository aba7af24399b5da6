"""Storage media of a unit and the proofs of their erasure (fields of NIST SP 800-88 r2)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.erasure.report_models import ErasureReport, ReportEntry
from reuse_market.erasure.validation_models import (
    CheckedCertificate,
    ErasureCheck,
    ErasureDemand,
    ErasureException,
)
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

__all__ = [
    "CheckedCertificate", "DESTINATIONS", "ErasureCertificate", "ErasureCheck", "ErasureDemand",
    "ErasureException", "ErasureReport", "HIDDEN_AREAS", "MEDIUM_KINDS", "METHODS", "MediaCount", "RESULTS",
    "ReportEntry", "SEEN_HOW", "StorageMedium", "VERIFICATIONS",
]  # fmt: skip

METHODS = ("clear", "purge", "destroy")  # in rising strength
MEDIUM_KINDS = ("hdd", "ssd", "nvme", "emmc", "memory_card", "other")
RESULTS = ("ok", "failed", "aborted", "exceptions")
SEEN_HOW = ("opened", "firmware", "model", "report")
HIDDEN_AREAS = ("none", "erased", "present", "unknown")
VERIFICATIONS = ("tool", "last_pass", "all_passes", "full_read", "sampling", "second_tool", "visual")
DESTINATIONS = ("internal_reuse", "reuse", "parts", "recycling", "destruction", "returned")


class MediaCount(Base):
    """How many storage media a unit has. An explicit 0 says how it was seen."""

    __tablename__ = "media_count"
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    media: Mapped[int]
    seen_how: Mapped[str] = mapped_column(sa.String(20))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    counted_at: Mapped[datetime] = mapped_column(Instant)
    void_at: Mapped[datetime | None] = mapped_column(Instant)  # a return re-arms the gate


class StorageMedium(Base):
    """One disk, SSD or card of a unit."""

    __tablename__ = "storage_medium"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    serial: Mapped[str | None] = mapped_column(sa.String(80))
    model: Mapped[str | None] = mapped_column(sa.String(120))
    size_mb: Mapped[int | None]
    counted_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)  # taken out: only its destruction counts
    void_at: Mapped[datetime | None] = mapped_column(Instant)  # of an earlier life: the gate was armed again


class ErasureCertificate(Base):
    """A proof for one medium. Never edited: a better one is added."""

    __tablename__ = "erasure_certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    medium_id: Mapped[int] = mapped_column(sa.ForeignKey("storage_medium.id"), index=True)
    method: Mapped[str] = mapped_column(sa.String(10))
    technique: Mapped[str] = mapped_column(sa.String(60))
    tool: Mapped[str] = mapped_column(sa.String(60))
    tool_version: Mapped[str] = mapped_column(sa.String(30), default="")
    result: Mapped[str] = mapped_column(sa.String(12))
    verified: Mapped[bool]
    errors: Mapped[int | None]  # None = unknown: refused by the gate
    hidden_areas: Mapped[str] = mapped_column(sa.String(8))  # none | erased | present | unknown
    erased_at: Mapped[datetime] = mapped_column(Instant)
    operator_name: Mapped[str] = mapped_column(sa.String(120))
    validator_name: Mapped[str] = mapped_column(sa.String(120), default="")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    # What NIST SP 800-88 r2 asks beyond the gate, as far as the report or the person says it.
    maker: Mapped[str | None] = mapped_column(sa.String(60))
    model: Mapped[str | None] = mapped_column(sa.String(120))
    serial: Mapped[str | None] = mapped_column(sa.String(80))
    property_number: Mapped[str | None] = mapped_column(sa.String(60))
    media_source: Mapped[str | None] = mapped_column(sa.String(120))  # the device it was in when erased
    confidentiality: Mapped[str | None] = mapped_column(sa.String(40))
    passes: Mapped[int | None]
    verification: Mapped[str | None] = mapped_column(sa.String(12))
    operator_title: Mapped[str | None] = mapped_column(sa.String(80))
    operator_place: Mapped[str | None] = mapped_column(sa.String(120))
    validator_title: Mapped[str | None] = mapped_column(sa.String(80))
    validator_place: Mapped[str | None] = mapped_column(sa.String(120))
    validated_on: Mapped[date | None] = mapped_column(sa.Date)
    destination: Mapped[str | None] = mapped_column(sa.String(16))
    report_number: Mapped[str | None] = mapped_column(sa.String(80))  # the tool's own
    void_at: Mapped[datetime | None] = mapped_column(Instant)  # matched by mistake and taken back
