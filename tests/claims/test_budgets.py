"""The journeys of a collecting association, in pages shown and fields filled in: the budgets are the product's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from reuse_market.kernel import clock, db
from tests.lots.visiting import Visitor
from tests.support.world import Party, World, awarded_claim, published_lot

CLAIM_PAGES, CLAIM_FIELDS = 2, 2  # from the lot: the request, its confirmation
PICKUP_PAGES, PICKUP_FIELDS = (
    3,
    3,
)  # from the confirmation: the request, the slot, what was proposed; then one press


class Counting(Visitor):
    """Counts the pages shown and the fields somebody filled in."""

    def __init__(self, client: Any, party: Party) -> None:
        super().__init__(client, party)
        self.pages = self.fields = 0

    def _keep(self, *answer: Any) -> Visitor:
        self.pages += 1
        return super()._keep(*answer)

    def press(self, label: str, status: int = 200, /, **values: Any) -> Visitor:
        """A button pressed after so many fields."""
        self.fields += len(values)
        return super().press(label, status, **values)


def test_from_the_board_to_a_sent_claim(world: World, app: Flask) -> None:
    taker = world.reuse_actor()
    title = published_lot(
        world.holder(), price_kind="fixed", price_cents=90_000, award_mode="holder_choice"
    ).title
    db.release()
    me = Counting(app.test_client(), taker)
    me.open("/lots").follow(title)
    me.pages = 0
    me.follow("Prendre tout ou partie du lot").press("Envoyer la demande", committed="y")
    assert me.url.endswith("/envoyee")
    assert (me.pages <= CLAIM_PAGES, me.fields <= CLAIM_FIELDS) == (True, True), (me.pages, me.fields)


def test_from_the_claim_to_an_agreed_pickup(world: World, app: Flask) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    lot = published_lot(holder, price_kind="proposals", price_cents=None, award_mode="holder_choice")
    claim = awarded_claim(lot, holder, taker).reference
    db.release()
    day = clock.today() + timedelta(days=7 - clock.today().weekday())  # the next Monday
    me = Counting(app.test_client(), taker)
    me.open(f"/demandes/{claim}")
    me.follow("Proposer un créneau d’enlèvement")
    me.press("Proposer ce créneau", day=day.isoformat(), from_time="09:00", to_time="11:00")
    assert "/enlevements/" in me.url
    assert (me.pages <= PICKUP_PAGES, me.fields <= PICKUP_FIELDS) == (True, True), (me.pages, me.fields)
    other = Counting(app.test_client(), holder)
    other.open(me.url).press("Accepter ce créneau")
    assert (other.pages, other.fields) == (2, 0)
    assert "Accepté" in other.text or "Convenu" in other.text
