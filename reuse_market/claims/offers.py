"""What a claimant may propose on a lot, by the lot's regime and price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot, LotLine
from reuse_market.regimes import parties


@dataclass(frozen=True, slots=True)
class Offer:
    """What is proposed for the whole claim: `pay` or `fee` with cents HT, or `free`."""

    proposal: str
    amount_cents: int | None


def choices(lot: Lot, holder_kind: str, capacity: str = "reuse_actor") -> tuple[str, ...]:
    """The proposals a lot accepts, the usual one first.

    A fixed price is paid. A gift is free, or collected for a fee by a reuse actor where the holder chooses;
    what a public body gives or transfers is free (CG3P L3212-2). Who takes for its own use collects at its own
    cost. A sale with proposals takes any from a private holder (`holder_kind` as regimes.parties tells them). A
    rule of price, kept here: `regimes` judges a public sale against the estimated value of a device (CG3P
    L3211-18: neither free nor below it), not always told; whatever the value, free or a fee is below it.
    """
    if lot.price_kind == "fixed":
        return ("pay",)
    own_use = capacity == "recipient"
    if lot.regime in ("gift", "free_transfer", "public_transfer"):
        fee = lot.regime == "gift" and lot.award_mode == "holder_choice" and not own_use
        return ("free", "fee") if fee else ("free",)
    if own_use:
        return ("pay", "free") if parties.origin(holder_kind) == "private" else ("pay",)
    if lot.award_mode == "at_closing":  # a fee is weighed by hand, never by the rule of a share
        return ("pay", "free") if parties.origin(holder_kind) == "private" else ("pay",)
    return ("pay", "fee", "free") if parties.origin(holder_kind) == "private" else ("pay",)


def parts(lines: Sequence[LotLine], wanted: Mapping[int, int]) -> tuple[int, int]:
    """(what is asked, the whole lot), as what a fixed price is shared by.

    The estimated values where every device has one, so that no share of a fair price is below its value;
    else the number of devices.
    """
    valued = all(line.value_cents for line in lines)
    worth = {line.number: (line.value_cents or 0) if valued else 1 for line in lines}
    asked = sum(worth[number] * count for number, count in wanted.items())
    return asked, sum(worth[line.number] * line.declared for line in lines)


def share_cents(price_cents: int, units: int, declared: int) -> int:
    """The part of a lot's fixed price for `units` of its `declared` units (or their worth), in cents, half up."""
    return int((Decimal(price_cents) * units / declared).quantize(Decimal(1), ROUND_HALF_UP))


def checked(
    lot: Lot,
    holder_kind: str,
    proposal: str,
    amount_cents: int | None,
    units: int,
    declared: int,
    capacity: str = "reuse_actor",
) -> Offer:
    """The offer as kept; on a fixed price the amount is the lot's own. Invalid says what to change."""
    allowed = choices(lot, holder_kind, capacity)
    if proposal not in allowed:
        raise Invalid(_refusal(lot, proposal, holder_kind, capacity), field="proposal", code="claim.proposal")
    if lot.price_kind == "fixed":
        return Offer("pay", share_cents(lot.price_cents or 0, units, declared))
    if proposal == "free":
        return Offer("free", None)
    if not amount_cents or amount_cents < 0:
        raise Invalid(N_("Enter the amount in euros."), field="amount", code="claim.amount")
    return Offer(proposal, amount_cents)


def _refusal(lot: Lot, proposal: str, holder_kind: str, capacity: str) -> str:
    if lot.price_kind == "fixed":
        return N_("This lot has a fixed price: that is what you pay.")
    if capacity == "recipient" and proposal == "fee":
        return N_("Who takes devices for its own use asks for no fee.")
    if lot.regime == "gift" and proposal == "pay":
        return N_("This lot is a gift: nothing is paid for it. Ask for it free of charge.")
    if lot.regime == "gift":
        return N_("This lot is given on a first-come basis: no fee can be asked for it.")
    if lot.regime in ("free_transfer", "public_transfer"):
        return N_("What a public body gives is free: nothing is paid for it, on either side.")
    if parties.origin(holder_kind) != "private":
        return N_("A public body gives away only as CG3P article L3212-2 allows: propose an amount to pay.")
    return N_("Choose an answer.")
