"""Returns: asked, answered, received, settled; the gates re-armed, the owner, the ledger, the guarantee."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.erasure import services as erasing
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.obligations.agec import here
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as bench
from reuse_market.reservations import queries as bookings
from reuse_market.reservations import services
from reuse_market.reservations.fairness import allotted
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.invoices import services as invoicing
from reuse_market.reservations.models import UnitReturn
from reuse_market.reservations.returns import queries
from reuse_market.reservations.returns import services as returns
from reuse_market.reservations.returns.lifecycle import FLOW
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from tests.support.world import Party, World, ready_units

# state → who → what is offered; who is not named may nothing. exchange: what the seller accepted in this grid.
GRID: dict[str, dict[str, str]] = {
    "none": {"beneficiary": "ask", "seller": "ask", "seller through the operator": "ask", "operator": "ask"},
    "asked": {
        "beneficiary": "cancel",
        "seller": "accept refuse cancel",
        "seller through the operator": "accept refuse cancel",
        "operator": "cancel",
    },
    "accepted": {
        "beneficiary": "cancel replace",
        "seller": "receive cancel",
        "seller through the operator": "cancel",
        "operator": "cancel",
    },
    "received": {"beneficiary": "replace", "seller": "settle"},
    "settled": {"beneficiary": "replace"},
    "refused": {},
    "cancelled": {},
}
PEOPLE = (
    "beneficiary", "seller", "seller through the operator", "operator", "other actor", "other buyer", "auditor",
    "system", "visitor", "preparer", "seller’s preparer",
)  # fmt: skip


def provided(world: World, count: int = 2, *, buyer: Party | None = None, **terms: object) -> str:
    """A reservation handed over."""
    selling, buying = world.reuse_actor(), buyer or world.public_holder()
    ready_units(selling, count, **terms)
    [group] = [one for one in catalogue.groups(catalogue.Filters(), buying.actor) if one.units >= count][:1]
    reference = services.place_reservation(group.key, count, actor=buying.actor).reference
    services.confirm_reservation(reference, actor=selling.actor)
    services.sign_as_beneficiary(reference, actor=buying.actor, name="Accueil Exemple")
    return reference


def held(reference: str) -> list[int]:
    return [unit.unit_id for unit in bookings.held_units(reference)]


def _ask(reference: str, actor: Actor, wish: str = "exchange", count: int | None = None) -> str:
    ids = [unit.unit_id for unit in queries.returnable(bookings.find(reference))][:count]
    return returns.ask_return(reference, ids, actor=actor, reason="screen", wish=wish).reference


def _bring(state: str, reference: str, people: dict[str, Actor], remedy: str = "exchange") -> str:
    """A return of the reservation in this state."""
    made, seller = _ask(reference, people["beneficiary"], remedy), people["seller"]
    if state == "refused":
        returns.refuse_return(made, actor=seller, answer="Choc visible")
    if state == "cancelled":
        returns.cancel_return(made, actor=people["beneficiary"])
    if state in ("accepted", "received", "settled"):
        returns.accept_return(made, actor=seller, remedy=remedy)
    if state in ("received", "settled"):
        returns.receive_return(made, actor=seller)
    if state == "settled":
        returns.settle_return(made, actor=seller)
    return made


def _people(world: World) -> dict[str, Actor]:
    buyer, seller = world.public_holder().actor, world.reuse_actor().actor
    return {
        "beneficiary": buyer, "seller": seller, "seller through the operator": replace(seller, via="operator"),
        "operator": world.operator().actor, "other actor": world.reuse_actor("Ressourcerie Exemple").actor,
        "other buyer": world.buyer().actor, "auditor": replace(world.operator().actor, roles=frozenset({"auditor"})),
        "system": SYSTEM, "visitor": Actor(commits=False), "preparer": replace(buyer, commits=False),
        "seller’s preparer": replace(seller, commits=False),
    }  # fmt: skip


def _verbs(made: str, reference: str, actor: Actor) -> dict[str, Callable[[], object]]:
    return {
        "ask": lambda: _ask(reference, actor, count=1),
        "accept": lambda: returns.accept_return(made, actor=actor, remedy="exchange"),
        "refuse": lambda: returns.refuse_return(made, actor=actor, answer="Choc visible"),
        "receive": lambda: returns.receive_return(made, actor=actor),
        "settle": lambda: returns.settle_return(made, actor=actor),
        "cancel": lambda: returns.cancel_return(made, actor=actor),
        "replace": lambda: returns.replace_units(made, actor=actor),
    }


def test_every_cell(world: World) -> None:
    """State × actor: what is offered can be done, nothing else can, nor leaves a trace."""
    people = _people(world)
    assert set(people) == set(PEOPLE)
    assert set(FLOW.transitions) == {"accept", "refuse", "receive", "settle", "cancel"}
    for state, row in GRID.items():
        reference = provided(world, 1)
        made = "" if state == "none" else _bring(state, reference, people)
        before = db.session().scalar(sa.select(sa.func.count(Event.id)))
        for who, actor in people.items():
            allowed = row.get(who, "").split()
            if state != "none":
                assert sorted(queries.offered(queries.find(made), actor)) == sorted(allowed), (state, who)
            again = (
                {"ask"} if state in ("refused", "cancelled") else set()
            )  # what did not come back may be asked anew
            for action in sorted({*_verbs(made, reference, actor)} - {*allowed} - again):
                with pytest.raises((NotAllowed, Conflict, NotFound, Invalid)):
                    _verbs(made, reference, actor)[action]()
        assert db.session().scalar(sa.select(sa.func.count(Event.id))) == before, state
        for who, allowed in row.items():
            for action in allowed.split():
                fresh = provided(world, 1)
                another = "" if state == "none" else _bring(state, fresh, people)
                if action == "replace":
                    ready_units(world.reuse_actor(), 1)
                _verbs(another, fresh, people[who])[action]()
    assert verify_chains() == []
    assert reconcile() == []


def _erase_and_test(ids: list[int], actor: Actor) -> None:
    """What `ready_units` does to a device, once more."""
    for unit_id in ids:
        erasing.count_media(unit_id, (), "opened", actor=actor)
    bench.record_tests(ids, actor=actor, batteries=dict.fromkeys(ids, 90))


def test_a_repair_stays_its_owners_and_goes_back_tested(world: World) -> None:
    buyer, seller = world.public_holder(), world.reuse_actor()
    reference = provided(world, 2)
    [first, second] = held(reference)
    made = returns.ask_return(
        reference, [first], actor=buyer.actor, reason="battery", wish="repair"
    ).reference
    with pytest.raises(Conflict):  # it is in a return already
        returns.ask_return(reference, [first, second], actor=buyer.actor, reason="battery", wish="repair")
    returns.accept_return(made, actor=seller.actor, remedy="repair", answer="Mardi matin")
    returns.receive_return(made, actor=seller.actor)
    unit = units.get(first)
    told = (unit.state, unit.owner_id, unit.custodian_id, unit.erased_at, unit.tested_at)
    assert told == ("in_workshop", buyer.organisation_id, seller.organisation_id, None, None)
    with pytest.raises(Conflict) as refusal:
        returns.settle_return(made, actor=seller.actor)
    assert refusal.value.code == "return.not-tested"
    _erase_and_test([first], seller.actor)
    for verb in (
        lambda: bench.make_ready(first, actor=seller.actor, cosmetic_grade="B", price_cents=100),
        lambda: bench.to_parts(first, actor=seller.actor),
    ):
        with pytest.raises((Conflict, Invalid)) as refusal:
            verb()
        assert refusal.value.code == "unit.under-repair"
    returns.settle_return(made, actor=seller.actor)
    unit = units.get(first)
    assert (unit.state, unit.owner_id, unit.custodian_id) == ("provided", *[buyer.organisation_id] * 2)
    assert unit.tested_at is not None
    assert queries.find(made).state == "settled"
    # it may come back once more
    assert {one.unit_id for one in queries.returnable(bookings.find(reference))} == {first, second}
    again = _bring("received", reference, {"beneficiary": buyer.actor, "seller": seller.actor}, "repair")
    returns.settle_return(again, actor=seller.actor, remedy="refund")  # it cannot be repaired after all
    assert units.get(first).owner_id == units.get(second).owner_id == seller.organisation_id
    assert allotted.rows() == []
    assert verify_chains() == []
    assert reconcile() == []


def test_a_refund_rearms_the_gate_and_reverses_the_purchase(world: World) -> None:
    buyer, seller = world.public_holder(), world.reuse_actor()
    reference = provided(world, 2, price_cents=15_000)
    invoicing.record(reference, actor=seller.actor, number="F-1")
    invoicing.confirm(reference, actor=buyer.actor)
    [first, _second] = held(reference)
    year = clock.today().year
    assert [line.net_cents for line in here.lines(buyer.organisation_id, year)] == [30_000]
    made = returns.ask_return(
        reference, [first], actor=buyer.actor, reason="not_needed", wish="refund"
    ).reference
    returns.accept_return(made, actor=seller.actor, remedy="refund")
    returns.receive_return(made, actor=seller.actor)
    unit = units.get(first)
    assert (unit.owner_id, unit.erased_at, unit.tested_at) == (seller.organisation_id, None, None)
    with pytest.raises(Conflict) as refusal:
        bench.make_ready(first, actor=seller.actor, cosmetic_grade="B", price_cents=15_000)
    assert refusal.value.code == "test.missing"
    with pytest.raises(Invalid) as wrong:
        returns.settle_return(made, actor=seller.actor)
    assert wrong.value.field == "credit_number"
    with pytest.raises(Invalid):  # what is the seller's again is not repaired for the buyer
        returns.settle_return(made, actor=seller.actor, remedy="repair")
    returns.settle_return(made, actor=seller.actor, credit_number="A-1")
    [note] = invoices.credits_of(invoices.of_reservation(bookings.find(reference)))
    assert (note.units, note.net_cents, note.reason) == (1, 15_000, "refund")
    assert [line.net_cents for line in here.lines(buyer.organisation_id, year)] == [15_000]
    bench.record_tests([first], actor=seller.actor, batteries={first: 90})
    with pytest.raises(Conflict) as refusal:  # tested, and not erased again yet
        bench.make_ready(first, actor=seller.actor, cosmetic_grade="B", price_cents=15_000)
    assert not refusal.value.code.startswith("test.")
    erasing.count_media(first, (), "opened", actor=seller.actor)
    bench.make_ready(first, actor=seller.actor, cosmetic_grade="B", price_cents=15_000)
    assert units.get(first).state == "ready"
    assert [row.units for row in allotted.rows()] == [1]
    assert reconcile() == []


def test_an_exchange_reserves_as_many_of_the_same(world: World) -> None:
    buyer, seller = world.public_holder(), world.reuse_actor()
    reference = provided(world, 1)
    made = _bring("accepted", reference, {"beneficiary": buyer.actor, "seller": seller.actor})
    with pytest.raises(Conflict):  # none is left
        returns.replace_units(made, actor=buyer.actor)
    assert queries.find(made).replacement is None
    ready_units(seller, 1)
    new = returns.replace_units(made, actor=buyer.actor)
    assert (new.beneficiary_id, new.units, new.state) == (buyer.organisation_id, 1, "placed")
    assert queries.find(made).replacement == new.reference
    with pytest.raises(Conflict):
        returns.replace_units(made, actor=buyer.actor)
    told = (
        db.session()
        .scalars(sa.select(Event.type).where(Event.type.like("return.%")).order_by(Event.id))
        .all()
    )
    assert told == ["return.asked", "return.accepted", "return.replaced"]
    assert reconcile() == []


def test_the_cover_is_the_offers_and_never_a_guess(world: World) -> None:
    buyer, seller = world.public_holder(), world.reuse_actor()
    none = provided(world, 1, warranty_months=0, buyer=world.buyer())
    reference = provided(world, 1, warranty_months=6)
    help_ = breaking.help_of(bookings.find(reference))
    assert help_.warranty_until == breaking.later(clock.today(), 6)
    assert (help_.legal_until, help_.presumed_until, help_.consumer) == (None, None, False)  # no consumer
    made = _bring("settled", reference, {"beneficiary": buyer.actor, "seller": seller.actor})
    assert queries.find(made).covered_until == help_.warranty_until
    [unit_id] = held(reference)
    _erase_and_test([unit_id], seller.actor)
    bench.make_ready(unit_id, actor=seller.actor, cosmetic_grade="B", price_cents=100, warranty_months=3)
    assert breaking.help_of(bookings.find(reference)).warranty_until == help_.warranty_until  # as it was sold
    assert breaking.help_of(bookings.find(none)).covered_until is None
    assert not breaking.help_of(bookings.find(none)).covers()
    day = clock.today().replace(year=2024, month=1, day=31)
    assert [breaking.later(day, n).isoformat() for n in (1, 12, 24)] == [
        "2024-02-29",
        "2025-01-31",
        "2026-01-31",
    ]


def test_who_is_told(world: World) -> None:
    people = _people(world)
    buyer, seller = world.public_holder(), world.reuse_actor()
    reference = provided(world, 1)
    made = _ask(reference, people["operator"])
    returns.accept_return(made, actor=seller.actor, remedy="refund", answer="Mardi matin")
    returns.receive_return(made, actor=seller.actor)
    returns.settle_return(made, actor=seller.actor)
    told = [
        (mail.template.removeprefix("return_"), mail.to_address)
        for mail in db.session().scalars(
            sa.select(Message).where(Message.template.like("return_%")).order_by(Message.id)
        )
    ]
    assert sorted(told[:2]) == sorted([("asked", buyer.email), ("asked", seller.email)])
    assert told[2:] == [("accepted", buyer.email), ("received", buyer.email), ("settled", buyer.email)]
    [row] = db.session().scalars(sa.select(UnitReturn))
    facts = str(
        [e.payload for e in db.session().scalars(sa.select(Event).where(Event.type.like("return.%")))]
    )
    assert row.answer == "Mardi matin"
    assert row.answer not in facts
    assert clock.now() - row.asked_at < timedelta(days=1)
