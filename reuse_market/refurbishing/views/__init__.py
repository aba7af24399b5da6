"""The pages of the workshop."""

from __future__ import annotations

from reuse_market.refurbishing.views import bench, labels, media, requesting, series, sheets, unit, waste
from reuse_market.refurbishing.views.page import blueprint

__all__ = ["bench", "blueprint", "labels", "media", "requesting", "series", "sheets", "unit", "waste"]
