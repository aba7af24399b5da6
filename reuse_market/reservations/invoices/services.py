"""Verbs: the seller records its invoice, the buyer confirms it or says it is wrong, the seller gives back."""

from __future__ import annotations

from datetime import date

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import acting, policy
from reuse_market.reservations.invoice_models import CreditNote, Invoice
from reuse_market.reservations.invoices import mails, queries
from reuse_market.reservations.invoices.lifecycle import FLOW, INVOICED, REASONS
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import journal

LONGEST_NUMBER = 60
MOST_CENTS = 21_000_000_00
NONE = N_("No invoice is recorded on this reservation.")
NOTHING = N_("Nothing can be done about the invoice of this reservation now.")


@command
def record(
    reference: str, *, actor: Actor, number: str, issued_on: date | None = None, net_cents: int | None = None
) -> Invoice:
    """The seller records its invoice of a confirmed reservation, or corrects it until the buyer agrees.

    By default dated today and of the amount reserved; VAT follows the reservation's scheme. Refused: who does
    not sell it; what is given or sold on a voucher; a reservation not confirmed, or over; a date before the
    reservation or to come; a number missing; less than was given back; an invoice confirmed already (Conflict).
    """
    found = acting.locked(reference)
    if not policy.seller(actor, found):
        raise refusal(lambda one: policy.seller(one, found), actor, "invoice.record.not-allowed")
    _require_billable(found)
    day = _day(issued_on, found)
    cents = queries.proposed(found) if net_cents is None else net_cents
    if not 1 <= cents <= MOST_CENTS:
        raise Invalid(N_("Enter an amount in euros, for example 180.50."), field="net_cents")
    values = {
        "number": _number(number), "issued_on": day, "net_cents": cents, "vat_scheme": found.vat_scheme,
        "vat_cents": queries.vat_of(found, cents, day), "recorded_at": clock.now(), "reason": "",
    }  # fmt: skip
    made = lock(Invoice, Invoice.reservation_id == found.id)
    if made is not None and cents < queries.credited(made)[1]:
        raise Invalid(N_("More than that was given back on this invoice already."), field="net_cents")
    if made is None:
        made = Invoice(reservation_id=found.id, state="recorded", **values)
        session().add(made)
        session().flush()
        event = "invoice.recorded"
    else:
        event = FLOW.fire("correct", made, actor, **values).event
    _tell(event, found, made, actor)
    mails.recorded(found, made)
    return made


@command
def confirm(reference: str, *, actor: Actor) -> Invoice:
    """The buyer agrees: the purchase enters its AGEC ledger (facts §0b 11). Refused: others; not to confirm."""
    found, made = _locked(reference)
    row = FLOW.fire(
        "confirm", made, actor, confirmed_on=clock.today(), confirmed_by=actor.person_id, reason=""
    )
    _tell(row.event, found, made, actor)
    mails.confirmed(found, made)
    return made


@command
def dispute(reference: str, *, actor: Actor, reason: str) -> Invoice:
    """The buyer says that it is wrong, and why (Invalid without): the seller corrects it."""
    found, made = _locked(reference)
    FLOW.require("dispute", made, actor)
    if not reason.strip():
        raise Invalid(N_("Say what is wrong, in a few words: the seller reads it."), field="reason")
    row = FLOW.fire("dispute", made, actor, reason=reason.strip()[:500])
    _tell(row.event, found, made, actor)
    mails.disputed(found, made)
    return made


@command
def credit(
    reference: str,
    units: int,
    net_cents: int,
    *,
    actor: Actor,
    number: str,
    issued_on: date | None = None,
    reason: str = "return",
) -> CreditNote:
    """The seller gives back `net_cents` for `units` devices: so much of the purchase never was.

    Refused: who did not sell; no invoice; more than is left of it; a date before it or to come.
    """
    found, made = _locked(reference)
    if not policy.seller(actor, found):
        raise refusal(lambda one: policy.seller(one, found), actor, "invoice.credit.not-allowed")
    taken_units, taken = queries.credited(made)
    if not 1 <= net_cents <= made.net_cents - taken:
        raise Invalid(N_("Give back at most what is left of the invoice."), field="net_cents")
    if not 0 <= units <= found.units - taken_units:
        raise Invalid(
            N_("Enter a number between %(min)s and %(max)s."),
            field="units",
            min=0,
            max=found.units - taken_units,
        )
    if reason not in REASONS:
        raise Invalid(N_("Choose an answer."), field="reason")
    day = issued_on or clock.today()
    if not made.issued_on <= day <= clock.today():
        raise Invalid(N_("Enter a date from that of the invoice to today."), field="issued_on")
    note = CreditNote(
        invoice_id=made.id, number=_number(number), issued_on=day, units=units, net_cents=net_cents,
        reason=reason, recorded_at=clock.now(),
    )  # fmt: skip
    session().add(note)
    session().flush()
    facts = {"reservation": found.reference, "net_cents": net_cents, "units": units, "reason": reason}
    journal.append(
        journal.Act(actor), organisation_stream(found.beneficiary_id), "invoice.credited", facts=facts
    )
    mails.credited(found, made, note)
    return note


def _locked(reference: str) -> tuple[Reservation, Invoice]:
    found = acting.locked(reference)
    made = lock(Invoice, Invoice.reservation_id == found.id)
    if made is None:
        raise NotFound(NONE)
    return found, made


def _require_billable(found: Reservation) -> None:
    if found.price_cents == 0:
        raise Invalid(N_("Nothing is invoiced for what is given."), code="invoice.gift")
    if found.voucher_id is not None:
        raise Invalid(N_("A sale to a person is not invoiced here."), code="invoice.voucher")
    if found.state not in INVOICED:
        raise Conflict(N_("Only a confirmed reservation is invoiced."), code="invoice.state")


def _day(issued_on: date | None, found: Reservation) -> date:
    day = issued_on or clock.today()
    if not found.placed_at.astimezone(PARIS).date() <= day <= clock.today():
        raise Invalid(N_("Enter a date from that of the reservation to today."), field="issued_on")
    return day


def _number(typed: str) -> str:
    number = " ".join(typed.split())
    if not 1 <= len(number) <= LONGEST_NUMBER:
        raise Invalid(N_("Enter the number of your paper, at most 60 characters."), field="number")
    return number


def _tell(event: str, found: Reservation, made: Invoice, actor: Actor) -> None:
    facts = {"reservation": found.reference, "net_cents": made.net_cents, "vat_cents": made.vat_cents or 0,
             "issued": made.issued_on.isoformat()}  # fmt: skip
    journal.append(journal.Act(actor), organisation_stream(found.beneficiary_id), event, facts=facts)
