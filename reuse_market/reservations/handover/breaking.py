"""What to do if a device breaks: whom to call, and until when it is covered. Facts only; nothing is invented.

A consumer (here: the bearer of an orientation voucher) has the legal guarantee of conformity, two years from the
delivery (code de la consommation, L217-3); a fault that shows in the first 12 months is presumed to have been there
(L217-7, second-hand goods). Organisations have the warranty of the offer they took.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.reservations import queries
from reuse_market.reservations.models import Reservation
from reuse_market.units.models import Engagement, Unit

CONFORMITY, PRESUMPTION = "guarantee.conformity", "guarantee.presumption"


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to call, and until when. Last days included; None (0 months): no such cover, or no handover yet.

    `legal_*`: of consumers only. `phone` "": the seller gave none. `falc`: written for an association.
    """

    seller: str
    phone: str
    warranty_months: int
    warranty_until: date | None
    legal_until: date | None
    presumed_until: date | None
    consumer: bool
    falc: bool

    @property
    def covered_until(self) -> date | None:
        """The last day of the longest cover; None when there is none."""
        return max((day for day in (self.warranty_until, self.legal_until) if day), default=None)

    def covers(self, on: date | None = None) -> bool:
        """Whether that day is within it."""
        until = self.covered_until
        return until is not None and (on or clock.today()) <= until


def help_of(found: Reservation) -> Help:
    """The same for slip, pages, passport and mails."""
    seller = session().get_one(Organisation, found.seller_id)
    site = accounts.base_site(found.seller_id)
    day = found.provided_at.astimezone(PARIS).date() if found.provided_at else None
    months, consumer = warranty_of(found) if day else 0, found.voucher_id is not None
    return Help(
        seller=seller.name, phone=seller.phone or (site.contact_phone if site else ""), warranty_months=months,
        warranty_until=later(day, months) if day and months else None,
        legal_until=_legal(day, CONFORMITY) if day and consumer else None,
        presumed_until=_legal(day, PRESUMPTION) if day and consumer else None,
        consumer=consumer, falc="recipient" in accounts.roles_of(found.beneficiary_id) and not consumer,
    )  # fmt: skip


def help_of_unit(unit_id: int) -> Help | None:
    """The same for who holds a device handed over on a reservation; None for others."""
    statement = (
        sa.select(Reservation)
        .join(Engagement, sa.and_(Engagement.kind == "hold", Engagement.reference == Reservation.reference))
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(
            Unit.id == unit_id, Unit.state == "provided", Engagement.outcome == "provided",
            Unit.owner_id == Reservation.beneficiary_id,
        )
        .order_by(Engagement.id.desc())
        .limit(1)
    )  # fmt: skip
    found = session().scalars(statement).first()
    return help_of(found) if found is not None else None


def warranty_of(found: Reservation) -> int:
    """Months of the seller's own warranty, as offered on the day of the handover; 0: none."""
    if found.warranty_months is not None:
        return found.warranty_months
    return offered_months(found.reference)


def offered_months(reference: str) -> int:
    """Months of warranty its units are offered with: they are alike."""
    held = queries.held_units(reference)
    return (held[0].warranty_months if held else 0) or 0


def later(day: date, months: int) -> date:
    """The last day of so many months that begin on `day`; the end of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _legal(day: date, code: str) -> date | None:
    """The last day of a guarantee of the law in force on the day of the handover; None: no row, never a guess."""
    thousandths = rate_per_mille(code, day)
    return None if thousandths is None else later(day, thousandths // 1000)
