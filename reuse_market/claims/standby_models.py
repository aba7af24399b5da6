"""Who is warned, one after the other, when awarded devices of a lot go back to the board."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

STANDBY_STATES = ("called", "confirmed", "passed", "lapsed", "over")


class Standby(Base):
    """A waiting claim that is asked whether it still wants devices that are free again, until a day.

    At most one per lot is called at a time; a claim is called once for each time devices come back.
    """

    __tablename__ = "standby"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(STANDBY_STATES) + "')", name="state"),
        sa.Index(
            "uq_standby_called",
            "lot_id",
            unique=True,
            sqlite_where=sa.text("state = 'called'"),
            postgresql_where=sa.text("state = 'called'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))  # the claim's
    come_back: Mapped[str] = mapped_column(sa.String(20))  # the released claim these devices came back from
    units: Mapped[int]  # of those it asks for, how many were free when it was called
    until: Mapped[date] = mapped_column(sa.Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
