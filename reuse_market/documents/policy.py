"""Who may read a paper."""

from __future__ import annotations

from reuse_market.documents.models import Document
from reuse_market.kernel.actor import Actor

OVERSEERS = ("operator", "administrator", "auditor", "system")


def may_read(document: Document, actor: Actor) -> bool:
    """True for the organisations named when it was issued, the operator, administrators, auditors."""
    if actor.has(*OVERSEERS):
        return True
    return any(actor.is_org(reader.organisation_id) for reader in document.readers)
