"""What the clock does to reservations."""

from __future__ import annotations

from reuse_market.kernel import jobs
from reuse_market.reservations import queries, services, tickets, vouchers


def expire_due() -> int:
    """Let go of every reservation past its end date; how many. One failure does not stop the others."""
    return jobs.each(queries.due(), services.expire_reservation, "reservation.expire")


def expire_vouchers() -> int:
    """End every orientation voucher past its last day; how many."""
    return jobs.each(tickets.due(), vouchers.expire_voucher, "voucher.expire")
