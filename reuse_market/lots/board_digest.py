"""What is new on the board for somebody who keeps a search on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reuse_market.accounts.searches import Found, Room
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import formats
from reuse_market.kernel.actor import Actor
from reuse_market.lots import board, pages
from reuse_market.lots.board_filters import NAMES, filters_of

KINDS = 3  # told of a lot; its page tells them all
ROWS = 50


def new_lots(
    answers: Mapping[str, str], since: datetime, until: datetime, actor: Actor, language: str
) -> tuple[int, list[Found]]:
    """How many lots published between both fit the search, and the first of them, as this person sees them."""
    asked = {name: value for name, value in answers.items() if name != "new"} | {"new": "y"}
    filters = filters_of(asked, access=actor.has("reuse_actor"))
    found = board.board(actor, filters, pages.base_of(actor), size=ROWS, since=since, until=until)
    return found.total, [
        Found(card.title, _said(card, language), f"/lots/{card.reference}", card.claims_until.isoformat())
        for card in found.cards
    ]


def _said(card: board.Card, language: str) -> str:
    """« 84 ordinateurs portables, 36 écrans · Eybens »."""
    kinds = ", ".join(
        f"{formats.number(units, lang=language)} {equipment.kind_label(code, language, units)}"
        for code, units in card.kinds[:KINDS]
    )
    return f"{kinds}{'…' if len(card.kinds) > KINDS else ''} · {card.commune}"


ROOM = Room("/lots", NAMES, new_lots)
