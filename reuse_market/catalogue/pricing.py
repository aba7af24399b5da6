"""What a device costs, as the bench stamps it (refurbishing.pricing), and the rate in force as a statement reads it."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel.dated import Rate
from reuse_market.refurbishing.pricing import SCHEMES, VAT, Price, price

__all__ = ["SCHEMES", "VAT", "Price", "price", "rate_on"]


def rate_on(day: sa.BindParameter[object]) -> sa.ScalarSelect[int]:
    """The rate of VAT in force on a day, in thousandths; NULL when none is."""
    rate = Rate.__table__.c
    in_force = sa.select(rate.per_mille).where(
        rate.code == sa.literal_column(f"'{VAT}'"), rate.valid_from <= day
    )
    return in_force.order_by(rate.valid_from.desc()).limit(sa.literal_column("1")).scalar_subquery()
