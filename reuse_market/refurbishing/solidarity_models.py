"""The solidarity share: dated rows of the charter, what a lot's people chose, and what it made of each unit."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class SolidarityShare(Dated, Base):
    """The charter's share: so many percent of a kind ("*": any) kept for recipients for so many days.

    No row: the charter keeps nothing. 0 percent: it no longer does.
    """

    __tablename__ = "solidarity_share"
    __table_args__ = (sa.UniqueConstraint("kind", "valid_from"),)
    kind: Mapped[str] = mapped_column(sa.String(20))
    percent: Mapped[int]
    days: Mapped[int]


class LotShare(Base):
    """What an organisation chose for a lot, from a day on: its holder for all, a reuse actor for what it readies."""

    __tablename__ = "lot_share"
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(sa.String(20), index=True)  # its reference
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    holds: Mapped[bool]  # chosen as the lot's holder: counts for every reuse actor
    percent: Mapped[int]
    days: Mapped[int]
    chosen_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class ShareStamp(Base):
    """A unit the share counted when it was made ready, once for each basis; never changed afterwards.

    `basis`: "lot/<reference>" or "charter". Kept units of a (seller, basis, kind) are, at any time, at least
    the whole hundreds of the sum of `percent`.
    """

    __tablename__ = "share_stamp"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "seller_id", "basis"),
        sa.Index("ix_share_stamp_count", "seller_id", "basis", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    basis: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    percent: Mapped[int]
    kept: Mapped[bool]
    opens_on: Mapped[date | None] = mapped_column(sa.Date)  # the first day it is open to all; None: not kept
    made_at: Mapped[datetime] = mapped_column(Instant)
