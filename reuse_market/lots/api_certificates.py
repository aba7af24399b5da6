"""`…:issue-erasure-certificate`: the paper that proves the erasure of a device, or of a lot's devices."""

from __future__ import annotations

from typing import Any

from reuse_market.documents.api import shown
from reuse_market.documents.listing import Row
from reuse_market.documents.models import Document
from reuse_market.documents.rendering import title_of
from reuse_market.documents.schemas import DocumentSchema
from reuse_market.documents.views import reading_language
from reuse_market.lots import certificates
from reuse_market.lots.api import LOT, lots
from reuse_market.web.access import current_actor
from reuse_market.web.rest import UNIT_ID


@lots.verb(f"{LOT}:issue-erasure-certificate", rule="waste-keeper", shape=DocumentSchema)
def issue_lot_certificate(reference: str) -> dict[str, Any]:
    """One certificate for every device of the lot with you whose erasure is proven."""
    return _shown(certificates.issue_for_lot(reference, actor=current_actor()))


@lots.verb(
    f"/units/{UNIT_ID}:issue-erasure-certificate", rule="waste-keeper", shape=DocumentSchema,
    name="issue-erasure-certificate",
)  # fmt: skip
def issue_unit_certificate(unit_id: int) -> dict[str, Any]:
    """The certificate of one device with you."""
    return _shown(certificates.issue_for_unit(unit_id, actor=current_actor()))


def _shown(made: Document) -> dict[str, Any]:
    return shown(Row(made, title_of(made.kind, made.facts, reading_language()), both=True))
