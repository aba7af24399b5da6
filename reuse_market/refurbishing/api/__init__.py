"""`/units` (the workshop's: reading, bench, media), `/removals`, `/parts`, `/label-series`, `/workshop`."""

from reuse_market.refurbishing.api import (
    bench,
    hardware,
    label_series,
    locks,
    media,
    removals,
    solidarity,
    together,
    workshop,
)
from reuse_market.refurbishing.api.shared import units
from reuse_market.refurbishing.parts import api as parts

collections = (
    units,
    removals.removals,
    label_series.label_series,
    locks.lock_waits,
    parts.parts,
    workshop.workshop,
)

__all__ = [
    "bench",
    "collections",
    "hardware",
    "label_series",
    "locks",
    "media",
    "parts",
    "solidarity",
    "together",
    "workshop",
]
