"""`/documents`: the papers an organisation may read."""

from __future__ import annotations

import base64
from typing import Any

from reuse_market.documents import listing, queries, schemas
from reuse_market.documents.listing import Row
from reuse_market.documents.views import reading_language
from reuse_market.web import rest
from reuse_market.web.access import current_actor

documents = rest.Collection(
    "documents", "Papers issued on lots, claims, pick-ups and reservations: PDF, verifiable."
)
collections = (documents,)


@documents.read(
    "/documents", rule="signed-in", shape=schemas.DocumentSchema, listed=True, query=schemas.DocumentQuery
)
def list_documents(query: dict[str, Any]) -> dict[str, Any]:
    """The papers the organisation may read, the newest first, older versions included."""
    limit, after = query["limit"], rest.after(query["cursor"])
    rows = listing.readable_page(
        current_actor(), reading_language(), owner=query["owner"], after=after, limit=limit
    )
    return rest.page(rows, limit, lambda row: row.document.id, shown)


@documents.read(
    "/documents/<ref:reference>", rule="signed-in", shape=schemas.DocumentFileSchema, query=schemas.ReadQuery
)
def get_document(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """One paper with its file."""
    document = queries.readable(reference, current_actor())
    lang = query.get("lang", document.lang)
    data = queries.content_in(document, lang)
    row = Row(document, document.title, both=False)
    return shown(row) | {"pdf": base64.b64encode(data).decode()}


def shown(row: Row) -> dict[str, Any]:
    """A paper in a list."""
    document = row.document
    names = (
        "number", "kind", "owner", "lang", "made_at", "size", "sha256", "verification_code", "superseded_by",
    )  # fmt: skip
    links = {
        "self": rest.address("documents", document.number), "page": f"/documents/{document.number}.pdf",
        "verification": f"/verification/{document.verification_code}",
    }  # fmt: skip
    return {name: getattr(document, name) for name in names} | {
        "title": row.title, "actions": [], "links": links,
    }  # fmt: skip
