"""What the law says of a lot: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.fleets.decisions import must_decide
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes import words as law_words
from reuse_market.regimes.cases import ANY_KIND, Allowed, Question, Refused
from reuse_market.regimes.decision import amount
from reuse_market.regimes.parties import ANYONE
from reuse_market.units.models import Unit

Answer = Allowed | Refused
TAKERS = (*parties.PRIVATE, *parties.PUBLIC, "teaching_body")  # organisations a lot may go to
_TOLD = {  # refusals that turn on a line's value: told with the line's name and its value
    "value_unknown": N_(
        "Line %(line)s, %(label)s: estimate the value of one device first, it decides whether it may be given"
        " (%(article)s)."
    ),
    "value_above_cap": N_(
        "Line %(line)s, %(label)s: one device is worth %(value)s, more than %(cap)s: it may not be given"
        " (%(article)s)."
    ),
}
_TOO_CHEAP = N_(
    "The price of the lot, %(price)s, is under the estimated value of its devices, %(value)s: a public body"
    " does not sell under the value (%(article)s)."
)


@dataclass(frozen=True, slots=True)
class Takers:
    """Whom the law lets take something of a lot, and whom not: party kind → the answer."""

    allowed: dict[str, Allowed]
    refused: dict[str, Refused]


def require_choosable(lot: Lot, lines: Sequence[LotLine]) -> list[Answer]:
    """The permission to choose the draft's regime, whatever its devices are worth; Invalid (field regime)
    with the article and what is possible instead."""
    giver, today = regimes.party_kind(lot.holder_id), clock.today()
    kinds = sorted({line.kind for line in lines}) or [ANY_KIND]
    regime = str(lot.regime)
    asked = (
        Question(regime, giver, giver, ANYONE, "publish", today, kind=kind, value_cents=0) for kind in kinds
    )
    return list(regimes.require_each(asked, field="regime"))


def publication(lot: Lot, lines: Sequence[LotLine]) -> list[tuple[LotLine, Answer]]:
    """What the law says of publishing each line, with its estimated value and its share of the price."""
    giver, today = regimes.party_kind(lot.holder_id), clock.today()
    prices = unit_prices(lot, lines)
    answers = regimes.ask_each(
        Question(
            str(lot.regime), giver, giver, ANYONE, "publish", today,
            kind=line.kind, price_cents=prices[line.number], value_cents=line.value_cents,
        )
        for line in lines
    )  # fmt: skip
    return list(zip(lines, answers, strict=True))


def refusals(lot: Lot, lines: Sequence[LotLine]) -> list[Invalid]:
    """Why a draft may not be published under its regime, one refusal each; empty: it may."""
    told = [_told(lot, lines, line, no) for line, no in publication(lot, lines) if isinstance(no, Refused)]
    return list({str(error): error for error in told}.values())


def require_publishable(lot: Lot, lines: Sequence[LotLine]) -> None:
    """Refused: Invalid naming the line, its value and the article, and what is possible instead."""
    for error in refusals(lot, lines):
        raise error


def open_regimes(holder_id: int) -> dict[str, Answer]:
    """Each regime that lots can follow: whether this holder may choose it, and why not."""
    known = regimes.publishable(holder_id)
    return {regime: known[regime] for regime in conditions.OPEN_REGIMES}


def is_public_body(organisation_id: int | None) -> bool:
    """Whether an organisation is a public person before the law."""
    return organisation_id is not None and regimes.party_kind(organisation_id) in parties.PUBLIC


def require_public_taker(lot: Lot, lines: Sequence[LotLine]) -> None:
    """Refuse to keep a lot for public bodies when the law lets none of them take it."""
    if lot.regime is None or any(kind in parties.PUBLIC for kind in takers(lot, lines, valued=False).allowed):
        return
    raise Invalid(
        N_("No public body may take a lot under this regime: it cannot be kept for them first."),
        field="public_first_days",
        code="lot.public-first-nobody",
        instead=(law_words.INSTEAD["transfer_to_public_body"],),
    )


def takers(lot: Lot, lines: Sequence[LotLine], *, valued: bool = True) -> Takers:
    """Who may take one line at least (`valued` False: were nothing worth anything); `refused` says why not."""
    giver, today = regimes.party_kind(lot.holder_id), clock.today()
    cases = _cases(lot, lines, valued)
    answers = iter(
        regimes.ask_each(
            Question(str(lot.regime), giver, giver, taker, "award", today, kind, price, value)
            for taker in TAKERS
            for kind, price, value in cases
        )
    )
    found = {taker: [next(answers) for _case in cases] for taker in TAKERS}
    told = {taker: next((one for one in said if one.allowed), said[0]) for taker, said in found.items()}
    return Takers(
        {taker: answer for taker, answer in told.items() if isinstance(answer, Allowed)},
        {taker: answer for taker, answer in told.items() if isinstance(answer, Refused)},
    )


def entitled(lots: Iterable[tuple[Lot, Sequence[LotLine]]], organisation_id: int) -> dict[int, Answer]:
    """Lot id → what the law says of an award to this organisation: allowed as soon as one line is."""
    pairs = [(lot, lines) for lot, lines in lots if lot.regime is not None]
    kinds = regimes.party_kinds([organisation_id, *(lot.holder_id for lot, _lines in pairs)])
    taker, today = kinds.get(organisation_id, parties.UNKNOWN), clock.today()
    asked = []
    for lot, lines in pairs:
        giver = kinds.get(lot.holder_id, parties.UNKNOWN)
        for kind, price, value in _cases(lot, lines, valued=True):
            question = Question(str(lot.regime), giver, giver, taker, "award", today, kind, price, value)
            asked.append((lot.id, question))
    found: dict[int, Answer] = {}
    for (lot_id, _question), answer in zip(
        asked, regimes.ask_each(question for _id, question in asked), strict=True
    ):
        if isinstance(answer, Allowed) or lot_id not in found:
            found[lot_id] = answer
    return found


def unit_prices(lot: Lot, lines: Sequence[LotLine]) -> dict[int, int | None]:
    """Line number → what is asked for one device, before tax (the holder's VAT is not known).

    None while proposals are asked; a fixed price is shared by value (conditions.shared_cents).
    """
    if lot.regime in conditions.FREE_REGIMES:
        return {line.number: 0 for line in lines}
    if lot.price_kind != "fixed" or lot.price_cents is None:
        return {line.number: None for line in lines}
    shares = conditions.shared_cents(lot.price_cents, [(line.declared, line.value_cents) for line in lines])
    return {line.number: share for line, share in zip(lines, shares, strict=True)}


def _cases(lot: Lot, lines: Sequence[LotLine], valued: bool) -> list[tuple[str, int | None, int | None]]:
    """The different (kind, price, value) of the lot's lines."""
    prices = unit_prices(lot, lines)
    found = {(line.kind, prices[line.number], line.value_cents if valued else 0) for line in lines}
    return sorted(found, key=str) or [(ANY_KIND, 0 if lot.regime in conditions.FREE_REGIMES else None, 0)]


def _told(lot: Lot, lines: Sequence[LotLine], line: LotLine, refused: Refused) -> Invalid:
    """The refusal of a line, as its holder should hear it."""
    code, instead = f"regime.{refused.code}", tuple(law_words.INSTEAD[name] for name in refused.instead)
    if refused.code == "below_value":
        worth = sum(one.declared * (one.value_cents or 0) for one in lines)
        return Invalid(
            _TOO_CHEAP, field="price_cents", code=code, instead=instead,
            price=amount(lot.price_cents or 0), value=amount(worth), article=refused.article,
        )  # fmt: skip
    if refused.code not in _TOLD:
        return refused.error("regime")
    params = {"line": line.number, "label": line.label, "article": refused.article}
    if refused.code == "value_above_cap":
        params |= {"value": amount(line.value_cents or 0), "cap": refused.params["cap"]}
    return Invalid(_TOLD[refused.code], field="lines", code=code, instead=instead, **params)


def still_in_use(lot_id: int) -> list[int]:
    """The fleet units of a draft that its publication would discard; a public holder says by which decision."""
    chosen = (
        sa.select(Unit.id)
        .join(LotItem, LotItem.unit_id == Unit.id)
        .join(LotLine, LotLine.id == LotItem.line_id)
        .where(LotLine.lot_id == lot_id, Unit.state == "in_use")
    )
    return list(session().scalars(chosen.order_by(Unit.id)))


def awaiting_decision(lot: Lot) -> int:
    """How many devices of a draft a public holder has to discard by decision (CG3P L3211-18); 0 for others."""
    return len(still_in_use(lot.id)) if must_decide(lot.holder_id) else 0
