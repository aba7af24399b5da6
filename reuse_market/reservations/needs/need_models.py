"""A need (how many devices of a kind, by when, for whom in broad classes) and what was proposed for it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

NEED_STATES = ("open", "matched", "met", "closed")
MATCH_STATES = (
    "proposed", "promised", "reserved", "served", "kept", "declined", "withdrawn", "lapsed", "over",
)  # fmt: skip
NEED_SOURCES = ("account", "request", "phone")
MATCH_SOURCES = ("ready", "workshop", "planned", "forecast")


class Need(Base):
    """What a structure looks for, BES-2026-0001. Says no person: `publics` are codes of broad classes."""

    __tablename__ = "need"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(NEED_STATES) + "')", name="state"),
        sa.CheckConstraint("units > 0", name="units"),
        sa.Index("ix_need_state_kind", "state", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    ram_mb: Mapped[int | None]  # at least
    storage_mb: Mapped[int | None]
    screen_tenths: Mapped[int | None]
    units: Mapped[int]
    wanted_by: Mapped[date | None] = mapped_column(sa.Date)
    publics: Mapped[str] = mapped_column(sa.String(120), default="")  # codes of words.PUBLICS, "a,b"
    max_price_cents: Mapped[int | None]  # one device, VAT included; 0: free only; None: not said
    commune_insee: Mapped[str | None] = mapped_column(sa.ForeignKey("commune.insee"))
    source: Mapped[str] = mapped_column(sa.String(10))  # account | request | phone
    note: Mapped[str] = mapped_column(sa.String(300), default="")  # never in the journal
    posted_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # met or closed
    reason: Mapped[str] = mapped_column(sa.String(20), default="")  # of closing, a code


class NeedMatch(Base):
    """Units proposed for a need, RAP-2026-0001: from ready stock, or to come (a promise once accepted)."""

    __tablename__ = "need_match"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(MATCH_STATES) + "')", name="state"),
        sa.CheckConstraint("units > 0", name="units"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)  # the need's
    seller_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(10))
    units: Mapped[int]
    group_key: Mapped[str | None] = mapped_column(sa.String(120))  # ready
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id"))  # planned
    promise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("need_match.id"), index=True)  # it keeps
    expected_on: Mapped[date | None] = mapped_column(sa.Date)
    price_cents: Mapped[int | None]  # one device, VAT included, when proposed
    reservation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reservation.id"), unique=True)
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    until: Mapped[date] = mapped_column(sa.Date)  # the last day to answer
    made_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(sa.String(20), default="")  # declined or withdrawn, a code
