"""The mails of a purchase, queued in the verb: an order is issued, a quote declined."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.notices.services import queue
from reuse_market.reservations.models import PurchaseOrder, QuoteTerms, Reservation


def ordered(found: Reservation, made: PurchaseOrder) -> None:
    """Tell the seller: the order, and what its invoice must bear."""
    names = accounts.names([found.beneficiary_id])
    facts = {
        "order": made.number, "reservation_ref": found.reference, "units": found.units,
        "buyer_name": names.get(found.beneficiary_id, ""), "siret": made.siret,
        "service_code": made.service_code, "commitment": made.commitment, "reference": made.reference,
        "url": f"/reservations/{found.reference}/commande",
    }  # fmt: skip
    for address, language in accounts.addresses_of(found.seller_id):
        queue("order_issued", address, language, facts, f"reservation/{found.reference}")


def declined(terms: QuoteTerms, units: int) -> None:
    """Tell the seller that its quote, or the `units` left of it, is not wanted."""
    names = accounts.names([terms.buyer_id])
    facts = {
        "quote": terms.number, "units": units, "buyer_name": names.get(terms.buyer_id, ""),
        "url": f"/devis/{terms.number}",
    }  # fmt: skip
    for address, language in accounts.addresses_of(terms.seller_id):
        queue("quote_declined", address, language, facts, f"quote/{terms.number}")
