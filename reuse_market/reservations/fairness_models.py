"""Ceilings for one structure over twelve months (dated rows), and the exceptions the operator granted."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class UnitCeiling(Dated, Base):
    """At most so many units of a kind ("*": of each kind) for one structure of this role over twelve months.

    No row: no ceiling. `units` None: there is none any more.
    """

    __tablename__ = "unit_ceiling"
    __table_args__ = (sa.UniqueConstraint("role", "kind", "valid_from"),)
    role: Mapped[str] = mapped_column(sa.String(20))
    kind: Mapped[str] = mapped_column(sa.String(20))
    units: Mapped[int | None]


class CeilingException(Base):
    """So many units more for one structure until a day, with the operator's reason (never in the journal)."""

    __tablename__ = "ceiling_exception"
    __table_args__ = (sa.CheckConstraint("units > 0", name="units"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    units: Mapped[int]
    until: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(300))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
