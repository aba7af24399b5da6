"""How a person says who they are on a workshop's shared computer: a PIN, or the code of a badge."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant


class TechnicianKey(Base):
    """A member's PIN (Argon2id) and badge (SHA-256 of a drawn code) for one organisation. Neither can be read back."""

    __tablename__ = "technician_key"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    pin_hash: Mapped[str | None] = mapped_column(sa.String(200))
    badge_sha256: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(Instant)
