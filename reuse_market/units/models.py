"""Units, what holds them (engagements), and the labels stuck on them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

STATES = (
    "in_use", "discarded", "listed", "awarded", "collected", "in_workshop", "ready", "held", "provided",
    "missing", "parts", "waste", "recycled", "merged",
)  # fmt: skip
REGIMES = ("sale", "gift", "free_transfer", "public_transfer")
ENGAGEMENTS = ("lot", "award", "pickup", "shipment", "hold")


_COMING = sa.text("state IN ('collected', 'in_workshop')")


class Unit(Base):
    """One device (or one `carton` of small accessories). Anonymous until a serial is read."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint(
            "state NOT IN ('ready', 'held') OR (erased_at IS NOT NULL AND tested_at IS NOT NULL)",
            name="gates",
        ),
        sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
        sa.CheckConstraint("regime IN ('" + "','".join(REGIMES) + "')", name="regime"),
        sa.Index("ix_unit_owner_state", "owner_id", "state"),
        sa.Index("ix_unit_custodian_state", "custodian_id", "state"),
        sa.Index("ix_unit_serial_key", "serial_key"),
        sa.Index(  # how many of a model are received and not ready yet, counted beside each group on offer
            "ix_unit_coming",
            "custodian_id",
            "model_id",
            "kind",
            sqlite_where=_COMING,
            postgresql_where=_COMING,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    custodian_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    regime: Mapped[str | None] = mapped_column(sa.String(16))
    stream: Mapped[str] = mapped_column(sa.String(80))  # the stream of its latest lot, or its fleet's
    origin: Mapped[str] = mapped_column(sa.String(10), default="import")  # import | counted | extra

    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    model_id: Mapped[int | None] = mapped_column(sa.ForeignKey("model.id"))
    serial: Mapped[str | None] = mapped_column(sa.String(80))
    serial_key: Mapped[str | None] = mapped_column(sa.String(120))  # normalised maker|serial
    asset_tag: Mapped[str | None] = mapped_column(sa.String(80))
    holder_key: Mapped[str | None] = mapped_column(sa.String(80))  # its key in the holder's own tool
    missed_on: Mapped[date | None] = mapped_column(sa.Date)  # first inventory that lacked it; NULL once seen
    cpu: Mapped[str | None] = mapped_column(sa.String(120))
    ram_mb: Mapped[int | None]
    storage_mb: Mapped[int | None]
    screen_tenths: Mapped[int | None]
    os: Mapped[str | None] = mapped_column(sa.String(80))
    bought_on: Mapped[date | None] = mapped_column(sa.Date)
    count: Mapped[int] = mapped_column(default=1)  # pieces in a carton; 1 for a device
    weight_g: Mapped[int | None]

    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    tested_at: Mapped[datetime | None] = mapped_column(Instant)


class Engagement(Base):
    """What holds a unit: at most one open row per (unit, kind), by the partial unique index."""

    __tablename__ = "engagement"
    __table_args__ = (
        sa.Index(
            "uq_engagement_open",
            "unit_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.Index("ix_engagement_reference", "kind", "reference", "line"),
        sa.Index(  # the lowest open units of a line, one after the other, whatever the planner knows
            "ix_engagement_open_line", "kind", "reference", "line", "unit_id",
            sqlite_where=sa.text("until_at IS NULL"), postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.Index("ix_engagement_unit_id", "unit_id"),
        sa.CheckConstraint("kind IN ('" + "','".join(ENGAGEMENTS) + "')", name="kind"),
        sa.CheckConstraint("(until_at IS NULL) = (outcome IS NULL)", name="outcome"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    reference: Mapped[str] = mapped_column(sa.String(40))
    line: Mapped[int | None]  # lot line number, so that anonymous units of a line stay fungible
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    extra: Mapped[bool] = mapped_column(default=False)  # found at a pick-up, beyond what was declared
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(sa.String(12))


class Label(Base):
    """A 7-character code, stuck on a unit or still blank (pre-printed sheets)."""

    __tablename__ = "label"
    code: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), unique=True)
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("label_series.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    bound_at: Mapped[datetime | None] = mapped_column(Instant)


class LabelSeries(Base):
    """Labels printed together before any device is known, ETQ-2026-0003, and who keeps them."""

    __tablename__ = "label_series"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    units: Mapped[int]  # labels in it
    format: Mapped[str] = mapped_column(sa.String(12))
    kept_by: Mapped[str] = mapped_column(sa.String(120), default="")  # a person, a van, a room
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    printed: Mapped[int] = mapped_column(default=0)  # times the sheet was drawn
    printed_at: Mapped[datetime | None] = mapped_column(Instant)
