"""What a public body types into its REEN sheet: lines from outside the platform, and marks on its devices."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

ROLES = ("stock", "outlet")  # a correction of the stock on 1 January | devices that left outside the platform
OUTLETS = ("public_body", "gift", "staff", "sale", "domaine", "take_back")  # décret 2023-266, art. 2
EXCLUSIONS = ("over_ten", "classified", "security")
MARKS = ("classified", "security", "justified")


def _in(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ('" + "','".join(values) + "')", name=column)


class ReenLine(Base):
    """A typed line of a year. `units` may be negative in a correction of the stock, never in an outlet."""

    __tablename__ = "reen_line"
    __table_args__ = (
        _in("role", ROLES),
        _in("outlet", ("", *OUTLETS)),
        _in("exclusion", ("", *EXCLUSIONS)),
        sa.CheckConstraint("(role = 'stock') = (outlet = '')", name="one_role"),
        sa.CheckConstraint("units <> 0 AND (units > 0 OR role = 'stock')", name="counted"),
        sa.Index("ix_reen_line_of", "organisation_id", "year"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int]
    role: Mapped[str] = mapped_column(sa.String(8))
    outlet: Mapped[str] = mapped_column(sa.String(12), default="")
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    units: Mapped[int]
    left_on: Mapped[date | None] = mapped_column(sa.Date)  # of an outlet: the day they left
    exclusion: Mapped[str] = mapped_column(sa.String(12), default="")
    committed: Mapped[bool] = mapped_column(default=False)  # the taker committed beforehand to reuse them
    justified: Mapped[bool] = mapped_column(default=False)  # and has shown since that it did
    reference: Mapped[str] = mapped_column(sa.String(120), default="")  # of the proof
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))  # the proof itself
    made_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class ReenMark(Base):
    """What a body says of one of its devices: why the calculation leaves it out, or how its reuse is justified."""

    __tablename__ = "reen_mark"
    __table_args__ = (_in("code", MARKS),)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.String(300))
    made_at: Mapped[datetime] = mapped_column(Instant)
