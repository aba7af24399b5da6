"""What the clock does to reservations."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from reuse_market.kernel import clock, jobs
from reuse_market.kernel.db import session
from reuse_market.refurbishing.photos import keeping as photos
from reuse_market.reservations import queries, services, tickets, vouchers
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.order_models import QuoteTerms

CHUNK = 500  # keys a statement names


def expire_due() -> int:
    """Let go of every reservation past its end date; how many. One failure does not stop the others."""
    return jobs.each(queries.due(), services.expire_reservation, "reservation.expire")


def expire_vouchers() -> int:
    """End every orientation voucher past its last day; how many."""
    return jobs.each(tickets.due(), vouchers.expire_voucher, "voucher.expire")


def forget_photos() -> int:
    """Delete the photos of looks that have had no device for the dated delay `photo.keep`; how many."""
    return photos.forget_old(asked_about)


def asked_about(keys: Collection[str]) -> set[str]:
    """Of these groups, those of a running reservation or of a quote whose price still holds."""
    held = sa.select(Reservation.group_key).where(Reservation.state.in_(HOLDING))
    quoted = sa.select(QuoteTerms.group_key).where(
        QuoteTerms.valid_until >= clock.today(), QuoteTerms.declined_at.is_(None)
    )
    among, told = sorted(keys), set[str]()
    for start in range(0, len(among), CHUNK):
        chunk = among[start : start + CHUNK]
        for statement, column in ((held, Reservation.group_key), (quoted, QuoteTerms.group_key)):
            told |= set(session().scalars(statement.where(column.in_(chunk))))
    return told
