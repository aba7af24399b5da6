"""The tables of the room, each beside what it is for."""

from __future__ import annotations

from reuse_market.obligations.agec.agec_models import (
    AgecEntry,
    AgecImport,
    AgecMapping,
    AgecReminder,
    AgecYear,
)
from reuse_market.obligations.reen.reen_models import ReenLine, ReenMark

__all__ = [
    "AgecEntry", "AgecImport", "AgecMapping", "AgecReminder", "AgecYear", "ReenLine", "ReenMark",
]  # fmt: skip
