"""`/units` (the workshop's: reading, bench, media) and `/removals`."""

from reuse_market.refurbishing.api import bench, media, removals, together
from reuse_market.refurbishing.api.shared import units

collections = (units, removals.removals)

__all__ = ["bench", "collections", "media", "together"]
