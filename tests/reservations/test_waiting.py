"""The waiting list: order, offers held until a day, nobody overtaking; and who may do what in which state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import jobs, policy, services
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.waiting import queries, serving
from reuse_market.reservations.waiting import services as waiting
from reuse_market.reservations.waiting.lifecycle import WAITING
from reuse_market.reservations.waiting.services import Wanted
from reuse_market.reservations.waiting.waiting_models import WAITING_STATES, WaitingEntry
from reuse_market.traceability.verify import verify_chains
from tests.support.world import Party, World, ready_units

LAPTOPS = "laptop"
GRID = {  # state → who → what they may do
    "waiting": {"waiter": "leave", "system": "offer"},
    "offered": {"waiter": "accept accept_part pass", "system": "lapse"},
    "served": {}, "passed": {}, "lapsed": {}, "left": {},
}  # fmt: skip
OFFERED = {
    "waiter": "accept release",
    "seller": "",
    "system": "take_back expire",
}  # of the reservation, while it is offered


def _entry(reference: str) -> WaitingEntry:
    return db.session().scalars(sa.select(WaitingEntry).where(WaitingEntry.reference == reference)).one()


def _group_key(actor: Actor) -> str:
    [group] = catalogue.groups(Filters(), actor)
    return group.key


def _join(party: Party, units: int = 1, **told: object) -> str:
    return waiting.join(LAPTOPS, units, actor=party.actor, **told).reference


def _sound() -> None:
    assert reconcile() == []
    assert verify_chains() == []


def test_served_in_order_one_after_the_other(world: World) -> None:
    """First come first served at make_ready, at a pass, at a lapse and at a release; mails to each in turn."""
    seller = world.reuse_actor()
    people = [world.buyer(f"Acheteur Exemple {n}") for n in range(4)]
    references = [_join(one) for one in people]
    assert [queries.place(_entry(ref)).rank for ref in references] == [1, 2, 3, 4]
    ready_units(seller, 1)
    assert serving.serve_due() == 1
    assert [_entry(ref).state for ref in references] == ["offered", "waiting", "waiting", "waiting"]
    first = _entry(references[0]).reservation
    assert bookings.find(first).beneficiary_id == people[0].organisation_id
    services.release_reservation(first, actor=people[0].actor)  # lets it pass
    second = _entry(references[1]).reservation
    assert [_entry(ref).state for ref in references] == ["passed", "offered", "waiting", "waiting"]
    with clock.frozen(clock.at_paris(bookings.find(second).until, 12) + timedelta(days=1)):
        assert jobs.expire_due() == 1  # no answer: the next
        third = _entry(references[2]).reservation
        assert [_entry(ref).state for ref in references] == ["passed", "lapsed", "offered", "waiting"]
        made = waiting.accept(third, actor=people[2].actor)
        assert made.offered_until is None
        assert made.until == clock.in_days(10)
        services.release_reservation(third, actor=seller.actor, reason="Essai")
        assert [_entry(ref).state for ref in references] == ["passed", "lapsed", "served", "offered"]
    told = db.session().execute(
        sa.select(Message.template, sa.func.count()).where(Message.template.like("waiting%"))
        .group_by(Message.template)
    ).all()  # fmt: skip
    assert dict(told) == {"waiting_joined": 4, "waiting_offered": 4}
    _sound()


def test_nobody_overtakes_and_too_few_stay_in_the_window(world: World) -> None:
    """Who comes later takes nothing that the list's head can be served with, not even before the job has run."""
    seller, early, late = world.reuse_actor(), world.buyer(), world.buyer("Acheteur pressé Exemple")
    whole = waiting.join(LAPTOPS, 3, actor=early.actor).reference
    ready_units(seller, 2)
    key = _group_key(late.actor)
    serving.serve_due()
    assert _entry(whole).state == "waiting"  # it wants three: two stay in the window
    taken = services.place_reservation(key, 1, actor=late.actor).reference
    ready_units(seller, 2)
    with pytest.raises(Conflict) as refused:  # three are ready: they are the head's
        services.place_reservation(key, 1, actor=late.actor)
    assert refused.value.code == "too-few"
    assert _entry(whole).state == "waiting"  # the refused act left no trace
    assert serving.serve_due() == 1
    assert bookings.find(_entry(whole).reservation).units == 3
    services.release_reservation(taken, actor=late.actor)
    services.place_reservation(key, 1, actor=late.actor)  # nobody waits any more
    _sound()


