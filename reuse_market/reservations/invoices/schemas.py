"""Invoices as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.invoices.lifecycle import REASONS
from reuse_market.reservations.invoices.services import LONGEST_NUMBER, MOST_CENTS
from reuse_market.web.fields import Asked, Cents, Choice, Day, Schema, Shown, Text, Whole, fields, maybe


class InvoiceInput(Asked):
    """The seller's invoice. Left out: today, and the amount as reserved."""

    number = Text(LONGEST_NUMBER, 1, required=True)
    issued_on = Day()
    net_cents = Cents(MOST_CENTS)


class DisputeInput(Asked):
    """Why the buyer does not agree."""

    reason = Text(500, 1, required=True)


class CreditInput(Asked):
    """A credit note of the seller."""

    number = Text(LONGEST_NUMBER, 1, required=True)
    issued_on = Day()
    units = Whole(0, 500, required=True)
    net_cents = Cents(MOST_CENTS, required=True)
    reason = Choice(REASONS, load_default="return")


class CreditNoteSchema(Schema):
    """A credit note."""

    number = fields.String(required=True)
    issued_on = fields.Date()
    units = fields.Integer()
    net_cents = fields.Integer()
    reason = fields.String()


class InvoiceSchema(Shown):
    """The invoice of a reservation. Cents; `vat_cents` null: the rate is not known."""

    reservation = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "recorded, confirmed or disputed."})
    number = fields.String()
    issued_on = fields.Date()
    net_cents = fields.Integer()
    vat_cents = maybe(fields.Integer)
    vat_scheme = fields.String()
    reason = fields.String()
    confirmed_on = maybe(fields.Date)
    credits = fields.List(fields.Nested(CreditNoteSchema))
