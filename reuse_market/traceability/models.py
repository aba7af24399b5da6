"""The journal's tables. `event` is append-only: triggers refuse UPDATE and DELETE (triggers.py)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant
from reuse_market.traceability.log_models import (
    Checkpoint,
    LogEntry,
    LogKey,
    LogNode,
    LogPending,
    LogRefusal,
    LogStatement,
)

__all__ = [
    "Checkpoint", "Event", "EventCommitment", "EventRange", "EventUnit", "LogEntry", "LogKey", "LogNode",
    "LogPending", "LogRefusal", "LogStatement", "StreamHead",
]  # fmt: skip
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Event(Base):
    """One act on one stream. `payload` holds the canonical bytes; the other columns repeat parts of it."""

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("stream", "seq"),
        sa.Index(  # few, and each is told to the organisation: found without reading the rest
            "ix_event_via_operator", "organisation_id", "id",
            sqlite_where=sa.text("via = 'operator'"), postgresql_where=sa.text("via = 'operator'"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    uid: Mapped[str] = mapped_column(sa.String(32), unique=True)
    stream: Mapped[str] = mapped_column(sa.String(80))
    seq: Mapped[int]
    type: Mapped[str] = mapped_column(sa.String(60))
    act_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    organisation_id: Mapped[int | None]
    via: Mapped[str] = mapped_column(sa.String(10))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    payload: Mapped[bytes] = mapped_column(sa.LargeBinary)
    hash: Mapped[str] = mapped_column(sa.String(64))


class EventUnit(Base):
    """Which units an event speaks of: rebuilt from the payloads at will."""

    __tablename__ = "event_unit"
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class EventRange(Base):
    """The pairs of an event that speaks of very many units (an import): first to last, instead of row by row."""

    __tablename__ = "event_range"
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(index=True)


class EventCommitment(Base):
    """The value behind a commitment of a payload. Deleting the row forgets it; the chain still verifies."""

    __tablename__ = "event_commitment"
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.String(64))


class StreamHead(Base):
    """The last event of a stream: locked by every append."""

    __tablename__ = "stream_head"
    stream: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64), default="0" * 64)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
