"""The gift statement of a counter-signed pick-up: what was received, described, without a value (CGI 238 bis)."""

from __future__ import annotations

from typing import Any

from reuse_market.claims import law
from reuse_market.claims import papers as claim_papers
from reuse_market.claims.models import Claim
from reuse_market.collection import papers, queries, words
from reuse_market.collection.models import Pickup
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.db import session
from reuse_market.lots import papers as lot_papers
from reuse_market.lots.models import Lot


def issue_statement(pickup: Pickup) -> Document | None:
    """Issue the gift statement to both sides, where the law says that a gift has one; else None.

    Inside the counter-signature, or by a job for pick-ups signed before.
    """
    claim, lot = session().get_one(Claim, pickup.claim_id), session().get_one(Lot, pickup.lot_id)
    if pickup.holder_signed_at is None or "gift_statement" not in law.documents(
        claim_papers.permissions(claim, lot)
    ):
        return None
    facts = statement_facts(pickup, lot)
    if not facts["lines"]:
        return None
    document, _new = documents.issue_anew(
        "gift_statement", facts, lang="fr", owner=papers.owner(pickup), number_prefix="AD",
        readers=[pickup.holder_id, pickup.actor_id],
    )  # fmt: skip
    return document


def statement_facts(pickup: Pickup, lot: Lot) -> dict[str, Any]:
    """Donor, recipient, the day of the counter-signature, and what was taken, by line."""
    lines: list[dict[str, Any]] = [
        {"label": row.label, "units": row.taken} for row in queries.tally(pickup) if row.taken
    ]
    extras = queries.extras(pickup)
    if extras:
        off_list = {"label": {lang: words.OFF_LIST[lang] for lang in ("fr", "en")}, "units": len(extras)}
        lines.append(off_list)
    assert pickup.holder_signed_at is not None
    kinds = [unit.kind for unit in queries.sheet(pickup) if unit.outcome == "taken"]
    masses = {kind: row.mass_g for kind, row in equipment.masses(pickup.day).items()}
    told: dict[str, Any] = {
        "made_at": pickup.holder_signed_at.isoformat(),
        "giver": lot_papers.party(pickup.holder_id, queries.holder_site(pickup)),
        "taker": lot_papers.party(pickup.actor_id),
        "lot_ref": lot.reference,
        "given_on": pickup.holder_signed_at.isoformat(),
        "paper_ref": pickup.reference,
        "lines": lines,
    }
    if not extras and all(kind in masses for kind in kinds):
        told["weight_grams"] = sum(masses[kind] for kind in kinds)
    return told
