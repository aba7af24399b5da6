"""The commune's REEN year: what it had in stock before it came, what left elsewhere, and its sheet as a paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.obligations.reen import services

STOCK = (("laptop", 34, ""), ("monitor", 22, ""), ("desktop", 9, "over_ten"))
WHY = "Inventaire du magasin au 1er janvier, avant l’arrivée sur la plateforme"
OUTLETS: tuple[dict[str, Any], ...] = (
    {"outlet": "gift", "kind": "monitor", "units": 14, "reference": "Convention 2026-31 (démo)"},
    {"outlet": "staff", "kind": "laptop", "units": 5, "reference": "Décision 2026-44 (démo)"},
    {"outlet": "take_back", "kind": "laptop", "units": 6, "committed": True, "justified": True,
     "reference": "Contrat et relevé du repreneur (démo)"},
    {"outlet": "sale", "kind": "laptop", "units": 4, "committed": True},
)  # fmt: skip


def acts(actors: Actors, told: Told) -> list[Act]:
    """Its lines, typed yesterday, and the sheet."""
    return [Act(-1, lambda: _year(actors["public-holder"]), 18)]


def _year(body: Actor) -> None:
    today = clock.today()
    left_on = max(date(today.year, 1, 1), today - timedelta(days=30))
    for kind, units, exclusion in STOCK:
        services.add_line(
            today.year, actor=body, role="stock", kind=kind, units=units, exclusion=exclusion, reason=WHY
        )
    for line in OUTLETS:
        services.add_line(today.year, actor=body, role="outlet", left_on=left_on, **line)
    services.issue_sheet(today.year, actor=body, lang="fr")
