"""Corrections asked of events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

CORRECTION_STATES = ("proposed", "approved", "declined", "withdrawn", "expired")
KINDS = ("correct", "void")
REASONS = ("did_not_occur", "incorrect_data")  # EPCIS 2.0 error reasons


class Correction(Base):
    """An act said to be wrong. Once approved, a later event says so; the first one stays as it was written."""

    __tablename__ = "correction"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(CORRECTION_STATES) + "')", name="state"),
        sa.CheckConstraint("kind IN ('correct', 'void')", name="kind"),
        sa.CheckConstraint("reason IN ('did_not_occur', 'incorrect_data')", name="reason"),
        sa.Index(  # an event is corrected at most once, and one question at a time
            "uq_correction_of_event", "event_id", unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'approved')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    version: Mapped[int] = mapped_column(default=1)
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
    answer_until: Mapped[date | None] = mapped_column(sa.Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
