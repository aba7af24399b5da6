"""Tables of the room: the territory shown, communes, postcodes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json
from reuse_market.places.geo import Point


class Territory(Base):
    """The one territory this installation serves (a single row, id 1)."""

    __tablename__ = "territory"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    siren: Mapped[str | None] = mapped_column(sa.String(9))
    attribution: Mapped[str] = mapped_column(sa.String(300), default="")
    outlines_digest: Mapped[str] = mapped_column(sa.String(64), default="")


class Commune(Base):
    """A commune. `in_territory` false: known (a site may lie there) but not drawn nor listed."""

    __tablename__ = "commune"
    __table_args__ = (
        sa.CheckConstraint("latitude BETWEEN -90000000 AND 90000000", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180000000 AND 180000000", name="longitude"),
    )
    insee: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    latitude: Mapped[int]
    longitude: Mapped[int]
    population: Mapped[int | None]
    siren: Mapped[str | None] = mapped_column(sa.String(9))
    outline: Mapped[list[list[list[int]]]] = mapped_column(Json, deferred=True)
    in_territory: Mapped[bool] = mapped_column(default=True)

    @property
    def point(self) -> Point:
        """The town hall, or a point inside the outline where no town hall is known."""
        return Point(self.latitude, self.longitude)


class Postcode(Base):
    """A postcode serves several communes, a commune may have several postcodes."""

    __tablename__ = "postcode"
    postcode: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    insee: Mapped[str] = mapped_column(sa.ForeignKey("commune.insee"), primary_key=True, index=True)


class AddressPoint(Base):
    """What the address service answered about a postal address; without a point it knew none good enough."""

    __tablename__ = "address_point"
    key: Mapped[str] = mapped_column(
        sa.String(64), primary_key=True
    )  # SHA-256 of the address, its case folded
    insee: Mapped[str] = mapped_column(sa.String(5))
    latitude: Mapped[int | None]  # micro-degrees
    longitude: Mapped[int | None]
    score: Mapped[int | None]  # thousandths, as the service judges its own answer
    asked_at: Mapped[datetime] = mapped_column(Instant)
