"""Photos a seller shows of what it offers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class OfferPhoto(Base):
    """One photo of a seller's devices that look alike: one kind, model, grade and list of faults.

    Not of a group's row: a new price, openness or memory makes another group of the same looks, whose photos
    stay good. Its bytes are in kernel.files; nothing says who took it (the journal knows who added it).
    """

    __tablename__ = "offer_photo"
    __table_args__ = (
        sa.UniqueConstraint("seller_id", "model_id", "kind", "grade", "faults", "position"),
        sa.UniqueConstraint("seller_id", "model_id", "kind", "grade", "faults", "sha256"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    model_id: Mapped[int] = mapped_column(sa.ForeignKey("model.id"))
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    grade: Mapped[str] = mapped_column(sa.String(1))
    faults: Mapped[str] = mapped_column(sa.String(400), default="")  # "": every function works
    position: Mapped[int]  # 1 to 4
    words: Mapped[str] = mapped_column(sa.String(140))  # what it shows, for who does not see it
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    alone_since: Mapped[datetime | None] = mapped_column(
        Instant
    )  # seen since then with no device that it shows
