"""The operator's one list: what waits, for whom, soonest first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from reuse_market.accounts import services
from reuse_market.claims.sharing import accepting, proposing
from reuse_market.claims.sharing import reading as sharing
from reuse_market.collection import services as collection
from reuse_market.desk import tasks as desk
from reuse_market.desk.words import TASKS
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import services as reservations
from reuse_market.reservations.waiting import services as waiting
from tests.support import lives
from tests.support.world import (
    World,
    agreed_pickup,
    awarded_claim,
    published_lot,
    ready_units,
    signed_pickup,
    submitted_claim,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def told() -> list[tuple[date, str, str]]:
    """(due, what, whose turn) of each line."""
    return [(task.due, task.what, task.who) for task in desk.tasks()]


def day(number: int) -> date:
    """A civil day counted from Monday."""
    return (MONDAY + timedelta(days=number)).date()


def at(number: int) -> datetime:
    """That day at the same hour."""
    return MONDAY + timedelta(days=number)


def test_nothing_waits_in_an_empty_house(world: World) -> None:
    assert told() == []


def test_a_claim_waits_for_the_holder(world: World) -> None:
    with clock.frozen(MONDAY):
        submitted_claim(published_lot(world.holder()), world.reuse_actor())
        assert told() == [(day(5), "claim", "Entreprise Exemple")]


def test_a_proposal_of_share_waits_for_the_holder_until_it_is_answered(world: World) -> None:
    with clock.frozen(MONDAY):
        lot = published_lot(world.holder(), numbered=0, counted=5, regime="gift", price_kind="free",
                            award_mode="at_closing")  # fmt: skip
        submitted_claim(lot, world.reuse_actor(), proposal="free", amount_cents=None)
    with clock.frozen(at(21)):
        assert proposing.close_due() == 1
        due = sharing.latest(lot.id)
        assert due is not None
        assert (due.answer_until, "share", "Entreprise Exemple") in told()
        accepting.accept_share(lot.reference, actor=world.holder().actor)
        assert "share" not in [what for _, what, _ in told()]


def test_an_award_waits_for_a_pickup(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    with clock.frozen(MONDAY):
        claim = awarded_claim(published_lot(holder), holder, actor)
        assert told() == [(day(0), "award", "Atelier Exemple")]
        times = {"from_time": "09:00", "to_time": "11:00"}
        made = collection.propose_pickup(claim.reference, actor=actor.actor, day=day(3), **times)
        assert told() == [(made.answer_until, "pickup-proposed", "Entreprise Exemple")]
        collection.counter_pickup(made.reference, actor=holder.actor, day=day(4), **times)
        assert told() == [(made.answer_until, "pickup-countered", "Atelier Exemple")]
        collection.agree_pickup(made.reference, actor=actor.actor)
        assert told() == []
    with clock.frozen(at(5)):
        assert told() == [(day(4), "pickup-agreed", "Atelier Exemple")]
        collection.fail_pickup(made.reference, "Camion en panne", actor=actor.actor)
        assert told() == [(day(4), "pickup-failed", "Atelier Exemple")]


def test_a_handover_waits_for_the_holders_signature(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    with clock.frozen(MONDAY):
        pickup = agreed_pickup(awarded_claim(published_lot(holder), holder, actor), holder, actor)
        signed_pickup(pickup, holder, actor, both=False)
        assert told() == [(day(0), "pickup-done", "Entreprise Exemple")]


def test_a_lot_nobody_claims_worries_near_its_end(world: World) -> None:
    with clock.frozen(MONDAY):
        lot = published_lot(world.holder())  # open for twenty days
        assert told() == []
    with clock.frozen(at(10)):
        assert told() == [(day(20), "unclaimed", "Entreprise Exemple")]
        submitted_claim(lot, world.reuse_actor())
        assert [what for _, what, _ in told()] == ["claim"]


def test_a_reservation_waits_for_the_seller(world: World) -> None:
    with clock.frozen(MONDAY):
        actor, buyer = world.reuse_actor(), world.buyer()
        ready_units(actor, 3)
        reference = lives.reserve(buyer, 2)
        assert told() == [(day(10), "reservation", "Atelier Exemple")]
        reservations.confirm_reservation(reference, actor=actor.actor)
        assert told() == []
        waiting.join("laptop", 1, actor=world.recipient().actor)  # offered the last one: its own turn
        assert told() == []


def test_an_organisation_waits_for_the_operator(world: World) -> None:
    with clock.frozen(MONDAY):
        services.register_organisation("Nouvelle Exemple", "school", ["recipient"], actor=Actor())
        assert [(t.due, t.what, t.subject, t.who) for t in desk.tasks()] == [
            (day(0), "organisation", "Nouvelle Exemple", "")
        ]


def test_soonest_first_in_few_reads(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()

    def reads() -> int:
        db.release()
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        sa.event.listen(db.database().engine, "before_cursor_execute", note)
        try:
            desk.tasks()
        finally:
            sa.event.remove(db.database().engine, "before_cursor_execute", note)
        return len(seen)

    for number in (8, 0, 3):
        with clock.frozen(at(number)):
            submitted_claim(published_lot(holder), actor)
    with clock.frozen(at(8)):
        assert [due for due, _, _ in told()] == sorted(due for due, _, _ in told())
        few = reads()
        for _ in range(4):
            awarded_claim(published_lot(holder), holder, actor)
        assert len(told()) == 7
        assert reads() <= few + 0


@pytest.mark.parametrize("what", TASKS)
def test_each_kind_of_line_has_words(what: str) -> None:
    sentence, action = TASKS[what]
    assert sentence
    assert action
