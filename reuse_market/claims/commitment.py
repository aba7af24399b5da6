"""The reuse commitment a claimant makes before any award.

Loi REEN (2021-1485) art. 16 and décret 2023-266: equipment sold or taken back counts as reused only when the
taker committed beforehand to reuse it and can justify afterwards that it did. The text is versioned: a claim
keeps the version it was made under. Its words are msgids, shown by the edge.
"""

from __future__ import annotations

from reuse_market.kernel.words import N_

VERSION = "2026-01"
SOURCE = N_("Loi REEN (2021-1485), article 16, and décret 2023-266")
POINTS = (
    N_("We take these devices to reuse them, or to prepare them for reuse, before anything else."),
    N_("For each device we can justify what became of it: reused, dismantled for parts or recycled."),
    N_("We erase the data before a device changes hands, by the rule of this lot."),
)
TEXTS = {VERSION: POINTS}
