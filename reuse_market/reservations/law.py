"""What the law says of a provision: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.pricing import Price
from reuse_market.kernel import clock
from reuse_market.refurbishing.law import Origin, origins
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question, Refused, Rules, Voucher
from reuse_market.regimes.parties import UNKNOWN
from reuse_market.regimes.provision import ACTS, provision
from reuse_market.reservations.models import Reservation

PERSON = "precarious_person"
UNDERTAKING = "_undertaking"  # how the documents that are a promise end (regimes.words.DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Permission:
    """What a provision is: the act, and what the law demands of it, all origins together."""

    act: str
    answers: tuple[Allowed, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """Papers the law asks for (words.DOCUMENTS), without doubles."""
        return tuple(dict.fromkeys(code for answer in self.answers for code in answer.documents))

    @property
    def undertakings(self) -> tuple[str, ...]:
        """Those that the beneficiary promises when it signs."""
        return tuple(code for code in self.documents if code.endswith(UNDERTAKING))

    @property
    def strictest(self) -> Allowed:
        """The answer with the lowest cap, or the first."""
        capped = [answer for answer in self.answers if answer.cap_cents is not None]
        return min(capped, key=lambda answer: answer.cap_cents or 0) if capped else self.answers[0]


def of_reservation(found: Reservation, unit_ids: Sequence[int]) -> Permission | Refused:
    """What the law says of these units going to the beneficiary at the reservation's price."""
    price = catalogue.price_of(found.price_cents, found.vat_scheme)
    return ask(origins(unit_ids), found.seller_id, found.beneficiary_id, price)


def require_provision(found: Reservation, unit_ids: Sequence[int], *, field: str | None = None) -> Permission:
    """`of_reservation`, or Invalid with the article and what is possible instead.

    A device keeps what its first holder let it go under: the regime and that holder's kind decide, device by
    device. What may not be resold but may at a solidarity price is asked as that (CG3P L3212-2 3°). Eight
    statements, however many.
    """
    return allowed(of_reservation(found, unit_ids), field)


def require_sale_to_person(
    unit_id: int, seller_id: int, price: Price, voucher: Voucher, *, field: str | None = None
) -> Permission:
    """The permission to pass a unit on to whoever presents this voucher, or Invalid with the article."""
    return allowed(ask(origins([unit_id]), seller_id, None, price, voucher=voucher), field)


def ask(
    found: Sequence[Origin],
    seller_id: int,
    beneficiary_id: int | None,
    price: Price,
    *,
    voucher: Voucher | None = None,
) -> Permission | Refused:
    """The law on all these origins: the first refusal, or the permission. No beneficiary: a person."""
    holders = {origin.holder_id for origin in found if origin.holder_id is not None}
    parties = holders | {seller_id} | ({beneficiary_id} if beneficiary_id is not None else set())
    kinds, today = regimes.party_kinds(parties), clock.today()
    seller = kinds.get(seller_id, UNKNOWN)
    asked = [
        Question(
            origin.regime or "",
            kinds.get(origin.holder_id or 0, UNKNOWN),
            seller,
            PERSON if beneficiary_id is None else kinds.get(beneficiary_id, UNKNOWN),
            "resell",
            today,
            kind=origin.kind,
            price_cents=price.gross_cents,
            voucher=voucher,
        )
        for origin in found
    ]
    return _judged(asked, _rules(asked))


def _judged(asked: Iterable[Question], rules: Rules) -> Permission | Refused:
    acts, answers = [], []
    for question in asked:
        act, answer = provision(question, rules)
        if isinstance(answer, Refused):
            return answer
        acts.append(act)
        answers.append(answer)
    act = "solidarity_sale" if "solidarity_sale" in acts else (acts[0] if acts else "resell")
    return Permission(act, tuple(answers))


def _rules(asked: Sequence[Question]) -> Rules:
    return regimes.rules(
        clock.today(),
        act=list(ACTS),
        regime=sorted({question.regime for question in asked}),
        giver_kind=sorted({question.giver_kind for question in asked}),
        recipient_kind=sorted({question.recipient_kind for question in asked}),
    )


def allowed(answer: Permission | Refused, field: str | None) -> Permission:
    """The permission, or Invalid on `field` with the article and what is possible instead."""
    if isinstance(answer, Refused):
        raise answer.error(field)
    return answer
