"""What the law says of the price of a device on the bench: questions put to `regimes`, no rule of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.pricing import VAT, price
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question, Refused, Rules
from reuse_market.regimes.provision import ACTS, takers
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion


@dataclass(frozen=True, slots=True)
class Origin:
    """What some units of a kind came under: the regime, and the holder of their lot (None: no lot)."""

    regime: str | None
    holder_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be asked for a device that not everybody may take at any price.

    `takers`: the kinds of parties that may at the price asked about, at most at `cap_cents` (TTC) with its
    `conditions` (words.CONDITIONS). `refused` when nobody may. `given_to`: those it may be given to.
    """

    article: str
    cap_cents: int | None
    conditions: tuple[str, ...]
    takers: tuple[str, ...]
    given_to: tuple[str, ...]
    refused: Refused | None


def origins(unit_ids: Sequence[int]) -> list[Origin]:
    """The distinct origins of these units, in two statements."""
    alike = sa.select(Unit.regime, Unit.stream, Unit.kind).where(criterion(unit_ids)).distinct()
    rows = session().execute(alike).all()
    lots = sorted({row.stream.removeprefix("lot/") for row in rows if row.stream})
    holders = dict(
        session().execute(sa.select(Lot.reference, Lot.holder_id).where(Lot.reference.in_(lots))).all()
    )
    found = {Origin(r.regime, holders.get((r.stream or "").removeprefix("lot/")), r.kind) for r in rows}
    return sorted(found, key=lambda origin: (origin.kind, origin.regime or "", origin.holder_id or 0))


def require_price(unit_ids: Sequence[int], seller_id: int, price_cents: int, vat_scheme: str) -> None:
    """Refuse (Invalid on the price, with the article) a price at which nobody at all may buy these units.

    Who may is judged again, buyer by buyer, at the reservation and at the handover.
    """
    asked = price(price_cents, vat_scheme, rate_per_mille(VAT))
    if asked.free:
        return
    for question, rules in _questions(unit_ids, seller_id, asked.gross_cents):
        answers = [answer for _act, answer in takers(question, rules).values()]
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        if len(refused) == len(answers):
            raise _telling(refused).error("price_cents")


def limit(unit_ids: Sequence[int], seller_id: int, gross_cents: int | None = 1) -> Limit | None:
    """What the law limits for units at this price TTC (any price by default); None: nothing, or not known yet."""
    found = _questions(unit_ids, seller_id, gross_cents)
    limits = [_limit(question, rules) for question, rules in found]
    strict = [each for each in limits if each is not None]
    return min(strict, key=lambda each: (len(each.takers), each.cap_cents or 0)) if strict else None


def _limit(question: Question, rules: Rules) -> Limit | None:
    answers = {kind: answer for kind, (_act, answer) in takers(question, rules).items()}
    allowed = {kind: answer for kind, answer in answers.items() if isinstance(answer, Allowed)}
    capped = [answer for answer in allowed.values() if answer.cap_cents is not None]
    if len(allowed) == len(answers) and not capped:
        return None
    free = takers(replace(question, price_cents=0), rules)
    refused = None if allowed else _telling([a for a in answers.values() if isinstance(a, Refused)])
    told = next(iter(capped or allowed.values()), None)
    return Limit(
        article=told.article if told else (refused.article if refused else ""),
        cap_cents=min((a.cap_cents for a in capped if a.cap_cents is not None), default=None),
        conditions=told.conditions if told else (),
        takers=tuple(allowed),
        given_to=tuple(kind for kind, (_act, answer) in free.items() if isinstance(answer, Allowed)),
        refused=refused,
    )


def _questions(
    unit_ids: Sequence[int], seller_id: int, price_cents: int | None
) -> list[tuple[Question, Rules]]:
    """A question for each origin whose regime is known, and the rows that may answer."""
    found = [origin for origin in origins(unit_ids) if origin.regime]
    if not found:
        return []
    holders = {origin.holder_id for origin in found if origin.holder_id is not None}
    kinds, today = regimes.party_kinds(holders | {seller_id}), clock.today()
    seller = kinds.get(seller_id, parties.UNKNOWN)
    known = regimes.rules(
        today, act=list(ACTS), giver_kind=[seller], regime=sorted({o.regime or "" for o in found})
    )
    return [
        (
            Question(
                origin.regime or "", kinds.get(origin.holder_id or 0, parties.UNKNOWN), seller,
                parties.ANYONE, "resell", today, kind=origin.kind, price_cents=price_cents,
            ),
            known,
        )
        for origin in found
    ]  # fmt: skip


def _telling(refused: Sequence[Refused]) -> Refused:
    """Of several refusals the one that helps most: what to do about the price, else the commonest."""
    about_price = [each for each in refused if each.code in ("price_above_cap", "price_missing")]
    reasons = [each.code for each in refused]
    return (about_price or sorted(refused, key=lambda each: -reasons.count(each.code)))[0]
