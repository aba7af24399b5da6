"""Whether a purchase counts for AGEC, and why: questions put to `regimes`, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.regimes import agec, parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Question, Rules
from reuse_market.regimes.provision import ACTS, provision
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one origin in a purchase: regime and stream of their lot, kind, how many."""

    regime: str
    stream: str
    kind: str
    units: int


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase or what could be one: who sells at which price (HT and scheme), on which day, what."""

    seller_id: int
    price_cents: int
    vat_scheme: str
    on: date
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`counts`: True, False, or None (not known); `why` a msgid with its params; `category` a code or None."""

    category: str | None
    counts: bool | None
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)


def of_reservations(references: Sequence[str]) -> dict[str, tuple[Piece, ...]]:
    """What each reservation holds or handed over, by origin; one statement."""
    if not references:
        return {}
    statement = (
        sa.select(Engagement.reference, Unit.regime, Unit.stream, Unit.kind, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(
            Engagement.kind == "hold",
            Engagement.reference.in_(references),
            sa.or_(Engagement.outcome.is_(None), Engagement.outcome == "provided"),
        )
        .group_by(Engagement.reference, Unit.regime, Unit.stream, Unit.kind)
    )
    found: dict[str, list[Piece]] = defaultdict(list)
    for reference, regime, stream, kind, units in session().execute(statement):
        found[reference].append(Piece(regime or "", stream or "", kind, units))
    return {reference: tuple(pieces) for reference, pieces in found.items()}


def answers(buyer_id: int, sales: Sequence[Sale]) -> list[Answer]:
    """The law's answer for each sale to this buyer, in order: the same as on the group and the quote."""
    if not sales:
        return []
    holders = _holders({piece.stream for sale in sales for piece in sale.pieces})
    last = max(sale.on for sale in sales)
    known = regimes.party_kinds({buyer_id} | set(holders.values()) | {sale.seller_id for sale in sales}, last)
    asked = [_questions(sale, buyer_id, holders, known) for sale in sales]
    rules = _rules([question for questions in asked for question in questions], last)
    return [_answer(questions, rules) for questions in asked]


def _questions(
    sale: Sale, buyer_id: int, holders: Mapping[str, int], known: Mapping[int, str]
) -> list[Question]:
    price = catalogue.price_of(sale.price_cents, sale.vat_scheme, sale.on)
    return [
        Question(
            piece.regime,
            known.get(holders.get(piece.stream, 0), parties.UNKNOWN),
            known.get(sale.seller_id, parties.UNKNOWN),
            known.get(buyer_id, parties.UNKNOWN),
            "resell",
            sale.on,
            kind=piece.kind,
            price_cents=price.gross_cents,
        )
        for piece in sale.pieces
    ]


def _answer(questions: Sequence[Question], rules: Rules) -> Answer:
    """All origins together, in the words of the group and of the quote (regimes.agec)."""
    if not questions:
        return Answer(None, None, "")
    told = agec.together(provision(question, rules)[1] for question in questions)
    categories = {_category(question, rules) for question in questions}
    return Answer(categories.pop() if len(categories) == 1 else None, told.counts, told.reason, told.params)


def _category(question: Question, rules: Rules) -> str | None:
    rows = [row for row in rules.categories.get(question.kind, ()) if row.valid_from <= question.on]
    return max(rows, key=lambda row: row.valid_from).category if rows else None


def _rules(asked: Sequence[Question], last: date) -> Rules:
    return regimes.rules(
        last,
        act=list(ACTS),
        regime=sorted({question.regime for question in asked}),
        giver_kind=sorted({question.giver_kind for question in asked}),
        recipient_kind=sorted({question.recipient_kind for question in asked}),
    )


def _holders(streams: Iterable[str]) -> dict[str, int]:
    """Stream of a lot → its holder."""
    lots = sorted({stream.removeprefix("lot/") for stream in streams if stream})
    rows = session().execute(sa.select(Lot.reference, Lot.holder_id).where(Lot.reference.in_(lots)))
    return {f"lot/{reference}": holder for reference, holder in rows}
