"""The mails of an invoice, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.notices.services import queue
from reuse_market.reservations.invoice_models import CreditNote, Invoice
from reuse_market.reservations.models import Reservation


def recorded(found: Reservation, made: Invoice) -> None:
    """Ask the buyer to confirm, or to say what is wrong."""
    _send("invoice_recorded", found.beneficiary_id, found, made, {})


def confirmed(found: Reservation, made: Invoice) -> None:
    """Tell the seller that the buyer agrees."""
    _send("invoice_confirmed", found.seller_id, found, made, {})


def disputed(found: Reservation, made: Invoice) -> None:
    """Tell the seller what is wrong by the buyer."""
    _send("invoice_disputed", found.seller_id, found, made, {"reason": made.reason})


def credited(found: Reservation, made: Invoice, note: CreditNote) -> None:
    """Tell the buyer what the seller gives back."""
    facts = {"credit_number": note.number, "credit_cents": note.net_cents, "units": note.units}
    _send("invoice_credited", found.beneficiary_id, found, made, facts)


def _send(template: str, to_id: int, found: Reservation, made: Invoice, details: dict[str, Any]) -> None:
    names = accounts.names([found.beneficiary_id, found.seller_id])
    facts = details | {
        "reservation_ref": found.reference,
        "number": made.number,
        "issued_on": made.issued_on.isoformat(),
        "net_cents": made.net_cents,
        "buyer_name": names.get(found.beneficiary_id, ""),
        "seller_name": names.get(found.seller_id, ""),
        "url": f"/reservations/{found.reference}",
    }
    for address, language in accounts.addresses_of(to_id):
        queue(template, address, language, facts, f"reservation/{found.reference}")
