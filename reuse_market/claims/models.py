"""Claims: what an actor asks of a lot, line by line, and what it was awarded; interest in planned lots."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.claims.sharing.share_models import Share, ShareClaim, ShareLine
from reuse_market.claims.standby_models import Standby
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

__all__ = [
    "CAPACITIES", "Claim", "ClaimLine", "INTEREST_STATES", "Interest", "PROPOSALS", "STATES", "Share", "ShareClaim",
    "ShareLine", "Standby",
]  # fmt: skip

PROPOSALS = ("pay", "fee", "free")
CAPACITIES = ("reuse_actor", "recipient")  # takes to recondition, or for its own use, "en l'état"
STATES = ("submitted", "awarded", "declined", "released", "expired")
INTEREST_STATES = ("open", "withdrawn", "published", "over")  # over: the announcement was given up


class Claim(Base):
    """A claim, DEM-2026-0017. `awarded` in part or whole is told by its lines."""

    __tablename__ = "claim"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
        sa.CheckConstraint("proposal IN ('" + "','".join(PROPOSALS) + "')", name="proposal"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # the lot's
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # who claims
    capacity: Mapped[str] = mapped_column(sa.String(12), default="reuse_actor", server_default="reuse_actor")
    proposal: Mapped[str] = mapped_column(sa.String(6))  # pay | fee | free
    amount_cents: Mapped[int | None]  # paid to the holder (pay) or asked from it (fee), HT, whole claim
    minimum: Mapped[int | None]  # at least so many units in all, or none
    message: Mapped[str] = mapped_column(sa.String(1000), default="")
    commitment_version: Mapped[str] = mapped_column(
        sa.String(20)
    )  # reuse commitment (REEN), "" when none is due
    undertaking_version: Mapped[str] = mapped_column(
        sa.String(20), default="", server_default=""
    )  # CG3P, or ""
    committed_at: Mapped[datetime] = mapped_column(Instant)
    committed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    answer_until: Mapped[date] = mapped_column(sa.Date)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")  # why declined or released


class ClaimLine(Base):
    """Asked and awarded units of one lot line."""

    __tablename__ = "claim_line"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[int]
    awarded: Mapped[int] = mapped_column(default=0)


class Interest(Base):
    """Who would like devices of a planned lot: so many, with a note. It is no claim and gives no right.

    `told_at`: when its people last heard of the announcement (a change after it is told once).
    """

    __tablename__ = "interest"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(INTEREST_STATES) + "')", name="state"),
        sa.Index(
            "uq_interest_open",
            "lot_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    units: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
