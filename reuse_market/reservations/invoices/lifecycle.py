"""The life of an invoice, and who may act on it. Subjects carry their parties: `Filed`."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations import policy as may
from reuse_market.reservations.invoice_models import INVOICE_STATES, Invoice
from reuse_market.reservations.models import Reservation

INVOICED = ("confirmed", "prepared", "provided")  # states of a reservation that is invoiced
REASONS = ("return", "refund", "discount", "mistake")  # why the seller gives some of it back


def _reservation(invoice: Any) -> Reservation:
    return session().get_one(Reservation, invoice.reservation_id)


def buyer(actor: Actor, invoice: Any) -> bool:
    """The organisation that bought, by somebody who commits it."""
    return may.beneficiary(actor, _reservation(invoice))


def seller(actor: Actor, invoice: Any) -> bool:
    """The reuse actor that sold."""
    return may.seller(actor, _reservation(invoice))


FLOW = Workflow[Invoice](
    "invoice",
    Invoice,
    INVOICE_STATES,
    [
        T("confirm", ["recorded"], "confirmed", buyer, "invoice.confirmed"),
        T("dispute", ["recorded"], "disputed", buyer, "invoice.disputed"),
        T("correct", ["recorded", "disputed"], "recorded", seller, "invoice.corrected"),
    ],
)
