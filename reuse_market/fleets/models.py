"""Imports in progress (staged, so that a wizard works page by page and nothing is lost)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.fleets.forecast_models import (
    AgeRule,
    FleetForecast,
    ForecastGround,
    ForecastMade,
    RenewalPlan,
)
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

__all__ = [
    "AgeRule", "ColumnMapping", "FleetForecast", "ForecastGround", "ForecastMade", "ImportRecord",
    "InventoryImport", "RenewalPlan", "ResourceCell",
]  # fmt: skip


class InventoryImport(Base):
    """One uploaded file, from upload to confirmation. The bytes are in kernel.files under `sha256`."""

    __tablename__ = "inventory_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    format: Mapped[str] = mapped_column(sa.String(30))
    mapping: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="read")  # lifecycle.py
    version: Mapped[int] = mapped_column(default=1)
    good: Mapped[int] = mapped_column(default=0)
    to_correct: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    work: Mapped[dict[str, Any] | None] = mapped_column(Json)  # of a long one: who asked, for what, how far
    busy_until: Mapped[datetime | None] = mapped_column(Instant)  # a worker has it until then


class ImportRecord(Base):
    """One record of an import with its verdict."""

    __tablename__ = "import_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory_import.id"), index=True)
    row: Mapped[int]
    verdict: Mapped[str] = mapped_column(sa.String(10))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)  # parsed values, or field/value/reason
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))


class ColumnMapping(Base):
    """A mapping the holder confirmed, remembered for files with the same header."""

    __tablename__ = "column_mapping"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    signature: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    used_at: Mapped[datetime] = mapped_column(Instant)


class ResourceCell(Base):
    """How many devices of a kind a holder has or will release in a commune: a maintained count, never a source.

    `basis`: `stock` (units in use or discarded today; `quarter` is the running one, `state` theirs),
    `announced` (renewal plans, planned lots) or `forecast` (estimated; low and high bound a 90 % interval).
    `quarter` is its first day. Rebuilt for a holder as a whole by services.resource. `forecast` is what comes
    beyond `announced`: the two of a kind and quarter add up, whichever was bigger.
    """

    __tablename__ = "resource_cell"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    commune_insee: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"), primary_key=True)
    basis: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(12), primary_key=True, default="")
    quarter: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    expected: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)


DEPARTURES = ("staff", "take_back", "lease_return")


class Discard(Base):
    """A discard ("réforme") as it was decided: when, under which number, by whom. Public holders must say."""

    __tablename__ = "discard"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    decided_on: Mapped[date | None] = mapped_column(sa.Date)
    decision_number: Mapped[str] = mapped_column(sa.String(60), default="")
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)


class DiscardedUnit(Base):
    """By which decision a unit was discarded; its row goes when the discard is annulled."""

    __tablename__ = "discarded_unit"
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    discard_id: Mapped[int] = mapped_column(sa.ForeignKey("discard.id"), index=True)


class Departure(Base):
    """A discarded device that left its holder outside the tool, and when. Its unit stays `discarded`, uncounted."""

    __tablename__ = "departure"
    __table_args__ = (sa.CheckConstraint("outlet IN ('" + "','".join(DEPARTURES) + "')", name="outlet"),)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    outlet: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    left_on: Mapped[date] = mapped_column(sa.Date)
    made_at: Mapped[datetime] = mapped_column(Instant)


class JanuaryStock(Base):
    """What a public holder had discarded and still kept on 1 January: B of the REEN rate (décret 2023-266)."""

    __tablename__ = "january_stock"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    units: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)


class JanuaryKind(Base):
    """The same by kind; `over_ten`: those of them bought more than 10 years before they were discarded."""

    __tablename__ = "january_kind"
    stock_id: Mapped[int] = mapped_column(sa.ForeignKey("january_stock.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"), primary_key=True)
    units: Mapped[int]
    over_ten: Mapped[int]


class ModelCorrection(Base):
    """What a holder said once that its spelling of a maker and model stands for; later imports follow it.

    `maker`, `name`: the spelling as it stood. `act_id`: the act that moved its units, to undo it by.
    """

    __tablename__ = "model_correction"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "spelling"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    spelling: Mapped[str] = mapped_column(sa.String(300))
    maker: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(120))
    model_id: Mapped[int] = mapped_column(sa.ForeignKey("model.id"))
    act_id: Mapped[str] = mapped_column(sa.String(32))
    made_at: Mapped[datetime] = mapped_column(Instant)
