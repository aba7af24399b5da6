"""Search quality: recall@10 and mean reciprocal rank over needs whose relevance is computed from their intent."""

from __future__ import annotations

from typing import Any

import pytest

from reuse_market.catalogue import queries
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel.actor import VISITOR
from tests.catalogue.search import stock
from tests.catalogue.search.queries import HELD_OUT, STRANGER, TUNED, Intent
from tests.support.world import World

AT = 10
PARTS = ["tuned", "held-out", "stranger", "all"]
SCALES = ("grade",)  # letters in order: from one to the other


def fits(row: dict[str, Any], intent: Intent) -> bool:
    """Whether a group is what the intent asks for."""
    for name, wanted in intent.items():
        value = row.get(name)
        if name == "cheap":
            continue
        if isinstance(wanted, tuple) and isinstance(wanted[0], str) and name not in SCALES:
            if value not in wanted:
                return False
        elif isinstance(wanted, tuple):
            low, high = wanted
            if value is None or (low is not None and value < low) or (high is not None and value > high):
                return False
        elif value != wanted:
            return False
    return True


def relevant(rows: list[dict[str, Any]], intent: Intent) -> set[str]:
    """Keys of the groups that answer an intent."""
    found = [row for row in rows if fits(row, intent)]
    if intent.get("cheap"):
        limit = sorted(row["price_cents"] for row in found)[:AT][-1]
        found = [row for row in found if row["price_cents"] <= limit]
    return {row["key"] for row in found}


def judged(rows: list[dict[str, Any]], text: str, intent: Intent) -> tuple[float, float]:
    """(recall@10, reciprocal rank) of one need."""
    wanted = relevant(rows, intent)
    assert wanted, f"nothing in the stock answers {text!r}"
    shown = [group.key for group in queries.search(Filters(text=text), VISITOR, size=AT, count=False).groups]
    hits = [rank for rank, key in enumerate(shown, 1) if key in wanted]
    return len(hits) / min(AT, len(wanted)), 1 / hits[0] if hits else 0.0


@pytest.mark.parametrize("part", [TUNED, HELD_OUT, STRANGER, TUNED + HELD_OUT + STRANGER], ids=PARTS)
def test_what_is_relevant_comes_first(world: World, part: list[tuple[str, Intent]]) -> None:
    """Over three stocks; ten of what answers, and one of them at the top."""
    seller = world.reuse_actor()
    rows = stock.rows(20261122 + len(part), seller.organisation_id)
    stock.fill(rows)
    told = {text: judged(rows, text, intent) for text, intent in part}
    weak = {text: scores for text, scores in told.items() if min(scores) < 1}
    recall = sum(one for one, _ in told.values()) / len(told)
    rank = sum(one for _, one in told.values()) / len(told)
    print(len(told), recall, rank, weak)
    assert recall >= 0.95, weak
    assert rank >= 0.85, weak
