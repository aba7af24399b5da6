"""The mail of an exception granted, queued in the verb that grants it."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.notices.services import queue
from reuse_market.reservations.models import CeilingException


def exception_granted(made: CeilingException) -> None:
    """Tell the structure how many more, of what, until when, and why."""
    for address, language in accounts.addresses_of(made.organisation_id):
        facts = {
            "units": made.units, "device": equipment.kind_label(made.kind, language),
            "until": made.until.isoformat(), "reason": made.reason, "url": "/catalogue",
        }  # fmt: skip
        queue("ceiling_exception", address, language, facts, f"organisation/{made.organisation_id}")
