"""What a claimant may propose on a lot, by the lot's regime and price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.regimes import parties


@dataclass(frozen=True, slots=True)
class Offer:
    """What is proposed for the whole claim: `pay` or `fee` with cents HT, or `free`."""

    proposal: str
    amount_cents: int | None


def choices(lot: Lot, holder_kind: str) -> tuple[str, ...]:
    """The proposals a lot accepts, the usual one first.

    A fixed price is paid. A gift is free, or collected for a fee where the holder chooses. A sale with
    proposals takes any from a private holder (`holder_kind` as regimes.parties tells them). A rule of price,
    kept here: `regimes` judges a public sale against the estimated value of a device (CG3P L3211-18: neither
    free nor below it), which a lot does not carry yet; whatever the value, free or a fee is below it.
    """
    if lot.price_kind == "fixed":
        return ("pay",)
    if lot.regime == "gift":
        return ("free",) if lot.award_mode == "first_come" else ("free", "fee")
    return ("pay", "fee", "free") if parties.origin(holder_kind) == "private" else ("pay",)


def share_cents(price_cents: int, units: int, declared: int) -> int:
    """The part of a lot's fixed price for `units` of its `declared` units, in cents, half up."""
    return int((Decimal(price_cents) * units / declared).quantize(Decimal(1), ROUND_HALF_UP))


def checked(
    lot: Lot, holder_kind: str, proposal: str, amount_cents: int | None, units: int, declared: int
) -> Offer:
    """The offer as kept; on a fixed price the amount is the lot's own. Invalid says what to change."""
    allowed = choices(lot, holder_kind)
    if proposal not in allowed:
        raise Invalid(_refusal(lot, proposal, holder_kind), field="proposal", code="claim.proposal")
    if lot.price_kind == "fixed":
        return Offer("pay", share_cents(lot.price_cents or 0, units, declared))
    if proposal == "free":
        return Offer("free", None)
    if not amount_cents or amount_cents < 0:
        raise Invalid(N_("Enter the amount in euros."), field="amount", code="claim.amount")
    return Offer(proposal, amount_cents)


def _refusal(lot: Lot, proposal: str, holder_kind: str) -> str:
    if lot.price_kind == "fixed":
        return N_("This lot has a fixed price: that is what you pay.")
    if lot.regime == "gift" and proposal == "pay":
        return N_("This lot is a gift: nothing is paid for it. Ask for it free of charge.")
    if lot.regime == "gift":
        return N_("This lot is given on a first-come basis: no fee can be asked for it.")
    if parties.origin(holder_kind) != "private":
        return N_("A public body gives away only as CG3P article L3212-2 allows: propose an amount to pay.")
    return N_("Choose an answer.")
