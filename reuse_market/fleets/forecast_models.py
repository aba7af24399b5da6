"""What a holder says of its renewals, and what is expected of its fleet from it (rebuilt, never a source)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

ORGANISATION, KIND = "organisation.id", "kind.code"
PLAN_STATES = ("announced", "done", "cancelled")


class RenewalPlan(Base):
    """A renewal a holder announces: so many devices of a kind will be released in a quarter.

    `quarter` is its first day, `month` the first day of the month when one was given. `lot_reference` is the
    planned lot made of it, whose room tells when it is published (`done`) or given up.
    """

    __tablename__ = "renewal_plan"
    __table_args__ = (
        sa.CheckConstraint("state IN ('announced', 'done', 'cancelled')", name="state"),
        sa.CheckConstraint("quantity > 0", name="some"),
        sa.Index("ix_renewal_plan_organisation_id", "organisation_id", "state", "quarter"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(ORGANISATION))
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND))
    model: Mapped[str] = mapped_column(sa.String(120), default="")
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    quantity: Mapped[int]
    quarter: Mapped[date] = mapped_column(sa.Date)
    month: Mapped[date | None] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="announced")
    version: Mapped[int] = mapped_column(default=1)
    lot_reference: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


class AgeRule(Base):
    """The age at which a holder renews a kind, in months; without a row, the usual age of the kind holds."""

    __tablename__ = "age_rule"
    __table_args__ = (sa.CheckConstraint("months BETWEEN 6 AND 240", name="likely"),)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(ORGANISATION), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND), primary_key=True)
    months: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(Instant)


class FleetForecast(Base):
    """What is expected of a kind in a quarter, for the whole holder. `announced` is inside `expected`."""

    __tablename__ = "fleet_forecast"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(ORGANISATION), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND), primary_key=True)
    quarter: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    announced: Mapped[int]
    expected: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]


class ForecastGround(Base):
    """Why: what the forecast of a kind rests on. `age_months` is the age by which half would be released."""

    __tablename__ = "forecast_ground"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(ORGANISATION), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND), primary_key=True)
    in_use: Mapped[int]
    undated: Mapped[int]  # in use, of unknown age
    discards: Mapped[int]  # observed, with a known age
    since: Mapped[date | None] = mapped_column(sa.Date)  # first quarter observed
    rule_months: Mapped[int | None]  # None: neither the holder nor a reference row tells
    own_rule: Mapped[bool]
    age_months: Mapped[int | None]


class ForecastMade(Base):
    """When a holder's forecast and cells were made, and from what: tells whether they are out of date."""

    __tablename__ = "forecast_made"
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey(ORGANISATION), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    quarter: Mapped[date] = mapped_column(sa.Date)
    fleet_seq: Mapped[int]  # of stream fleet/<org>
    in_use: Mapped[int]
    discarded: Mapped[int]
