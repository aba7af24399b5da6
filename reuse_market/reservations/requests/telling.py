"""Requests in the journal: codes and numbers, on the stream of the organisation once it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.needs.telling import NOBODY
from reuse_market.reservations.requests.request_models import AssociationRequest
from reuse_market.traceability import journal


def request(
    actor: Actor, event: str, found: AssociationRequest, facts: Mapping[str, Any] | None = None
) -> None:
    """One event. Never a name, a phone, an address or a note."""
    stream = f"organisation/{found.organisation_id}" if found.organisation_id else NOBODY
    said = {"request": found.reference, "state": found.state} | dict(facts or {})
    journal.append(journal.Act(actor), stream, event, facts=said)
