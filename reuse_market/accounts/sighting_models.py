"""Who saw what is not for everybody: addresses, contacts, serial numbers. One row a person, a thing and a day."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

SEEN = ("place", "serials", "contacts", "paper")


class Sighting(Base):
    """A person was shown the places, serial numbers, contacts or paper of `subject` that day, first at `at`.

    `door`: page, api or link (a driver without an account: person and organisation are then none, `link_id` is).
    """

    __tablename__ = "sighting"
    __table_args__ = (
        sa.Index("ix_sighting_subject", "subject", "day"),
        sa.UniqueConstraint("viewer", "what", "subject", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    viewer: Mapped[str] = mapped_column(sa.String(40))  # person/3/organisation/7, or link/12: what is unique
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    link_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(sa.String(12))
    subject: Mapped[str] = mapped_column(sa.String(80))
    door: Mapped[str] = mapped_column(sa.String(6))
    day: Mapped[date] = mapped_column(sa.Date)
    at: Mapped[datetime] = mapped_column(Instant)
