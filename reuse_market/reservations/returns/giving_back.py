"""The money of a return: what is left of an invoice, and the credit note that reverses its AGEC entry."""

from __future__ import annotations

from datetime import date

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.invoices import services as invoicing
from reuse_market.reservations.models import Reservation

FIELDS = {"number": "credit_number", "net_cents": "credit_cents", "issued_on": "credited_on"}


def owed(found: Reservation, units: int) -> int | None:
    """What a credit note for so many units is proposed at, cents before tax; None: no invoice, or all given back."""
    invoice = invoices.of_reservation(found)
    if invoice is None:
        return None
    left = invoice.net_cents - invoices.credited(invoice)[1]
    share = (invoice.net_cents * units + found.units // 2) // found.units
    return min(left, share) or None


def credit(
    found: Reservation, units: int, *, actor: Actor, remedy: str, number: str, cents: int | None,
    issued_on: date | None,
) -> None:  # fmt: skip
    """Reverse the purchase of the units where it was invoiced; nothing to do otherwise. Invalid without a number.

    Refused as `invoicing.credit` refuses, by the fields of the return.
    """
    proposed = owed(found, units)
    if proposed is None:
        return
    if not number.strip():
        raise Invalid(
            N_("This purchase was invoiced: enter the number of your credit note."), field="credit_number"
        )
    invoice = invoices.of_reservation(found)
    left = found.units - invoices.credited(invoice)[0] if invoice else 0
    try:
        invoicing.credit(
            found.reference, min(units, left), proposed if cents is None else cents, actor=actor, number=number,
            issued_on=issued_on, reason="refund" if remedy == "refund" else "return",
        )  # fmt: skip
    except Invalid as error:
        error.field = FIELDS.get(error.field or "", error.field)
        raise
