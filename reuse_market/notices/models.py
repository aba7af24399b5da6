"""The outbox."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant
from reuse_market.notices.rendering import Mail, render

log = logging.getLogger(__name__)
LONGEST_SUBJECT = 300


class Message(Base):
    """One mail to one address: its template and facts, and its texts from the first try on (before: as they would be).

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
    written_subject: Mapped[str] = mapped_column("subject", sa.String(LONGEST_SUBJECT), default="")
    written_text: Mapped[str] = mapped_column("text", sa.Text, default="")
    written_html: Mapped[str] = mapped_column("html", sa.Text, default="")
    message_id: Mapped[str] = mapped_column(sa.String(200))
    about: Mapped[str] = mapped_column(sa.String(80), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    lease: Mapped[str | None] = mapped_column(sa.String(32), default=None)
    last_error: Mapped[str] = mapped_column(sa.String(500), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, default=None)

    @property
    def subject(self) -> str:
        """Its one-line subject."""
        return self._mail().subject

    @property
    def text(self) -> str:
        """What it says, plain."""
        return self._mail().text

    @property
    def html(self) -> str:
        """What it says, as HTML."""
        return self._mail().html

    def write(self) -> None:
        """Write its texts once: the verb that queues a mail does not wait for it. Whatever a template raises."""
        if not self.written_text:
            mail = render(self.template, self.language, self.facts)
            self.written_subject, self.written_text, self.written_html = (
                mail.subject[:LONGEST_SUBJECT], mail.text, mail.html,
            )  # fmt: skip

    def _mail(self) -> Mail:
        if self.written_text:
            return Mail(self.written_subject, self.written_text, self.written_html)
        try:
            mail = render(self.template, self.language, self.facts)
        except Exception:  # a page that lists mails stands, whatever one of them lacks
            log.exception("message %s (%s) cannot be written", self.id, self.template)
            return Mail(self.template, "", "")
        return Mail(mail.subject[:LONGEST_SUBJECT], mail.text, mail.html)
