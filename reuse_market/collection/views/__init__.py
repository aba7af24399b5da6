"""Pages of pick-ups: pages.py, arriving.py, days.py before and after; at the door stop.py, found.py, photos.py,
offline.py; handover.py."""

from reuse_market.collection.containers import views as containers
from reuse_market.collection.revising import views as revising
from reuse_market.collection.rounds import vehicle_views
from reuse_market.collection.rounds import views as rounds
from reuse_market.collection.shipments import views as shipments
from reuse_market.collection.views import (
    arriving,
    countersign,
    days,
    driver,
    found,
    handover,
    offline,
    pages,
    papers,
    photos,
    stop,
)
from reuse_market.collection.views.base import blueprint

__all__ = [
    "arriving", "blueprint", "containers", "countersign", "days", "driver", "found", "handover", "offline", "pages",
    "papers", "photos", "revising", "shipments", "stop", "rounds", "vehicle_views",
]  # fmt: skip
