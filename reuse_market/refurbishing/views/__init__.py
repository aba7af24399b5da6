"""The pages of the workshop."""

from __future__ import annotations

from reuse_market.refurbishing.parts import arrival_views as arrivals
from reuse_market.refurbishing.parts import views as parts
from reuse_market.refurbishing.views import (
    bench,
    figures,
    hardware,
    label_queue,
    labels,
    locks,
    media,
    post,
    requesting,
    series,
    sheets,
    unit,
    waste,
)
from reuse_market.refurbishing.views.page import blueprint

__all__ = [
    "arrivals", "bench", "blueprint", "figures", "hardware", "label_queue", "labels", "locks", "media", "parts",
    "post", "requesting",
    "series", "sheets", "unit", "waste",
]  # fmt: skip
