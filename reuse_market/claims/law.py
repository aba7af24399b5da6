"""What the law says of an award: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.claims.offers import Offer
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots import conditions
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot, LotLine
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question, Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law says of a lot going to somebody: the papers where it may, why not where it may not."""

    documents: tuple[str, ...]
    refused: Refused | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What a question takes of a lot and of its parties (as regimes.parties tells them), read once."""

    lines: list[LotLine]
    giver: str
    taker: str


def read_for(lot: Lot, claimant_id: int | None) -> Read:
    """The lines of a lot, its holder and who claims, in four statements."""
    kinds = regimes.party_kinds((lot.holder_id, claimant_id or 0))
    giver, taker = (kinds.get(key or 0, "unknown") for key in (lot.holder_id, claimant_id))
    return Read(list(lots.lines(lot.id)), giver, taker)


def require_award(
    lot: Lot,
    wanted: Mapping[int, int],
    claimant_id: int | None,
    capacity: str,
    offer: Offer,
    granted: Collection[int] | None = None,
    read: Read | None = None,
) -> list[Allowed]:
    """The permission to award of these lines (`wanted`: line → units) those `granted`, all by default.

    `offer` is for all that is wanted; each line bears its share of it (conditions.shared_cents). Refused, pointing at
    the lines: Invalid with the article and what is possible instead. What is free or collected for a fee costs
    nothing to who takes it; an amount is before tax, the holder's VAT is not known.
    """
    read = read or read_for(lot, claimant_id)
    lines = [line for line in read.lines if line.number in wanted]
    total = (offer.amount_cents or 0) if offer.proposal == "pay" else 0
    prices = conditions.shared_cents(total, [(wanted[line.number], line.value_cents) for line in lines])
    priced = [
        (line, price)
        for line, price in zip(lines, prices, strict=True)
        if granted is None or line.number in granted
    ]
    return regimes.require_each(_questions(lot, priced, read, capacity), field="lines")


def require_still_allowed(claim: Claim, lot: Lot) -> list[Allowed]:
    """The law again, on the day devices go from their holder straight to who uses them: rules and evidence may have
    changed since the award. For what was awarded of the claim; Invalid with the article where it now says no."""
    rows = session().scalars(sa.select(ClaimLine).where(ClaimLine.claim_id == claim.id))
    lines = {row.line: (row.asked, row.awarded) for row in rows}
    asked = {line: wanted for line, (wanted, _given) in lines.items()}
    granted = [line for line, (_wanted, given) in lines.items() if given]
    offer = Offer(claim.proposal, claim.amount_cents)
    return require_award(lot, asked, claim.organisation_id, claim.capacity, offer, granted)


def standing(lot: Lot, claimant_id: int | None, capacity: str) -> Standing:
    """Before anybody asks: whether one line at least may go to them, and with which papers. No price said."""
    read = read_for(lot, claimant_id)
    pairs = ((line, None) for line in read.lines)
    answers = regimes.ask_each(_questions(lot, pairs, read, capacity))
    refused = next((one for one in answers if isinstance(one, Refused)), None)
    return Standing(documents(answers), refused, any(isinstance(one, Allowed) for one in answers))


def documents(answers: Iterable[Allowed | Refused]) -> tuple[str, ...]:
    """The papers of several permissions, each once, in their order."""
    return tuple(dict.fromkeys(d for one in answers if isinstance(one, Allowed) for d in one.documents))


def _questions(
    lot: Lot, priced: Iterable[tuple[LotLine, int | None]], read: Read, capacity: str
) -> list[Question]:
    """One question for each different kind, price and value. Who takes for its own use reuses nothing."""
    cases = {(line.kind, price, line.value_cents) for line, price in priced}
    return [
        Question(
            str(lot.regime), read.giver, read.giver, read.taker, "award", clock.today(), kind=kind, price_cents=price,
            value_cents=value, for_reuse=capacity == "reuse_actor",
        )
        for kind, price, value in sorted(cases, key=str)
    ]  # fmt: skip


def of_line(lot: Lot, line: LotLine, cents: int, read: Read, capacity: str) -> Allowed | Refused:
    """What the law says of one device of a line at this price (0: free) going to this claimant."""
    return regimes.ask_each(_questions(lot, [(line, cents)], read, capacity))[0]
