"""The mails of a request, in plain language, queued in the command that causes them.

Without an address nothing leaves: the operator calls, and nothing is lost.
"""

from __future__ import annotations

from reuse_market.notices.services import queue
from reuse_market.reservations.requests import links, queries
from reuse_market.reservations.requests.request_models import AssociationRequest


def received(found: AssociationRequest) -> None:
    """Its request is here, who calls and when, its personal link."""
    _send("request_received", found)


def announced(found: AssociationRequest) -> None:
    """How many devices there are, the day and the place."""
    _send("request_found", found)


def ended(found: AssociationRequest) -> None:
    """It is over, and how."""
    _send("request_ended", found)


def _send(template: str, found: AssociationRequest) -> None:
    if not found.email:
        return
    told = queries.standing(found)
    facts = {
        "stage": told.stage, "units": told.units or 0, "call_by": found.call_by.isoformat(),
        "has_phone": bool(found.phone), "come_on": told.come_on.isoformat() if told.come_on else "",
        "come_at": list(told.come_at), "come_between": told.way.between(found.language),
        "come_hours": told.way.said, "come_phone": told.way.phone, "url": links.make_link(found),
    }  # fmt: skip
    queue(template, found.email, found.language, facts, f"request/{found.reference}")
