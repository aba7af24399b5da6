"""Lines of what was bought or received here, each with "counts / does not count, because…"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec import counting
from reuse_market.obligations.agec.counting import Answer, Sale
from reuse_market.regimes import words
from reuse_market.reservations import queries as reservations
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.models import Invoice, Reservation
from reuse_market.reservations.returns import kept as returned

WAITING = {
    "recorded": N_("Confirm the invoice: it does not count before."),
    "disputed": N_("You said that the invoice is wrong: the seller corrects it."),
    "none": N_("The seller has not recorded its invoice yet."),
}
CREDITED = N_("Given back by the seller.")


@dataclass(frozen=True, slots=True)
class Line:
    """A purchase or a gift made here. `net_cents`: cents before tax, what was given back taken off.

    `spent`: it is in the year's total; `counted`: in its reused part; `why`: a msgid with its params.
    """

    reference: str
    day: date
    seller: str
    what: Any  # reservations.queries.Contents, or None
    units: int
    category: str | None
    net_cents: int
    spent: bool
    counted: bool
    waits: str  # recorded | disputed | none, "" when nothing is waited for
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""


def lines(buyer_id: int, year: int) -> list[Line]:
    """The year's lines, by date: invoiced, handed over and not invoiced yet, received as gifts."""
    bought = invoices.year_of(buyer_id, year)
    waiting = _not_invoiced(buyer_id, year)
    given = invoices.gifts_of(buyer_id, year)
    found = [one.reservation for one in bought] + waiting + given
    dates = {one.reservation.id: one.invoice.issued_on for one in bought}
    days = {r.id: dates.get(r.id) or _day(r) for r in found}
    pieces = counting.of_reservations([r.reference for r in found])
    sales = [
        Sale(r.seller_id, r.price_cents, r.vat_scheme, days[r.id], pieces.get(r.reference, ())) for r in found
    ]
    told = dict(zip((r.id for r in found), counting.answers(buyer_id, sales), strict=True))
    names = accounts.names({r.seller_id for r in found})
    inside = reservations.contents([r.reference for r in found])
    made = {one.reservation.id: one for one in bought}
    back = returned.units_of([r.id for r in waiting + given])
    found = [r for r in found if back.get(r.id, 0) < r.units]  # all of it went back: nothing was received

    def line(r: Reservation) -> Line:
        return _line(r, days[r.id], names.get(r.seller_id, ""), inside.get(r.reference), told[r.id],
                     made.get(r.id), r.units - back.get(r.id, 0))  # fmt: skip

    return sorted((line(r) for r in found), key=lambda one: (one.day, one.reference))


def _line(
    r: Reservation,
    day: date,
    seller: str,
    what: Any,
    answer: Answer,
    bought: invoices.Bought | None,
    units: int,
) -> Line:
    shared: dict[str, Any] = {
        "reference": r.reference, "day": day, "seller": seller, "what": what, "units": units,
        "category": answer.category,
    }  # fmt: skip
    if r.price_cents == 0:
        why, params = (words.AGEC["gift"], {}) if answer.counts is not None else (answer.why, answer.params)
        return Line(**shared, net_cents=0, spent=False, counted=False, waits="", why=why, params=params)
    net = bought.net_cents if bought else r.price_cents * units
    state = bought.invoice.state if bought else "none"
    number = bought.invoice.number if bought else ""
    if state != "confirmed":
        return Line(**shared, net_cents=net, spent=False, counted=False, waits=state, why=WAITING[state],
                    number=number)  # fmt: skip
    if net == 0:
        return Line(**shared, net_cents=0, spent=False, counted=False, waits="", why=CREDITED, number=number)
    return Line(
        **shared, net_cents=net, spent=answer.category is not None, counted=answer.counts is True, waits="",
        why=answer.why, params=answer.params, number=number,
    )  # fmt: skip


def _not_invoiced(buyer_id: int, year: int) -> list[Reservation]:
    """Sold and handed over in the year, without an invoice here."""
    first, after = clock.at_paris(date(year, 1, 1)), clock.at_paris(date(year + 1, 1, 1))
    statement = (
        sa.select(Reservation)
        .outerjoin(Invoice, Invoice.reservation_id == Reservation.id)
        .where(
            Reservation.beneficiary_id == buyer_id, Reservation.state == "provided", Invoice.id.is_(None),
            Reservation.price_cents > 0, Reservation.provided_at >= first, Reservation.provided_at < after,
        )
    )  # fmt: skip
    return list(session().scalars(statement.order_by(Reservation.provided_at)))


def _day(r: Reservation) -> date:
    moment = r.provided_at or r.placed_at
    return moment.astimezone(PARIS).date()
