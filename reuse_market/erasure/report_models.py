"""Reports dropped in one go, and what each says of one storage medium."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

# Why a line of a report is not a certificate (yet).
LEFT = (
    "no-serial", "no-disk", "two-units", "other-medium", "other-kind", "foreign", "already", "result", "technique",
    "kind", "date", "state", "refused", "undone", "uncounted",
)  # fmt: skip
# Why somebody set a line aside: it is never matched by itself, and waits for nobody.
ASIDE = ("not-ours", "trial", "other-proof")
NOT_WAITING = ("already", *ASIDE)


class ErasureReport(Base):
    """A file dropped by an organisation, kept by its SHA-256: the same one twice is the same report."""

    __tablename__ = "erasure_report"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "sha256", name="uq_erasure_report"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    format: Mapped[str] = mapped_column(sa.String(20))  # reading.FORMATS
    trouble: Mapped[str | None] = mapped_column(sa.String(30))  # reading.TROUBLES: not read, and why
    stream: Mapped[str] = mapped_column(sa.String(80))  # where its arrival was told
    received_at: Mapped[datetime] = mapped_column(Instant)


class ReportEntry(Base):
    """What a report says of one medium: recorded as a certificate, or left with its reason until matched."""

    __tablename__ = "erasure_report_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("erasure_report.id"), index=True)
    number: Mapped[int]
    stated: Mapped[dict[str, Any]] = mapped_column(Json)  # reading.Stated as a dictionary
    left: Mapped[str | None] = mapped_column(sa.String(16))  # LEFT or ASIDE; None once recorded
    advice: Mapped[str] = mapped_column(sa.String(300), default="")  # the verb's own words, when it refused
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("erasure_certificate.id"), index=True)
    by_hand: Mapped[bool] = mapped_column(default=False)
    made: Mapped[str] = mapped_column(
        sa.String(8), default=""
    )  # what an undo takes back: count | medium | serial
