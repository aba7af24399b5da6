"""What the room writes to people."""

from __future__ import annotations

from datetime import date

from reuse_market.accounts import queries as accounts
from reuse_market.lots.models import Lot
from reuse_market.notices.services import queue


def lot_expired(lot: Lot, units: int) -> None:
    """To the holder's people: nobody asked in time for `units` devices; inside the caller's command."""
    facts = {
        "lot_ref": lot.reference,
        "lot_title": lot.title,
        "units": units,
        "claims_until": lot.claims_until.isoformat() if lot.claims_until else "",
        "url": f"/lots/{lot.reference}",
    }
    for address, language in accounts.addresses_of(lot.holder_id):
        queue("lot_expired", address, language, facts, about=f"lot/{lot.reference}")


def plan_overdue(lot: Lot, last_day: date) -> None:
    """To the holder's people: the month of their announcement is over; inside the caller's command."""
    _tell_holder("lot_plan_overdue", lot, {"last_day": last_day.isoformat()})


def plan_expired(lot: Lot) -> None:
    """To the holder's people: their announcement has ended, long after its month; inside the caller's command."""
    _tell_holder("lot_plan_expired", lot, {})


def _tell_holder(template: str, lot: Lot, more: dict[str, str]) -> None:
    facts = {"lot_ref": lot.reference, "lot_title": lot.title, "url": f"/lots/{lot.reference}"} | more
    for address, language in accounts.addresses_of(lot.holder_id):
        queue(template, address, language, facts, about=f"lot/{lot.reference}")
