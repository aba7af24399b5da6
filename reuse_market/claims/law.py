"""What the law says of an award: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Collection

from reuse_market.claims.offers import Offer
from reuse_market.kernel import clock
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question


def require_award(
    lot: Lot, numbers: Collection[int], claimant_id: int | None, offer: Offer, units: int
) -> list[Allowed]:
    """The permission to award these lines of the lot; `offer` is for all the `units` of the claim.

    Refused, pointing at the lines: Invalid with the article and what is possible instead. What is free or
    collected for a fee costs nothing to who takes it; an amount is before tax, the holder's VAT is not known.
    """
    kinds = regimes.party_kinds((lot.holder_id, claimant_id or 0))
    giver, taker = (kinds.get(key or 0, "unknown") for key in (lot.holder_id, claimant_id))
    price = (offer.amount_cents or 0) // units if offer.proposal == "pay" and units else 0
    today = clock.today()
    return regimes.require_each(
        (
            # for_reuse: only a reuse actor claims (policy.may_claim)
            Question(
                str(lot.regime),
                giver,
                giver,
                taker,
                "award",
                today,
                kind=kind,
                price_cents=price,
                for_reuse=True,
            )
            for kind in sorted({line.kind for line in lots.lines(lot.id) if line.number in numbers})
        ),
        field="lines",
    )
