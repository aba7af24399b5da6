"""Pages of reservations: booking and handover, quotes, orientation vouchers, the counter, invoices."""

from reuse_market.reservations.views import baskets, booking, counter, invoices, quotes, vouchers
from reuse_market.reservations.views.base import blueprint
from reuse_market.reservations.waiting import views as waiting

__all__ = ["baskets", "blueprint", "booking", "counter", "invoices", "quotes", "vouchers", "waiting"]
