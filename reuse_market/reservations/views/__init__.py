"""Pages of reservations: booking and handover, quotes, orientation vouchers, the counter."""

from reuse_market.reservations.views import booking, counter, quotes, vouchers
from reuse_market.reservations.views.base import blueprint

__all__ = ["blueprint", "booking", "counter", "quotes", "vouchers"]
