"""Lots and their lines. Figures (claimed, collected, left) are counted from engagements, never stored."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant
from reuse_market.units.models import REGIMES

STATES = ("draft", "planned", "published", "closed", "withdrawn", "expired")
TRISTATE = ("yes", "no", "unknown")
LOCKS = ("lock_mdm", "lock_activation", "lock_frp", "lock_bios")
WORKS = ("works", "partly", "broken", "untested")


class Lot(Base):
    """A publication unit of a holder, LOT-2026-0042."""

    __tablename__ = "lot"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
        sa.CheckConstraint("regime IN ('" + "','".join(REGIMES) + "')", name="regime"),
        sa.Index("ix_lot_state_claims_until", "state", "claims_until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    title: Mapped[str] = mapped_column(sa.String(160))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    regime: Mapped[str | None] = mapped_column(sa.String(16))
    price_kind: Mapped[str | None] = mapped_column(sa.String(10))  # fixed | proposals (sale); free (gift)
    price_cents: Mapped[int | None]  # for the whole lot, HT
    award_mode: Mapped[str] = mapped_column(
        sa.String(14), default="holder_choice"
    )  # first_come | holder_choice | at_closing
    cap_per_actor: Mapped[int | None]  # the holder's option: units one organisation may have; None: no cap
    reserved_percent: Mapped[int | None]  # at closing: share of the units kept for `reserved_for`; None: none
    reserved_for: Mapped[str | None] = mapped_column(sa.String(14))  # conditions.RESERVED_FOR
    erased_by: Mapped[str | None] = mapped_column(sa.String(12))  # holder | reuse_actor
    erasure_policy: Mapped[str | None] = mapped_column(sa.String(8))  # clear | purge | destroy
    available_from: Mapped[date | None] = mapped_column(sa.Date)
    available_until: Mapped[date | None] = mapped_column(sa.Date)
    claims_until: Mapped[date | None] = mapped_column(sa.Date)
    public_first_days: Mapped[int | None]  # the holder's option: public bodies first for n days; None: no
    public_first_until: Mapped[date | None] = mapped_column(sa.Date)  # set at publication from the option
    made_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    expected_month: Mapped[date | None] = mapped_column(sa.Date)  # of a planned lot: its first day
    planned_at: Mapped[datetime | None] = mapped_column(Instant)  # announced, whatever became of it
    plan_changed_at: Mapped[datetime | None] = mapped_column(Instant)
    plan_reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class LotLine(Base):
    """One line: units alike in kind, model and condition. `declared` is fixed at publication."""

    __tablename__ = "lot_line"
    __table_args__ = (sa.UniqueConstraint("lot_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    model_id: Mapped[int | None] = mapped_column(sa.ForeignKey("model.id"))
    label: Mapped[str] = mapped_column(sa.String(200))
    declared: Mapped[int]
    works: Mapped[str] = mapped_column(sa.String(8), default="untested")
    charger: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    os_installed: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    windows_11: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    locks_released: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    # Lock by lock, TRISTATE; None: not concerned, or not said. Those said decide `locks_released`.
    lock_mdm: Mapped[str | None] = mapped_column(sa.String(7))  # Autopilot, device management
    lock_activation: Mapped[str | None] = mapped_column(sa.String(7))  # Apple: Activation Lock
    lock_frp: Mapped[str | None] = mapped_column(sa.String(7))  # Android: Factory Reset Protection
    lock_bios: Mapped[str | None] = mapped_column(sa.String(7))  # password of the firmware
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    value_cents: Mapped[int | None]  # estimated value of one device, TTC (CG3P D3212-3: 300 €)
    value_how: Mapped[str | None] = mapped_column(sa.String(20))  # conditions.VALUATIONS
    valued_on: Mapped[date | None] = mapped_column(sa.Date)
    valued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class LotItem(Base):
    """A unit put in a draft. At publication the engagement takes over; a unit is in one open draft only."""

    __tablename__ = "lot_item"
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("lot_line.id"), index=True)


TRIAGE_STATES = ("open", "confirmed", "cancelled")


class Triage(Base):
    """Devices of a holder sorted by where they go, TRI-2026-0042: from a proposal to the lots made from it."""

    __tablename__ = "triage"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(TRIAGE_STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    version: Mapped[int] = mapped_column(default=1)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class TriageLine(Base):
    """Devices alike in kind, model, configuration and age that go the same way; the reason is kept.

    `advice` and `why` (advice.WHY) are what was proposed; `outlet` is what the holder chose (advice.OUTLETS),
    None before; `lot` is the reference of the draft made from it.
    """

    __tablename__ = "triage_line"
    __table_args__ = (sa.UniqueConstraint("triage_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    triage_id: Mapped[int] = mapped_column(sa.ForeignKey("triage.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    label: Mapped[str] = mapped_column(sa.String(200))
    age: Mapped[str] = mapped_column(sa.String(8))
    units: Mapped[int]
    works: Mapped[str] = mapped_column(sa.String(8), default="untested")
    value_cents: Mapped[int | None]
    value_how: Mapped[str | None] = mapped_column(sa.String(20))
    valued_on: Mapped[date | None] = mapped_column(sa.Date)
    advice: Mapped[str] = mapped_column(sa.String(12), default="")
    why: Mapped[str] = mapped_column(sa.String(20), default="")
    outlet: Mapped[str | None] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    lot: Mapped[str | None] = mapped_column(sa.String(20))


class TriageUnit(Base):
    """A unit of a triage's line."""

    __tablename__ = "triage_unit"
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("triage_line.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, index=True)
