"""Reads: the invoice of a reservation, what is proposed for a new one, those of a buyer's year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.reservations import policy, queries
from reuse_market.reservations.invoice_models import CreditNote, Invoice
from reuse_market.reservations.invoices.lifecycle import FLOW, INVOICED
from reuse_market.reservations.models import Reservation

CREDITED = sa.func.coalesce(
    sa.select(sa.func.sum(CreditNote.net_cents)).where(CreditNote.invoice_id == Invoice.id)
    .correlate(Invoice).scalar_subquery(), 0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase: the reservation, its invoice, and what its credit notes took back (cents before tax)."""

    reservation: Reservation
    invoice: Invoice
    credited_cents: int

    @property
    def net_cents(self) -> int:
        """What is left of the invoice."""
        return self.invoice.net_cents - self.credited_cents


def of_reservation(found: Reservation) -> Invoice | None:
    """The invoice of a reservation, if its seller recorded one."""
    return session().scalars(sa.select(Invoice).where(Invoice.reservation_id == found.id)).one_or_none()


def billed(found: Sequence[Reservation]) -> Mapping[int, tuple[Invoice, int]]:
    """Reservation id → its invoice and the cents its credit notes took back, for those that have one."""
    ids = [one.id for one in found if one.state != "placed"]  # none has an invoice before it is confirmed
    if not ids:
        return {}
    rows = session().execute(sa.select(Invoice, CREDITED).where(Invoice.reservation_id.in_(ids)))
    return {made.reservation_id: (made, int(cents)) for made, cents in rows}


def credits_of(invoice: Invoice | None) -> list[CreditNote]:
    """Its credit notes, oldest first."""
    if invoice is None:
        return []
    statement = sa.select(CreditNote).where(CreditNote.invoice_id == invoice.id).order_by(CreditNote.id)
    return list(session().scalars(statement))


def credited(invoice: Invoice) -> tuple[int, int]:
    """(units, cents) its credit notes took back."""
    summed = sa.select(sa.func.coalesce(sa.func.sum(CreditNote.units), 0),
                       sa.func.coalesce(sa.func.sum(CreditNote.net_cents), 0))  # fmt: skip
    units, cents = session().execute(summed.where(CreditNote.invoice_id == invoice.id)).one()
    return int(units), int(cents)


def proposed(found: Reservation) -> int:
    """The amount before tax as reserved: cents."""
    return queries.price(found).times(found.units).net_cents


def vat_of(found: Reservation, net_cents: int, on: date) -> int | None:
    """The VAT on an amount under the reservation's scheme: 0 where none is shown, None: rate not known.

    The amount as reserved has the VAT of its unit prices, so that invoice and quote agree to the cent.
    """
    if net_cents == proposed(found):
        told = catalogue.price_of(found.price_cents, found.vat_scheme, on).times(found.units)
    else:
        told = catalogue.price_of(net_cents, found.vat_scheme, on)
    return None if told.gross_cents is None else told.gross_cents - told.net_cents


def billable(found: Reservation) -> bool:
    """Sold to an organisation for a price, and confirmed at least: a gift or a voucher has no invoice here."""
    return found.state in INVOICED and found.price_cents > 0 and found.voucher_id is None


def offered(found: Reservation, actor: Actor) -> list[str]:
    """What this actor may do now: record, confirm, dispute, correct, credit."""
    return offered_on(found, actor, billed([found]).get(found.id))


def offered_on(found: Reservation, actor: Actor, told: tuple[Invoice, int] | None) -> list[str]:
    """The same; `told`: what `billed` says of the reservation."""
    if told is None:
        return ["record"] if billable(found) and policy.seller(actor, found) else []
    made, credited_cents = told
    left = made.net_cents - credited_cents
    return [*FLOW.offered(made, actor), *(["credit"] if left > 0 and policy.seller(actor, found) else [])]


def year_of(buyer_id: int, year: int) -> list[Bought]:
    """Invoices of a buyer dated in a calendar year, confirmed or not, of reservations that still hold; by date.

    A credit note counts in the year of the invoice it takes back: it says that so much was not bought.
    """
    statement = (
        sa.select(Reservation, Invoice, CREDITED)
        .join(Invoice, Invoice.reservation_id == Reservation.id)
        .where(
            Reservation.beneficiary_id == buyer_id,
            Reservation.state.in_(INVOICED),
            Invoice.issued_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(Invoice.issued_on, Invoice.id)
    )
    return [Bought(found, made, int(cents)) for found, made, cents in session().execute(statement)]


def gifts_of(buyer_id: int, year: int) -> list[Reservation]:
    """What a buyer received here free of charge in a calendar year; by date."""
    first, after = clock.at_paris(date(year, 1, 1)), clock.at_paris(date(year + 1, 1, 1))
    statement = (
        sa.select(Reservation)
        .where(Reservation.beneficiary_id == buyer_id, Reservation.state == "provided",
               Reservation.price_cents == 0, Reservation.provided_at >= first,
               Reservation.provided_at < after)
        .order_by(Reservation.provided_at, Reservation.id)
    )  # fmt: skip
    return list(session().scalars(statement))
