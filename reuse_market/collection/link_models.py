"""Links for who has no account: a driver's day, and the signature of the contact on site."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class DriverLink(Base):
    """A driver without an account: one round (or one pick-up), one day, revocable. Only a digest of the secret
    is kept."""

    __tablename__ = "driver_link"
    __table_args__ = (sa.CheckConstraint("(round_id IS NULL) <> (pickup_id IS NULL)", name="one"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("round.id"), index=True)
    pickup_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pickup.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    day: Mapped[date] = mapped_column(sa.Date)  # until midnight, Europe/Paris
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    seen_at: Mapped[datetime | None] = mapped_column(Instant)  # first opened
    opened: Mapped[int] = mapped_column(default=0)  # how many times
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class SignatureLink(Base):
    """Asks the holder's side to counter-sign a pick-up from afar. Only a digest of the secret is kept.

    Rows of one asking share `asked_at` and `expires_at`; `asking` counts them (2: the reminder).
    """

    __tablename__ = "signature_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(200))
    asking: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # signed by another way, or replaced
