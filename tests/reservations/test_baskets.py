"""Many alike from several sellers, all or none; more time, once: what is done, what is refused, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import baskets, extending, queries, services
from reuse_market.reservations.models import STATES, Reservation
from reuse_market.reservations.waiting import services as waiting
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from tests.reservations.test_grid import _in_state
from tests.support.world import World, ready_units

MAY_EXTEND = ("placed", "confirmed", "prepared")


def test_forty_of_two_sellers_in_one_go(world: World) -> None:
    """24 here, 20 there, others unlike or worse: the split, one act, one basket, then two lives."""
    first, second = world.reuse_actor(), world.reuse_actor("Ressourcerie Exemple")
    buyer = world.buyer()
    ready_units(first, 24, grade="B")
    ready_units(second, 20, grade="A", price_cents=16_000, stream="lot/LOT-2026-9001")
    ready_units(second, 9, grade="C", stream="lot/LOT-2026-9001")  # worse than asked
    ready_units(second, 9, ram_mb=4096, stream="lot/LOT-2026-9001")  # another configuration
    [asked] = [g for g in catalogue.groups(Filters(), buyer.actor) if g.seller_id == first.organisation_id]
    split = baskets.propose(asked.key, 40, buyer.actor)
    assert split is not None
    assert [(p.group.seller_id, p.count) for p in split.parts] == [
        (first.organisation_id, 24), (second.organisation_id, 16),
    ]  # fmt: skip
    assert (split.units, split.missing, split.net_cents) == (40, 0, 24 * 15_000 + 16 * 16_000)
    beyond = baskets.propose(asked.key, 50, buyer.actor)
    assert beyond is not None
    assert beyond.missing == 6
    wanted = [(part.group.key, part.count) for part in split.parts]
    made = baskets.place_many(wanted, actor=buyer.actor, order_number="BC-40", once="a" * 32)
    again = baskets.place_many(wanted, actor=buyer.actor, once="a" * 32)
    assert [one.reference for one in again] == [one.reference for one in made]
    assert {one.basket for one in made} == {"PAN-2026-0001"} or len({one.basket for one in made}) == 1
    acts = set(db.session().scalars(sa.select(Event.act_id).where(Event.type == "reservation.placed")))
    assert len(acts) == 1
    mine, other = [one.reference for one in made]
    seen = baskets.of_basket(made[0].basket, buyer.actor)
    assert [row.reservation.reference for row in seen] == [mine, other]
    for stranger in (first.actor, world.buyer("Autre Exemple").actor):
        with pytest.raises(NotFound):
            baskets.of_basket(made[0].basket, stranger)
    services.release_reservation(other, actor=buyer.actor)
    assert queries.find(mine).state == "placed"
    assert reconcile() == []
    assert verify_chains() == []


def test_all_or_nothing(world: World) -> None:
    first, second = world.reuse_actor(), world.reuse_actor("Ressourcerie Exemple")
    buyer, rival = world.buyer(), world.buyer("Rival Exemple")
    ready_units(first, 4)
    ready_units(second, 4, stream="lot/LOT-2026-9001")
    keys = [group.key for group in catalogue.groups(Filters(), buyer.actor)]
    services.place_reservation(keys[1], 2, actor=rival.actor)
    both = [(keys[0], 4), (keys[1], 3)]
    refused: list[tuple[type[DomainError], list[tuple[str, int]], Actor]] = [
        (Conflict, both, buyer.actor),
        (Invalid, [], buyer.actor), (Invalid, [(keys[0], 1), (keys[0], 2)], buyer.actor),
        (Invalid, [(keys[0], 0)], buyer.actor), (NotFound, [(keys[0], 1), ("0" * 16, 1)], buyer.actor),
        (NotAllowed, both, world.holder().actor), (NotAllowed, both, replace(buyer.actor, commits=False)),
        (NotAllowed, both, first.actor),
    ]  # fmt: skip
    for error, parts, actor in refused:
        with pytest.raises(error):
            baskets.place_many(parts, actor=actor)
        assert db.session().scalar(sa.select(sa.func.count(Reservation.id))) == 1
    assert sum(group.units for group in catalogue.groups(Filters(), buyer.actor)) == 6
    assert reconcile() == []


def test_more_time_once(world: World) -> None:
    """State × actor, written out: the beneficiary while it runs, once; then nobody, and not while others wait."""
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 16)
    key = catalogue.groups(Filters(), buyer.actor)[0].key
    people = {
        "seller": seller.actor, "other": world.buyer("Autre Exemple").actor, "operator": world.operator().actor,
        "system": SYSTEM, "visitor": Actor(commits=False), "preparer": replace(buyer.actor, commits=False),
    }  # fmt: skip
    for state in STATES:
        reference = _in_state(state, key, buyer, seller)
        found = queries.find(reference)
        for who, actor in people.items():
            assert not extending.offered(found, actor), (state, who)
            with pytest.raises(NotAllowed):
                extending.extend_reservation(reference, actor=actor)
        assert extending.offered(found, buyer.actor) is (state in MAY_EXTEND), state
        before = found.until
        if state not in MAY_EXTEND:
            with pytest.raises(Conflict):
                extending.extend_reservation(reference, actor=buyer.actor)
            continue
        assert extending.extend_reservation(reference, actor=buyer.actor).until == before + timedelta(days=7)
        with pytest.raises(Conflict) as twice:
            extending.extend_reservation(reference, actor=buyer.actor)
        assert twice.value.code == "reservation.extend.twice"
    mails = db.session().scalar(sa.select(sa.func.count()).where(Message.template == "reservation_extended"))
    assert mails == len(MAY_EXTEND)
    waited_for = services.place_reservation(key, 1, actor=buyer.actor).reference
    waiting.join_group(key, 15, actor=people["other"])
    with pytest.raises(Conflict) as waited:
        extending.extend_reservation(waited_for, actor=buyer.actor)
    assert waited.value.code == "reservation.extend.waited"
    late = queries.find(waited_for)
    with clock.frozen(clock.at_paris(late.until, 12) + timedelta(days=1)), pytest.raises(Conflict):
        extending.extend_reservation(waited_for, actor=buyer.actor)
    assert reconcile() == []
    assert verify_chains() == []
