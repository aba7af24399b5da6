"""Self-audits: what was looked at, and what was found. And which refused checkpoints people were told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class SelfAudit(Base):
    """One self-audit. `under_way` is true until it ended and empty ever after: at most one waits or runs.

    `size` and `root` (hex) are the log it read, `checked` how many of each thing, `faults` how many were found in
    all. `broke` names what stopped it before its end. `step` counts the parts done, `beat_at` when that was said.
    """

    __tablename__ = "self_audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(20))  # nightly | asked
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None]
    under_way: Mapped[bool | None] = mapped_column(unique=True, default=True)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    step: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    root: Mapped[str | None] = mapped_column(sa.String(64))
    faults: Mapped[int] = mapped_column(default=0)
    checked: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    broke: Mapped[str] = mapped_column(sa.String(100), default="")


class SelfAuditFault(Base):
    """Something a self-audit found broken: the rule, on what, and why."""

    __tablename__ = "self_audit_fault"
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("self_audit.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.Text)


class RefusalTold(Base):
    """A refused checkpoint that operators and administrators were written to about (no foreign key: another room's)."""

    __tablename__ = "refusal_told"
    refusal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_at: Mapped[datetime] = mapped_column(Instant)
