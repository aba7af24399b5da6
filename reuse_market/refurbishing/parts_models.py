"""Repairs, spare parts and what a dismantled unit became."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

PART_KINDS = (
    "screen", "battery", "keyboard", "memory", "storage", "board", "power", "case", "camera", "fan", "other",
)  # fmt: skip
PART_STATES = ("in_stock", "installed")
WORK = (
    "screen",
    "battery",
    "keyboard",
    "memory",
    "storage",
    "board",
    "power",
    "case",
    "cleaning",
    "software",
    "other",
)
LOSS_REASONS = ("not_weighed", "fluids_and_dust", "scales", "other")


class Part(Base):
    """A part taken from a unit. It keeps its source for ever, and has one parent at a time (PartFit)."""

    __tablename__ = "part"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(PART_STATES) + "')", name="state"),
        sa.CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    source_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(10), default="in_stock")
    version: Mapped[int] = mapped_column(default=1)
    label: Mapped[str | None] = mapped_column(sa.String(40))  # of its own, where one is stuck
    serial: Mapped[str | None] = mapped_column(sa.String(80))
    weight_g: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    medium_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("storage_medium.id")
    )  # a disk or card: proven erased
    dismantled: Mapped[bool] = mapped_column(default=False)  # it came out when its unit was taken apart
    taken_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class PartFit(Base):
    """A part inside a unit, from its installation until it is taken out: one parent at a time by the index."""

    __tablename__ = "part_fit"
    __table_args__ = (
        sa.Index(
            "uq_part_fit_open", "part_id", unique=True,
            sqlite_where=sa.text("until_at IS NULL"), postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="order"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    repair_id: Mapped[int | None] = mapped_column(sa.ForeignKey("repair.id"))
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)


class Repair(Base):
    """What was done to a unit. `work`: codes of WORK. The cost is nobody's business but the workshop's."""

    __tablename__ = "repair"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    work: Mapped[list[Any]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    cost_cents: Mapped[int | None]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    repaired_at: Mapped[datetime] = mapped_column(Instant)
    void_at: Mapped[datetime | None] = mapped_column(Instant)  # corrected: it did not take place


class Dismantling(Base):
    """A unit taken apart: its mass = parts + residue + loss. What was not weighed is NULL, with a reason."""

    __tablename__ = "dismantling"
    __table_args__ = (
        sa.CheckConstraint("loss_g IS NULL OR loss_g = unit_g - parts_g - residue_g", name="balance"),
        sa.CheckConstraint("loss_g IS NOT NULL OR reason IS NOT NULL", name="reason"),
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    unit_g: Mapped[int | None]
    parts_g: Mapped[int | None]
    residue_g: Mapped[int | None]
    loss_g: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    dismantled_at: Mapped[datetime] = mapped_column(Instant)
