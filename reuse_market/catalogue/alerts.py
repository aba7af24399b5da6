"""What is new in the shop window for somebody who keeps a search on it: the digest of accounts.searches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reuse_market.accounts.searches import Found, Room
from reuse_market.catalogue import queries
from reuse_market.catalogue.asked import filters_of
from reuse_market.catalogue.describing import configuration, title
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import formats
from reuse_market.kernel.actor import Actor

ROWS = 50
NAMES = (
    "text", "kind", "units", "ram", "grade", "most", "sort", "free", "brand", "cpu", "storage", "screen", "battery",
    "least", "regime", "agec", "os", "warranty", "within", "windows_11", "charger",
)  # fmt: skip


def new_offers(
    answers: Mapping[str, str], since: datetime, until: datetime, actor: Actor, language: str
) -> tuple[int, list[Found]]:
    """How many groups got units between both and fit the search, and the first of them, as this person sees them."""
    filters, base = filters_of(answers), queries.base_of(actor)
    found = queries.search(filters, actor, base, size=ROWS, since=since, until=until)
    return found.total or 0, [
        Found(
            title(equipment.kind_label(one.kind, language), one.maker, one.model), _said(one, language),
            f"/catalogue/{one.key}",
        )
        for one in found.groups
    ]  # fmt: skip


def _said(group: queries.Group, language: str) -> str:
    """« 24 × 14″, i5-8350U, 8 Go · Grenoble »."""
    parts = (configuration(group, language), group.commune)
    return f"{formats.number(group.units, lang=language)} × " + " · ".join(part for part in parts if part)


ROOM = Room("/catalogue", NAMES, new_offers)