def test_part_of_it_keeps_the_place_and_own_place_is_ones_own(world: World) -> None:
    seller, early, late = world.reuse_actor(), world.buyer(), world.buyer("Second Exemple")
    ready_units(seller, 2)
    key = _group_key(early.actor)
    group = waiting.join_group(key, 5, actor=early.actor, fewer=True)
    assert group.state == "offered"  # what is ready is offered at once
    after = _join(late, 1)
    waiting.accept(group.reservation, actor=early.actor)
    assert (_entry(group.reference).state, _entry(group.reference).units) == ("waiting", 3)
    assert queries.place(_entry(after)).rank == 2
    ready_units(seller, 2)
    own = services.place_reservation(key, 2, actor=early.actor)  # it may not be overtaken by itself
    assert own.units == 2
    assert _entry(after).state == "waiting"
    _sound()


def test_what_is_waited_for_is_what_is_served(world: World) -> None:
    """Memory, appearance and price; kept for associations; one's own stock; the law: an entry that may not, waits."""
    seller, recipient = world.reuse_actor(), world.recipient()
    buyer = world.buyer()
    lot = {"open_to": "recipients"}
    too_much = _join(buyer, wanted=Wanted(ram_gb=16))
    cheap = _join(buyer, wanted=Wanted(most_cents=10_000))
    fine = _join(buyer, wanted=Wanted(worst_grade="A"))
    kept = _join(buyer)
    theirs = _join(recipient, 2)
    ready_units(seller, 2, **lot)
    serving.serve_due()
    states = [_entry(ref).state for ref in (too_much, cheap, fine, kept, theirs)]
    assert states == ["waiting", "waiting", "waiting", "waiting", "offered"]
    ready_units(seller, 1)
    serving.serve_due()
    assert [_entry(ref).state for ref in (too_much, cheap, fine, kept)] == ["waiting"] * 3 + ["offered"]
    assert [(one.kind, one.units) for one in queries.demand()] == [(LAPTOPS, 2), (LAPTOPS, 1)]
    _sound()


def test_what_cannot_be_asked(world: World) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 2)
    key = _group_key(buyer.actor)
    cases: list[tuple[type[DomainError], Callable[[], object]]] = [
        (NotAllowed, lambda: waiting.join(LAPTOPS, 1, actor=seller.actor)),
        (NotAllowed, lambda: waiting.join(LAPTOPS, 1, actor=replace(buyer.actor, commits=False))),
        (Invalid, lambda: waiting.join("unicorn", 1, actor=buyer.actor)),
        (Invalid, lambda: waiting.join(LAPTOPS, 0, actor=buyer.actor)),
        (Conflict, lambda: waiting.join_group(key, 2, actor=buyer.actor)),  # enough are ready
    ]
    for error, act in cases:
        with pytest.raises(error):
            act()
    waiting.join_group(key, 9, actor=buyer.actor)
    with pytest.raises(Conflict) as twice:
        waiting.join_group(key, 4, actor=buyer.actor)
    assert twice.value.code == "waiting.twice"


def test_the_grid(world: World) -> None:
    """Every state, every actor: what is offered is what is written above; the verbs refuse all the rest."""
    seller, buyer = world.reuse_actor(), world.buyer()
    people = {
        "waiter": buyer.actor, "seller": seller.actor, "other": world.buyer("Autre Exemple").actor,
        "operator": world.operator().actor, "system": SYSTEM, "visitor": Actor(commits=False),
        "preparer": replace(buyer.actor, commits=False),
    }  # fmt: skip
    assert set(GRID) == set(WAITING_STATES)
    entry = _entry(_join(buyer))
    for state in WAITING_STATES:
        seen = WaitingEntry(state=state, organisation_id=buyer.organisation_id)
        for who, actor in people.items():
            assert WAITING.offered(seen, actor) == GRID[state].get(who, "").split(), (state, who)
    for who in ("seller", "other", "operator", "visitor", "preparer"):
        with pytest.raises(NotAllowed):
            waiting.leave(entry.reference, actor=people[who])
    ready_units(seller, 1)
    serving.serve_due()
    held = bookings.find(_entry(entry.reference).reservation)
    for who, actor in people.items():
        assert services.BOOKING.offered(held, actor) == OFFERED.get(who, "").split(), who
        assert policy.may_see(actor, held) is (who in ("waiter", "seller", "operator", "preparer"))
        if who != "waiter":
            with pytest.raises((NotAllowed, Conflict)):
                waiting.accept(held.reference, actor=actor)
            with pytest.raises((NotAllowed, Conflict)):
                services.release_reservation(held.reference, actor=actor, reason="Essai")
    with pytest.raises(NotAllowed):
        services.confirm_reservation(held.reference, actor=seller.actor)
    with pytest.raises(Conflict):
        waiting.leave(entry.reference, actor=buyer.actor)  # it is offered: accept or let pass
    waiting.accept(held.reference, actor=buyer.actor)
    for act in (waiting.accept, waiting.leave):
        reference = held.reference if act is waiting.accept else entry.reference
        with pytest.raises((Conflict, NotAllowed)):
            act(reference, actor=buyer.actor)
    assert services.confirm_reservation(held.reference, actor=seller.actor).state == "confirmed"
    _sound()
