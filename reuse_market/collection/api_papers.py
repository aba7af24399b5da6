"""`:issue-documents` on a claim or a lot: the papers that are missing or whose facts have changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from marshmallow import fields

from reuse_market.claims import papers as claim_papers
from reuse_market.claims.queries import ClaimView
from reuse_market.collection.api import pickups
from reuse_market.documents.api import shown
from reuse_market.documents.listing import Row
from reuse_market.documents.models import Document
from reuse_market.documents.rendering import title_of
from reuse_market.documents.schemas import DocumentSchema
from reuse_market.documents.views import reading_language
from reuse_market.kernel.actor import Actor
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import policy as lot_policy
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.web.access import current_actor
from reuse_market.web.fields import Schema


class IssuedDocumentsSchema(Schema):
    """The papers now in force that were issued."""

    documents = fields.List(fields.Nested(DocumentSchema), required=True)


@pickups.verb(
    "/claims/<ref:reference>:issue-documents",
    rule="party",
    shape=IssuedDocumentsSchema,
    name="issue-documents",
)
def issue_claim_documents(reference: str) -> dict[str, Any]:
    """Issue the deeds of an awarded claim: agreement, undertaking, annex, erasure mandate, as the law asks."""
    return _issued(claim_papers.issue_deeds(reference, actor=current_actor()))


@pickups.verb(
    "/lots/<ref:reference>:issue-documents",
    rule="holder",
    shape=IssuedDocumentsSchema,
    name="issue-documents",
)
def issue_lot_documents(reference: str) -> dict[str, Any]:
    """Issue the annex to the holder's decision on a lot."""
    lots.seen(reference, current_actor())
    return _issued([lot_papers.issue_annex(reference, actor=current_actor())])


def claim_actions(view: ClaimView, actor: Actor) -> Sequence[str]:
    """What the papers add to a claim's actions."""
    side = actor.is_org(view.holder_id) or actor.is_org(view.organisation_id)
    return ("issue-documents",) if side and view.stage in ("to_collect", "collected") else ()


def lot_actions(lot: Lot, actor: Actor) -> Sequence[str]:
    """What the papers add to a lot's actions."""
    if not lot_policy.holder(actor, lot) or (lot.published_at is None and lot.state != "draft"):
        return ()
    known: dict[str, bool] = g.setdefault("annexed_regimes", {})  # a list asks the law once a regime
    if lot.regime not in known:
        known[str(lot.regime)] = lot_papers.has_annex(lot)
    return ("issue-documents",) if known[str(lot.regime)] else ()


def _issued(made: list[Document]) -> dict[str, Any]:
    lang = reading_language()
    rows = [Row(each, title_of(each.kind, each.facts, lang), both=True) for each in made]
    return {"documents": [shown(row) for row in rows]}
