"""Papers as issued, and the organisations that may read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class Document(Base):
    """One issued paper; its bytes are the stored file `sha256`. `superseded_by` is the newer one's number."""

    __tablename__ = "document"
    __table_args__ = (
        # At most one current paper of a kind for an owner, whatever the concurrency.
        sa.Index(
            "uq_document_current",
            "owner",
            "kind",
            unique=True,
            sqlite_where=sa.text("superseded_by IS NULL"),
            postgresql_where=sa.text("superseded_by IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    owner: Mapped[str] = mapped_column(sa.String(80))
    lang: Mapped[str] = mapped_column(sa.String(2))
    title: Mapped[str] = mapped_column(sa.String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    verification_code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    superseded_by: Mapped[str | None] = mapped_column(
        sa.ForeignKey("document.number", deferrable=True, initially="DEFERRED"), default=None
    )
    readers: Mapped[list[DocumentReader]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="DocumentReader.organisation_id"
    )


class DocumentReader(Base):
    """An organisation that may read a paper (no foreign key: organisations live in a room above)."""

    __tablename__ = "document_reader"
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
