"""What a claimant commits to before any award: the reuse commitment, and the written undertakings.

Each text is versioned: a claim keeps the version it was made under. Words are msgids, shown by the edge.
Which of them is due is `regimes`' to say (the documents of the award), never this module's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reuse_market.kernel.words import N_

# Loi REEN (2021-1485) art. 16 and décret 2023-266: equipment sold or taken back counts as reused only when the
# taker committed beforehand to reuse it and can justify afterwards that it did.
VERSION = "2026-01"
SOURCE = N_("Loi REEN (2021-1485), article 16, and décret 2023-266")
POINTS = (
    N_("We take these devices to reuse them, or to prepare them for reuse, before anything else."),
    N_("For each device we can justify what became of it: reused, dismantled for parts or recycled."),
    N_("We erase the data before a device changes hands, by the rule of this lot."),
)
TEXTS = {VERSION: POINTS}


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A written undertaking: the document it answers (regimes.words.DOCUMENTS), its version and its words."""

    document: str
    version: str
    source: str
    points: tuple[str, ...]


# CG3P L3212-2: free of charge, on condition that the taker undertakes in writing.
UNDERTAKINGS = (
    Undertaking(
        "statutory_use_undertaking",
        "statutory-2026-01",
        N_("CG3P, article L3212-2 3°"),
        (
            N_("We use these devices only for the purpose written in our statutes."),
            N_("We do not sell them, except where the law expressly allows it."),
            N_("We tell the public body that gives them if we no longer need them."),
        ),
    ),
    Undertaking(
        "no_resale_undertaking",
        "no-resale-2026-01",
        N_("CG3P, article L3212-2"),
        (N_("We do not sell these devices."),),
    ),
)
BY_VERSION = {each.version: each for each in UNDERTAKINGS}


def undertaking(documents: Collection[str]) -> Undertaking | None:
    """The undertaking that these documents of an award ask for, or None."""
    return next((each for each in UNDERTAKINGS if each.document in documents), None)
