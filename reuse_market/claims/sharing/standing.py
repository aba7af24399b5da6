"""What the rule is asked: a lot's waiting claims as a problem in integers. Reads only; plain values out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import capacities as declared
from reuse_market.accounts import queries as accounts
from reuse_market.claims import law
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.claims.sharing.problem import Ask, Problem, drawn_order
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots import conditions, pages
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot, LotLine
from reuse_market.places import geo
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Refused
from reuse_market.units.models import Engagement

YEAR = timedelta(days=365)
KEPT = (None, "collected", "provided")  # outcomes of an award that count as received; None: still to collect
UNKNOWN_CAPACITY = 1000  # when nobody declares any: a load is then a number of units


@dataclass(frozen=True, slots=True)
class Claimed:
    """A waiting claim: its lines asked, those it may have, and why not the others ("" when none is refused)."""

    claim_id: int
    reference: str
    organisation_id: int
    asked: dict[int, int]
    may: frozenset[int]
    why_not: str
    received: int
    capacity: int | None
    km: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The problem of a lot, the claims behind it, and what it is known by again."""

    lot_id: int
    problem: Problem
    claims: tuple[Claimed, ...]
    ranks: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the problem as JSON."""
        told = json.dumps(self.problem.to_json(), sort_keys=True)
        return hashlib.sha256(told.encode("ascii")).hexdigest()


def waiting(lot_id: int) -> list[Claim]:
    """The claims on a lot that wait for an answer, in the order they came."""
    chosen = sa.select(Claim).where(Claim.lot_id == lot_id, Claim.state == "submitted").order_by(Claim.id)
    return list(session().scalars(chosen))


def seed_of(lot: Lot) -> int:
    """The seed of a lot's draw, known from its publication on and nobody's to choose: 31 bits of SHA-256."""
    told = f"{lot.reference}/{lot.published_at:%Y-%m-%dT%H:%M:%S}"
    return int.from_bytes(hashlib.sha256(told.encode("ascii")).digest()[:4], "big") & 0x7FFFFFFF


def read(lot_id: int) -> Standing:
    """The problem of a lot as it stands now."""
    lot = session().get_one(Lot, lot_id)
    lines = {line.number: line for line in lots.lines(lot_id)}
    left = lots.left_by_line(lot.reference)
    found = waiting(lot_id)
    ids = [claim.organisation_id for claim in found]
    kinds, capacities = regimes.party_kinds(ids), declared.capacities(ids)
    yearly = {key: one.units_per_month * 12 for key, one in capacities.items()}
    usual = sorted(yearly.values())[(len(yearly) - 1) // 2] if yearly else UNKNOWN_CAPACITY
    kms, received = _kilometres(lot, ids), _received(ids)
    farthest = max((km for km in kms.values() if km is not None), default=0)
    claims, asks = [], []
    for claim in found:
        key = claim.organisation_id
        wanted = dict(session().execute(
            sa.select(ClaimLine.line, ClaimLine.asked).where(ClaimLine.claim_id == claim.id)
        ).all())  # fmt: skip
        prices, why_not = _eligible(lot, claim, wanted, [lines[number] for number in sorted(wanted)])
        claims.append(Claimed(claim.id, claim.reference, key, wanted, frozenset(prices), why_not,
                              received.get(key, 0), yearly.get(key), kms[key]))  # fmt: skip
        km = kms[key]
        public = kinds.get(key, parties.UNKNOWN) in parties.PUBLIC
        asks.append(Ask(
            claim=claim.reference, lines={n: wanted[n] for n in sorted(prices)}, prices=prices,
            minimum=claim.minimum or 1, received=received.get(key, 0), capacity=yearly.get(key, usual),
            favoured=claim.capacity == "recipient" if lot.reserved_for == "recipients" else public,
            km=farthest if km is None else km,
        ))  # fmt: skip
    total = sum(left.values())
    problem = Problem(
        left={number: left.get(number, 0) for number in sorted(lines)}, asks=tuple(a for a in asks if a.lines),
        seed=seed_of(lot), reserved=-(-total * (lot.reserved_percent or 0) // 100), cap=lot.cap_per_actor,
        priced=lot.price_kind == "proposals",
    )  # fmt: skip
    return Standing(lot_id, problem, tuple(claims), _ranks(problem))


def _eligible(
    lot: Lot, claim: Claim, wanted: dict[int, int], lines: Sequence[LotLine]
) -> tuple[dict[int, int], str]:
    """Line → cents for one device, of the lines this claim may have; and why it may not have the others."""
    if not accounts.is_verified(claim.organisation_id):
        return {}, "suspended"
    total = (claim.amount_cents or 0) if claim.proposal == "pay" else 0
    shares = conditions.shared_cents(total, [(wanted[line.number], line.value_cents) for line in lines])
    read = law.read_for(lot, claim.organisation_id)
    prices, why_not = {}, ""
    for line, cents in zip(lines, shares, strict=True):
        answer = law.of_line(lot, line, cents, read, claim.capacity)
        if lot.price_kind == "proposals" and cents < (line.value_cents or 0):
            why_not = "below_value"
        elif isinstance(answer, Refused):
            why_not = why_not or "law"
        else:
            prices[line.number] = cents
    return prices, why_not


def _received(organisation_ids: Sequence[int]) -> dict[int, int]:
    """Organisation → units awarded to it over the last 12 months and not given back."""
    award = Engagement
    statement = (
        sa.select(award.party_id, sa.func.count())
        .where(
            award.kind == "award", award.party_id.in_(organisation_ids), award.from_at >= clock.now() - YEAR
        )
        .where(sa.or_(award.outcome.is_(None), award.outcome.in_([one for one in KEPT if one])))
        .group_by(award.party_id)
    )
    return {row[0]: row[1] for row in session().execute(statement)}


def _kilometres(lot: Lot, organisation_ids: Sequence[int]) -> dict[int, int | None]:
    """Organisation → kilometres from its first located site to the lot's, rounded up; None: not known."""
    there = pages.point_of(accounts.site(lot.site_id))
    found: dict[int, int | None] = {}
    for key in organisation_ids:
        base = pages.point_of(accounts.base_site(key))
        found[key] = None if base is None or there is None else -(-geo.between(base, there) // 1000)
    return found


def _ranks(problem: Problem) -> dict[str, dict[str, int]]:
    """Rule → claim → its rank, 1 the best, equal ones the same."""
    asks = problem.asks
    price = {
        a.claim: -Fraction(sum(a.prices[n] * count for n, count in a.lines.items()), sum(a.lines.values()))
        for a in asks
    }
    load = {a.claim: Fraction(a.received, max(1, a.capacity)) for a in asks}
    place = {claim: at for at, claim in enumerate(drawn_order(problem.seed, (a.claim for a in asks)))}
    worths: dict[str, dict[str, Any]] = {
        "price": price,
        "load": load,
        "km": {a.claim: a.km for a in asks},
        "draw": place,
    }
    return {
        rule: {claim: 1 + sum(other < mine for other in told.values()) for claim, mine in told.items()}
        for rule, told in worths.items()
    }
