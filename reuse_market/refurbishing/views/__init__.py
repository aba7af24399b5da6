"""The pages of the workshop."""

from __future__ import annotations

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
    "bench", "blueprint", "figures", "hardware", "label_queue", "labels", "locks", "media", "post", "requesting",
    "series", "sheets", "unit", "waste",
]  # fmt: skip
