"""Pages of pick-ups: pages.py before and after, stop.py at the door (phone), handover.py the signatures."""

from reuse_market.collection.views import handover, pages, papers, stop
from reuse_market.collection.views.base import blueprint

__all__ = ["blueprint", "handover", "pages", "papers", "stop"]
