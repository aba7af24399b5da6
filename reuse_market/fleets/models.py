"""Imports in progress (staged, so that a wizard works page by page and nothing is lost)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json


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
    state: Mapped[str] = mapped_column(sa.String(10), default="read")  # read | judged | done | cancelled
    version: Mapped[int] = mapped_column(default=1)
    good: Mapped[int] = mapped_column(default=0)
    to_correct: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


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
