"""Proposals of shares: what the solver found for a lot, claim by claim and line by line, and why."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

SHARE_STATES = ("proposed", "accepted", "replaced", "expired")


class Share(Base):
    """A proposal of how to share a lot at closing, PAR-2026-0001. One at most waits for an answer per lot.

    `seed`: of the draw. `status`: optimal (proven), or feasible (time was over). `digest`: SHA-256 of the problem.
    """

    __tablename__ = "share"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(SHARE_STATES) + "')", name="state"),
        sa.Index(
            "uq_share_proposed",
            "lot_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    seed: Mapped[int]
    solver: Mapped[str] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(10))
    spent_ms: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    reserved: Mapped[int] = mapped_column(default=0)  # units kept for some
    answer_until: Mapped[date] = mapped_column(sa.Date)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[str] = mapped_column(sa.String(8), default="")  # holder | operator
    edited: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")  # why it was edited


class ShareClaim(Base):
    """What the rule says of one claim. `rule` is the one that decided; ranks are among `rivals` eligible claims."""

    __tablename__ = "share_claim"
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(14))  # reasons.RULES
    asked: Mapped[int]
    obtained: Mapped[int]
    final: Mapped[int | None]  # once accepted
    rivals: Mapped[int] = mapped_column(default=0)
    price_rank: Mapped[int | None]
    load_rank: Mapped[int | None]
    km_rank: Mapped[int | None]
    draw_rank: Mapped[int | None]
    received: Mapped[int] = mapped_column(default=0)  # units of the last 12 months
    capacity: Mapped[int | None]  # units a year, as declared
    km: Mapped[int | None]


class ShareLine(Base):
    """Units of one lot line proposed to one claim, and given in the end."""

    __tablename__ = "share_line"
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[int]
    may: Mapped[bool] = mapped_column(default=True)  # eligible on this line
    units: Mapped[int]
    final: Mapped[int | None]
