"""What a handover note says beyond its counts: sealed containers, and the revisions it carries."""

from __future__ import annotations

from typing import Any

from reuse_market.collection import words
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.models import Container, Pickup
from reuse_market.collection.revising import queries as revisions


def facts(pickup: Pickup, lang: str) -> dict[str, Any]:
    """`containers`: each with its seal, weight and counts; `revisions`: number, reference, who said yes, when."""
    sealed = [container(each, lang) for each in containers.of_pickup(pickup.id)]
    known = [
        {"number": each.number, "reference": each.reference, "asked_by": each.asked_by,
         "answered_by": each.answered_by, "at": each.answered_at.isoformat() if each.answered_at else "",
         "reason": each.reason}
        for each in revisions.approved(pickup.id)
    ]  # fmt: skip
    return ({"containers": sealed} if sealed else {}) | ({"revisions": known} if known else {})


def container(each: Container, lang: str) -> dict[str, Any]:
    """One container as papers and pages list it."""
    return {
        "label": f"{words.CONTAINERS[each.kind][lang]} {each.number}",
        "code": each.code,
        "seal": each.seal,
        "declared": each.declared,
        "counted": each.counted,
        "weight_grams": each.weight_g,
    }
