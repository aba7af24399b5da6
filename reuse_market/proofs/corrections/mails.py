"""The mails of a correction, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.notices.services import queue
from reuse_market.proofs.correction_models import Correction
from reuse_market.traceability.models import Event


def proposed(of: Event, found: Correction) -> None:
    """Tell the other side what is said to be wrong, and until when it answers."""
    until = found.answer_until.isoformat() if found.answer_until else ""
    _send("correction_proposed", [found.other_id], of, found, {"answer_until": until})


def closed(of: Event, found: Correction) -> None:
    """Tell both sides how it ended."""
    facts = {"outcome": found.state, "answer": found.answer}
    _send("correction_closed", [found.asked_by_id, found.other_id], of, found, facts)


def _send(
    template: str, sides: list[int | None], of: Event, found: Correction, facts: dict[str, Any]
) -> None:
    by = accounts.names([found.asked_by_id]).get(found.asked_by_id, "")
    shared = {"by": by, "note": found.note, "kind": found.kind, "url": f"/actes/{of.uid}"}
    for side in sides:
        for address, language in accounts.addresses_of(side) if side is not None else ():
            queue(template, address, language, shared | facts, f"event/{of.uid}")
