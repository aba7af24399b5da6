"""Pages of reservations: booking and handover, quotes, orientation vouchers, the counter, invoices."""

from reuse_market.reservations.handover import views as handover
from reuse_market.reservations.returns import views as returns
from reuse_market.reservations.views import baskets, booking, counter, invoices, quotes, vouchers
from reuse_market.reservations.views.base import blueprint
from reuse_market.reservations.waiting import views as waiting

__all__ = [
    "baskets", "blueprint", "booking", "counter", "handover", "invoices", "quotes", "returns",
    "vouchers", "waiting",
]  # fmt: skip
