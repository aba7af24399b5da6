"""Dated reference rows: every rate, mass, delay or cap is a row with a date, a source and a confidence."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, session

M = TypeVar("M", bound="Dated")


class Dated:
    """Mixin: `valid_from` (civil date), `source` (text, law article or study), `confidence` (P, S, D, R)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(sa.Date, default=date(2020, 1, 1))
    source: Mapped[str] = mapped_column(sa.String(300))
    confidence: Mapped[str] = mapped_column(sa.String(1))


class Delay(Dated, Base):
    """A delay in days, named by code ("reservation.hold", "claim.answer", …)."""

    __tablename__ = "delay"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)
    code: Mapped[str] = mapped_column(sa.String(60))
    days: Mapped[int]


class Rate(Dated, Base):
    """A rate in thousandths, named by code ("vat.standard": 200 is 20 %)."""

    __tablename__ = "rate"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)
    code: Mapped[str] = mapped_column(sa.String(60))
    per_mille: Mapped[int]


def in_force(model: type[M], on: date | None = None, **keys: Any) -> M | None:
    """The row of `model` matching `keys` in force on `on` (today by default), or None: "non renseigné"."""
    statement = (
        sa.select(model)
        .filter_by(**keys)
        .where(model.valid_from <= (on or clock.today()))
        .order_by(model.valid_from.desc())
        .limit(1)
    )
    return session().scalars(statement).first()


def delay_days(code: str, on: date | None = None) -> int:
    """The delay `code` in days; LookupError when no row is in force (a deployment fault, not a user's)."""
    row = in_force(Delay, on, code=code)
    if row is None:
        raise LookupError(f"no delay row for {code}")
    return row.days


def rate_per_mille(code: str, on: date | None = None) -> int | None:
    """The rate `code` in thousandths, or None when no row is in force: "rate not provided", never 0."""
    row = in_force(Rate, on, code=code)
    return row.per_mille if row else None
