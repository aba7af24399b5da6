"""The ledger's own rows: what was spent elsewhere, the year's figures, files read, columns remembered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json, code

SOURCES = ("typed", "imported")
AMOUNTS = ("amount_cents", "reused_cents", "recycled_cents", "gift_cents")


class AgecEntry(Base):
    """A spend made elsewhere, in cents before tax; negative for a credit note of the supplier.

    `gift_cents`: the flat value of a gift of the State’s own platform (arrêté du 29 février 2024), no spend.
    `before`: its values before the last change, for the undo; `removed_at`: taken away, and can come back.
    `fingerprint`: what tells the same row of two files.
    """

    __tablename__ = "agec_entry"
    __table_args__ = (
        sa.CheckConstraint("source IN ('" + "','".join(SOURCES) + "')", name="source"),
        sa.Index("ix_agec_entry_year", "organisation_id", "year", "category"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int]
    category: Mapped[str] = mapped_column(code())
    day: Mapped[date | None] = mapped_column(sa.Date)
    amount_cents: Mapped[int]
    reused_cents: Mapped[int] = mapped_column(default=0)
    recycled_cents: Mapped[int] = mapped_column(default=0)
    gift_cents: Mapped[int] = mapped_column(default=0)
    supplier: Mapped[str] = mapped_column(sa.String(120), default="")
    reference: Mapped[str] = mapped_column(sa.String(60), default="")
    comment: Mapped[str] = mapped_column(sa.String(300), default="")
    source: Mapped[str] = mapped_column(sa.String(10), default="typed")
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agec_import.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)


class AgecYear(Base):
    """The two figures of the short path, for a category and a year: they stand in for the lines.

    `total_cents`: all that was spent, purchases made here included; `reused_cents`: reused, bought elsewhere.
    """

    __tablename__ = "agec_year"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "year", "category"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int]
    category: Mapped[str] = mapped_column(code())
    total_cents: Mapped[int]
    reused_cents: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(Instant)


class AgecImport(Base):
    """A file of the accounting system: read, checked, and taken in once (`applied_at`)."""

    __tablename__ = "agec_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    signature: Mapped[str] = mapped_column(sa.String(32))
    columns: Mapped[dict[str, Any] | None] = mapped_column(Json)
    added: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)


class AgecMapping(Base):
    """Which column says what, as this organisation answered for a header; asked once."""

    __tablename__ = "agec_mapping"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    signature: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(Json)


class AgecReminder(Base):
    """The mail before the deadline, sent once for a year."""

    __tablename__ = "agec_reminder"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(Instant)
