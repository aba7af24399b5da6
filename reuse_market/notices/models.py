"""The outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class Message(Base):
    """One mail to one address, rendered when queued.

    `message_id` is fixed from the start, so that a mail sent twice after a crash is one mail to its reader's
    program. `leased_until` and `lease` say which attempt is under way.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed', 'kept')", name="state"),
        sa.Index("ix_message_due", "state", "next_try_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    template: Mapped[str] = mapped_column(sa.String(60))
    to_address: Mapped[str] = mapped_column(sa.String(254), index=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    message_id: Mapped[str] = mapped_column(sa.String(200))
    about: Mapped[str] = mapped_column(sa.String(80), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    lease: Mapped[str | None] = mapped_column(sa.String(32), default=None)
    last_error: Mapped[str] = mapped_column(sa.String(500), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
