"""`/units` (the workshop's: reading, bench, media), `/removals` and `/label-series`."""

from reuse_market.refurbishing.api import bench, label_series, media, removals, together
from reuse_market.refurbishing.api.shared import units

collections = (units, removals.removals, label_series.label_series)

__all__ = ["bench", "collections", "label_series", "media", "together"]
