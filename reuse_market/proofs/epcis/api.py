"""`/lots/{ref}/epcis` and `/units/{id}/epcis`: the documents for programs."""

from __future__ import annotations

from flask import Response

from reuse_market.proofs.epcis import queries, schemas
from reuse_market.proofs.epcis.document import MEDIA_TYPE
from reuse_market.proofs.epcis.views import base, served
from reuse_market.web import rest
from reuse_market.web.access import current_actor

documents = rest.Collection("epcis", "")
collections = (documents,)


@documents.read(
    "/lots/<ref:reference>/epcis",
    rule="party",
    shape=schemas.EpcisDocumentSchema,
    media=MEDIA_TYPE,
    name="epcis",
)
def lot(reference: str) -> Response:
    """The life of a lot as an EPCIS 2.0 document, as far as this reader may read its timeline."""
    return served(queries.of_lot(reference, current_actor(), base()))


@documents.read(
    f"/units/{rest.UNIT_ID}/epcis",
    rule="party",
    shape=schemas.EpcisDocumentSchema,
    media=MEDIA_TYPE,
    name="epcis",
)
def unit(unit_id: int) -> Response:
    """The life of a unit over its lots, for who has it, and the holders and actors of those lots."""
    return served(queries.of_unit(unit_id, current_actor(), base()))
