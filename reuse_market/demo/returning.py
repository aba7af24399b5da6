"""What breaks after the handover: a repair under way, and a refund settled with its credit note."""

from __future__ import annotations

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import listing
from reuse_market.reservations.handover import planning
from reuse_market.reservations.invoices import services as invoices
from reuse_market.reservations.returns import queries
from reuse_market.reservations.returns import services as returns


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    seller, buyer = actors["reuse-actor"], actors["buyer"]
    return [
        Act(-7, lambda: told.update(refunded=_refund(actors)), 17),
        Act(
            -3,
            lambda: told.update(repaired=_ask(actors, "battery", "repair", "S’éteint après dix minutes.")),
            9,
        ),
        Act(
            -3,
            lambda: returns.accept_return(
                told["repaired"],
                actor=seller,
                remedy="repair",
                answer="Déposez-le à l’accueil, de 9 h à 12 h.",
            ),
            11,
        ),  # fmt: skip
        Act(-2, lambda: returns.receive_return(told["repaired"], actor=seller), 10),
        Act(-2, lambda: told.update(asked=_ask(actors, "screen", "exchange", "")), 16),
        Act(-1, lambda: _planned(buyer, seller), 18),
    ]


def _ask(actors: Actors, reason: str, wish: str, words: str) -> str:
    """One device of the buyer's first purchase is to go back."""
    buyer = actors["buyer"]
    found = listing.reservations(buyer, state="provided")[-1].reservation
    unit = queries.returnable(found)[0]
    made = returns.ask_return(
        found.reference, [unit.unit_id], actor=buyer, reason=reason, wish=wish, words=words
    )
    return made.reference


def _refund(actors: Actors) -> str:
    """A device too many, refunded: the purchase was invoiced, a credit note takes its share back."""
    seller, buyer = actors["reuse-actor"], actors["buyer"]
    found = listing.reservations(buyer, state="provided")[-1].reservation
    invoices.record(found.reference, actor=seller, number="AE-2027")
    invoices.confirm(found.reference, actor=buyer)
    made = _ask(actors, "not_needed", "refund", "Un poste de moins que prévu.")
    returns.accept_return(made, actor=seller, remedy="refund")
    returns.receive_return(made, actor=seller)
    returns.settle_return(made, actor=seller, credit_number="AV-2027-1")
    return made


def _planned(buyer: Actor, seller: Actor) -> None:
    """The next handover: a day, where one is being prepared."""
    for row in listing.reservations(buyer):
        if planning.offered(row.reservation, buyer) and seller.is_org(row.reservation.seller_id):
            planning.plan_handover(
                row.reservation.reference,
                actor=buyer,
                delivery="collect",
                day=clock.in_days(2),
                place="Quai A",
            )
            return
