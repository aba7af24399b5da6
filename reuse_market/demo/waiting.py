"""Two structures wait for what nobody has ready: their places in the list, in order."""

from __future__ import annotations

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.reservations.waiting import services as waiting


def acts(actors: Actors, _told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    first, second = actors["recipient"], actors["obliged-buyer"]
    strong = waiting.Wanted(ram_gb=32)
    return [
        Act(-4, lambda: waiting.join("laptop", 6, actor=first, wanted=strong, fewer=True), 14),
        Act(-2, lambda: waiting.join("laptop", 20, actor=second, wanted=strong), 15),
    ]
