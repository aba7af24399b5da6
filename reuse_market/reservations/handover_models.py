"""What is agreed of a handover: who carries, when, where; and what goes with the devices."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base


class HandoverPlan(Base):
    """The day, the place and the carrier of a handover, agreed between both sides. Who carries: the reservation."""

    __tablename__ = "handover_plan"
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), primary_key=True)
    day: Mapped[date | None] = mapped_column(sa.Date)  # None: not agreed
    place: Mapped[str] = mapped_column(
        sa.String(200), default=""
    )  # "": the site of who receives or hands over
    carrier: Mapped[str] = mapped_column(sa.String(120), default="")  # the third party, when one carries


class KitItem(Base):
    """Something that goes with the devices of a reservation, or why it does not (codes of handover/kit.py)."""

    __tablename__ = "kit_item"
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    told: Mapped[str] = mapped_column(sa.String(20))  # "in", or a reason
