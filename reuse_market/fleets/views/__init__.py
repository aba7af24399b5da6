"""Pages of the fleet: listing.py the list, importing.py and verifying.py an inventory step by step."""

from reuse_market.fleets.views import discarding, exporting, forecast, importing, listing, models, verifying
from reuse_market.fleets.views.base import blueprint

__all__ = ["blueprint", "discarding", "exporting", "forecast", "importing", "listing", "models", "verifying"]
