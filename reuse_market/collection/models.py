"""Pick-ups and what the driver checked off."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.collection.arrival_models import CollectionDay, CollectionSlot, LoadingProtocol
from reuse_market.collection.container_models import Container, NoteRevision, NoteRevisionLine
from reuse_market.collection.link_models import DriverLink, SignatureLink
from reuse_market.collection.photo_models import PickupPhoto
from reuse_market.collection.round_models import Round, RoundPlan, RoundStop, Vehicle
from reuse_market.collection.shipment_models import Shipment, ShipmentUnit
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

__all__ = [
    "Container", "NoteRevision", "NoteRevisionLine",
    "CollectionDay", "CollectionSlot", "LoadingProtocol",
    "DriverLink", "OUTCOMES", "Pickup", "PickupCheck", "PickupPhoto", "Round", "RoundPlan", "RoundStop", "STATES",
    "Shipment", "ShipmentUnit", "SignatureLink", "Vehicle",
]  # fmt: skip

STATES = ("proposed", "countered", "agreed", "done", "failed", "expired", "cancelled")
OUTCOMES = ("taken", "missing", "refused", "extra")


class Pickup(Base):
    """A pick-up of the awarded units of one claim, ENL-2026-0009."""

    __tablename__ = "pickup"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    from_time: Mapped[str] = mapped_column(sa.String(5))  # "09:00", Europe/Paris
    to_time: Mapped[str] = mapped_column(sa.String(5))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))  # whose slot is on the table
    answer_until: Mapped[date] = mapped_column(sa.Date)  # the other side answers the slot by then
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    plate: Mapped[str] = mapped_column(sa.String(20), default="")
    driver_name: Mapped[str] = mapped_column(sa.String(120), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    driver_signed_at: Mapped[datetime | None] = mapped_column(Instant)
    driver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    driver_link_id: Mapped[
        int | None
    ]  # the link by which the driver signed; it points here, so no foreign key
    holder_signed_at: Mapped[datetime | None] = mapped_column(Instant)
    holder_signer: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    arrival: Mapped[str | None] = mapped_column(sa.String(14))  # arrival_models.ARRIVALS; None: fetched
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("collection_slot.id"), index=True)
    carrier_name: Mapped[str | None] = mapped_column(sa.String(120))
    carrier_ref: Mapped[str | None] = mapped_column(sa.String(60))
    site_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    eve_told_at: Mapped[datetime | None] = mapped_column(Instant)
    morning_told_at: Mapped[datetime | None] = mapped_column(Instant)


class PickupCheck(Base):
    """One unit checked off (an extra gets its unit when the driver signs). Undone until then.

    Rows of one act (twelve screens counted, "everything left is here") share `batch` and are undone together.
    """

    __tablename__ = "pickup_check"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('" + "','".join(OUTCOMES) + "')", name="outcome"),
        sa.CheckConstraint("outcome = 'taken' OR reason IS NOT NULL", name="reason"),
        sa.UniqueConstraint("pickup_id", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup.id"), index=True)
    batch: Mapped[str] = mapped_column(sa.String(32))
    outcome: Mapped[str] = mapped_column(sa.String(8))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    line: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    kind: Mapped[str | None] = mapped_column(sa.ForeignKey("kind.code"))  # of an extra
    label: Mapped[str] = mapped_column(sa.String(200), default="")  # of an extra: what it is
    serial: Mapped[str | None] = mapped_column(sa.String(80))  # of an extra
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    container_id: Mapped[int | None] = mapped_column(sa.ForeignKey("container.id"), index=True)
    read_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # seen one by one at the workshop, if it came sealed
