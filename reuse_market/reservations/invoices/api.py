"""`/reservations/…/invoice`: recorded by the seller, confirmed or refused by the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.reservations import queries
from reuse_market.reservations.api import RESERVATION, reservations
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.invoices import schemas, services
from reuse_market.reservations.models import Reservation
from reuse_market.web import rest, together
from reuse_market.web.access import current_actor

NAMES = {
    "record": "record-invoice", "correct": "record-invoice", "confirm": "confirm-invoice",
    "dispute": "dispute-invoice", "credit": "credit-invoice",
}  # fmt: skip
SHOWN = ("state", "number", "issued_on", "net_cents", "vat_cents", "vat_scheme", "reason", "confirmed_on")


@reservations.read(f"{RESERVATION}/invoice", rule="party", shape=schemas.InvoiceSchema, name="invoice")
def get_invoice(reference: str) -> dict[str, Any]:
    """The invoice recorded on a reservation, and its credit notes."""
    found = queries.get(reference, current_actor())
    made = invoices.of_reservation(found)
    if made is None:
        raise NotFound(services.NONE)
    return {name: getattr(made, name) for name in SHOWN} | {
        "reservation": reference,
        "credits": invoices.credits_of(made),
        "actions": list(actions_of(found, current_actor())),
        "links": {
            "self": rest.address("reservations", reference),
            "invoice": rest.address("reservations", reference, "invoice"),
            "page": f"/reservations/{reference}",
        },
    }


@reservations.verb(
    f"{RESERVATION}:record-invoice",
    rule="reuse-actor",
    body=schemas.InvoiceInput,
    shape=schemas.InvoiceSchema,
)
def record(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The seller records its invoice, or corrects it until it is confirmed."""
    queries.get(reference, current_actor())
    services.record(reference, actor=current_actor(), **values)
    return get_invoice(reference)


@reservations.verb(f"{RESERVATION}:confirm-invoice", rule="beneficiary", shape=schemas.InvoiceSchema)
def confirm(reference: str) -> dict[str, Any]:
    """The buyer agrees with the invoice."""
    queries.get(reference, current_actor())
    services.confirm(reference, actor=current_actor())
    return get_invoice(reference)


@reservations.verb(
    f"{RESERVATION}:dispute-invoice", rule="beneficiary", body=schemas.DisputeInput,
    shape=schemas.InvoiceSchema,
)  # fmt: skip
def dispute(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The buyer says what is wrong; the seller corrects it."""
    queries.get(reference, current_actor())
    services.dispute(reference, actor=current_actor(), **values)
    return get_invoice(reference)


@reservations.verb(
    f"{RESERVATION}:credit-invoice", rule="reuse-actor", body=schemas.CreditInput,
    shape=schemas.InvoiceSchema,
)  # fmt: skip
def credit(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The seller gives back some of it: so much was not bought."""
    queries.get(reference, current_actor())
    services.credit(reference, values.pop("units"), values.pop("net_cents"), actor=current_actor(), **values)
    return get_invoice(reference)


def actions_of(found: Reservation, actor: Actor) -> Sequence[str]:
    """What invoicing adds to a reservation's actions."""
    told = together.of("reservations", found, invoices.billed)
    return tuple(dict.fromkeys(NAMES[name] for name in invoices.offered_on(found, actor, told)))
