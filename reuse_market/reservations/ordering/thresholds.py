"""What a public buyer has bought of one need this year, beside the threshold of public purchasing. Never blocks.

A homogeneous need is taken as the AGEC category of the kind (the buyer's own list may cut otherwise); only what was
reserved on this platform is counted, what was bought elsewhere is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock
from reuse_market.kernel.clock import at_paris
from reuse_market.kernel.dated import in_force
from reuse_market.kernel.db import session
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.models import AgecCategory, PurchaseThreshold
from reuse_market.reservations.models import QuoteTerms, Reservation
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class YearOfNeed:
    """Cents before tax reserved or received this year, and the threshold in force (None: not provided)."""

    category: str
    year: int
    cents: int
    threshold_cents: int | None
    source: str
    confidence: str
    since: date | None


def concerns(organisation_id: int) -> bool:
    """Whether public purchasing binds this organisation."""
    return "obliged_buyer" in accounts.roles_of(organisation_id) or (
        regimes.party_kind(organisation_id) in parties.PUBLIC
    )


def of_need(buyer_id: int, kind: str) -> YearOfNeed | None:
    """The buyer's year for the need of this kind of device; None where the kind has no category, or it is private."""
    category = regimes.agec_category(kind)
    if category is None or not concerns(buyer_id):
        return None
    year = clock.today().year
    row = in_force(PurchaseThreshold, code="need.year")
    return YearOfNeed(
        category, year, _bought(buyer_id, category, year), row.cents if row else None,
        row.source if row else "", row.confidence if row else "", row.valid_from if row else None,
    )  # fmt: skip


def of_quote(terms: QuoteTerms) -> YearOfNeed | None:
    """`of_need` for the customer of a quote and what it is for."""
    return of_need(terms.buyer_id, session().get_one(Unit, terms.sample_id).kind)


def _bought(buyer_id: int, category: str, year: int) -> int:
    kinds = sa.select(AgecCategory.kind).where(AgecCategory.category == category)
    statement = (
        sa.select(sa.func.coalesce(sa.func.sum(Reservation.price_cents), 0))
        .select_from(Reservation)
        .join(Engagement, sa.and_(Engagement.kind == "hold", Engagement.reference == Reservation.reference))
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(
            Reservation.beneficiary_id == buyer_id, Reservation.placed_at >= at_paris(date(year, 1, 1)),
            Unit.kind.in_(kinds), sa.or_(Engagement.outcome.is_(None), Engagement.outcome == "provided"),
        )
    )  # fmt: skip
    return int(session().scalar(statement) or 0)
