"""What the page of a quote shows beside the paper: the seller's files, the year of the need."""

from __future__ import annotations

from datetime import date
from typing import Any

from reuse_market.accounts import evidence
from reuse_market.accounts.models import Evidence
from reuse_market.kernel import files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations.ordering import attestations, promises, thresholds

ending = evidence.ending


def context(found: promises.Promise) -> dict[str, Any]:
    """The quote's facts, the seller's attestations of today, the need of the year, and what may be done."""
    terms, facts = found.terms, found.document.facts
    shown, need = [], None
    if terms is not None:
        shown = attestations.of_seller(terms.seller_id)
        need = thresholds.of_quote(terms)
    missing = attestations.missing(terms.seller_id, facts["net_cents"]) if terms is not None else []
    return {
        "found": found, "facts": facts, "terms": terms,
        "valid_until": date.fromisoformat(facts["valid_until_on"]), "attestations": shown, "kinds": attestations.KINDS,
        "missing": [attestations.KINDS[code] for code in missing], "need": need,
        "social_from": attestations.social_from(),
    }  # fmt: skip


def read(number: str, evidence_id: int, actor: Actor) -> tuple[Evidence, bytes]:
    """A file the seller of this quote shows today, for the quote's two sides. NotFound for anything else."""
    found = promises.of_number(number, actor)
    rows = attestations.of_seller(found.terms.seller_id) if found.terms is not None else []
    row = next((one for one in rows if one.id == evidence_id), None)
    if row is None:
        raise NotFound(N_("This file does not exist."))
    return row, files.get(row.sha256)
