"""Issued papers against what the journal says of them: what `flask reconcile` says of documents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.documents.models import Document
from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.traceability import queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault

COLUMNS = ("kind", "sha256", "owner")


def documented() -> list[Fault]:
    """Each paper is the one whose fingerprint was written down when it was issued. Papers older than the first
    one written down so are not told of."""
    told = _told()
    faults, seen, since = [], set(), None
    statement = sa.select(Document.number, *(getattr(Document, name) for name in COLUMNS))
    for number, *row in session().execute(statement.order_by(Document.id)):
        said, kept = told.get(number), dict(zip(COLUMNS, row, strict=True))
        seen.add(number)
        since = since or said
        if since and kept != said:
            faults.append(Fault("document.told", f"document/{number}", f"it says {kept}, the journal {said}"))
    return faults + [
        Fault("document.told", f"document/{number}", "told, and gone")
        for number in sorted(told.keys() - seen)
    ]


def _told() -> dict[str, dict[str, Any]]:
    statement = sa.select(Event).where(Event.type == "document.issued", Event.stream.like("document/%"))
    found = {}
    with streamed(statement.order_by(Event.id)) as rows:
        for event in rows.scalars():
            facts = queries.body(event)["facts"]
            found[facts["number"]] = {name: facts[name] for name in COLUMNS}
    return found
