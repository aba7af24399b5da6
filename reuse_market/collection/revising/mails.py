"""The mails of a revision, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.collection.models import NoteRevision
from reuse_market.collection.revising import queries
from reuse_market.notices.services import queue


def proposed(revision: NoteRevision) -> None:
    """Tell the other side what is proposed, and until when it answers."""
    other = revision.actor_id if revision.asked_by_id == revision.holder_id else revision.holder_id
    _send("revision_proposed", [other], revision, {"answer_until": revision.answer_until.isoformat()})


def escalated(revision: NoteRevision) -> None:
    """Tell both sides that the operator settles, and why."""
    _send(
        "revision_escalated", [revision.holder_id, revision.actor_id], revision, {"ground": revision.ground}
    )


def closed(revision: NoteRevision) -> None:
    """Tell both sides how it ended: who said what, and why."""
    by = accounts.names([revision.answered_by_id or 0]).get(revision.answered_by_id or 0, "")
    facts = {"outcome": revision.state, "by_name": by, "answer": revision.answer}
    _send("revision_closed", [revision.holder_id, revision.actor_id], revision, facts)


def _send(template: str, sides: list[int], revision: NoteRevision, facts: dict[str, Any]) -> None:
    seen = queries.view(revision)
    shared = {
        "revision_ref": seen.reference, "pickup_ref": seen.pickup_reference, "by": seen.asked_by,
        "reason": seen.reason, "units": sum(line.units for line in queries.lines(seen.id)),
        "url": f"/revisions/{seen.reference}",
    }  # fmt: skip
    for side in sides:
        for address, language in accounts.addresses_of(side):
            queue(template, address, language, shared | facts, f"revision/{seen.reference}")
