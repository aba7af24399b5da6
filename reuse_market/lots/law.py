"""What the law says of a lot: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.kernel import clock
from reuse_market.lots import conditions
from reuse_market.lots.models import Lot, LotLine
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import ANY_KIND, Allowed, Question, Refused
from reuse_market.regimes.parties import ANYONE


def require_publishable(lot: Lot, lines: Sequence[LotLine]) -> list[Allowed]:
    """The permission for each kind of device of the lot (of any kind while it has no line).

    Refused, pointing at the regime: Invalid with the article and what is possible instead; a regime that is
    not open yet. The value of one device is not asked of a lot: no rule of an open regime needs it.
    """
    regime = str(lot.regime)
    conditions.check_open(regime)
    giver = regimes.party_kind(lot.holder_id)
    kinds = sorted({line.kind for line in lines}) or [ANY_KIND]
    price, today = _unit_cents(lot, sum(line.declared for line in lines)), clock.today()
    return regimes.require_each(
        (
            Question(regime, giver, giver, ANYONE, "publish", today, kind=kind, price_cents=price)
            for kind in kinds
        ),
        field="regime",
    )


def open_regimes(holder_id: int) -> dict[str, Allowed | Refused]:
    """Each regime that lots can follow today: whether this holder may choose it, and why not."""
    known = regimes.publishable(holder_id)
    return {regime: known[regime] for regime in conditions.OPEN_REGIMES}


def _unit_cents(lot: Lot, units: int) -> int | None:
    """What is asked for one device, before tax (the holder's VAT is not known); None when proposals are."""
    if lot.regime == "gift":
        return 0
    return (lot.price_cents or 0) // units if lot.price_kind == "fixed" and units else None
