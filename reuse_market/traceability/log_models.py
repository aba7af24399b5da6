"""The transparency log's tables. All but `log_pending` are append-only by trigger (triggers.py)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class LogPending(Base):
    """An event without a position yet. A trigger writes it with the event; the sequencer takes it away."""

    __tablename__ = "log_pending"
    event_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)


class LogEntry(Base):
    """The place of a committed event in the log, from 0 without a gap. `leaf` repeats the event's hash."""

    __tablename__ = "log_entry"
    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), unique=True)
    leaf: Mapped[str] = mapped_column(sa.String(64))


class LogNode(Base):
    """The root (hex) of a complete subtree of 256^level leaves, so that proofs read hundreds of rows at most."""

    __tablename__ = "log_node"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(sa.String(64))


class Checkpoint(Base):
    """A signed statement of the log at a size. `note` is what is published, `key` the verifier key it was signed by."""

    __tablename__ = "checkpoint"
    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.String(300))
    made_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(sa.String(40))


class LogKey(Base):
    """A verifier key that has signed for this log, and since when."""

    __tablename__ = "log_key"
    vkey: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class LogRefusal(Base):
    """A checkpoint that was not signed: the log no longer begins with what was last signed.

    `kept_*` is what stands beside the key, `found_*` what the database's log says (`found_root`: at `kept_size`,
    or nothing when the log is shorter).
    """

    __tablename__ = "log_refusal"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kept_size: Mapped[int] = mapped_column(BigId)
    kept_root: Mapped[str] = mapped_column(sa.String(64))
    found_size: Mapped[int] = mapped_column(BigId)
    found_root: Mapped[str | None] = mapped_column(sa.String(64))


class LogStatement(Base):
    """The signed answer to a refusal: an administrator declared a restored backup, and why."""

    __tablename__ = "log_statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    refusal_id: Mapped[int] = mapped_column(sa.ForeignKey("log_refusal.id"), unique=True)
    event_id: Mapped[int] = mapped_column(
        sa.ForeignKey("event.id")
    )  # its reason is a commitment of that event
    made_at: Mapped[datetime] = mapped_column(Instant)
    size: Mapped[int] = mapped_column(BigId)
    note: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.String(300))
