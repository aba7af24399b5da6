"""The gift statement of what was handed over free of charge: described, without a value (CGI 238 bis)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.lots import papers as lot_papers
from reuse_market.reservations import slip
from reuse_market.reservations.models import Reservation

KIND = "gift_statement"


def issue_statement(found: Reservation, asked: Collection[str]) -> Document | None:
    """Inside the handover: issue the statement to both sides where the law asks for one (`asked`), else None."""
    if KIND not in asked or found.provided_at is None:
        return None
    labels = Counter(unit["label"] for unit in slip.facts(found, "fr")["units"])
    facts = {
        "made_at": found.provided_at.isoformat(),
        "giver": lot_papers.party(found.seller_id),
        "taker": lot_papers.party(found.beneficiary_id),
        "given_on": found.provided_at.isoformat(),
        "paper_ref": found.reference,
        "lines": [{"label": label, "units": units} for label, units in labels.items()],
    }
    document, _new = documents.issue_anew(
        KIND, facts, lang="fr", owner=slip.owner(found.reference), number_prefix="AD",
        readers=[found.beneficiary_id, found.seller_id],
    )  # fmt: skip
    return document
