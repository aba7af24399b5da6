"""What the room writes to people."""

from __future__ import annotations

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
