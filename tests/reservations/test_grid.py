"""Who may do what to a reservation in which state: the whole grid, written out, and tried for real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reuse_market.accounts.signatures import current_code
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import policy, queries, services
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import STATES, Reservation
from reuse_market.reservations.waiting import services as waiting
from reuse_market.traceability.verify import verify_chains
from tests.support.world import Party, World, ready_units

NONE = ""
# state → actor → actions, in the order of the buttons
GRID = {
    "placed": {
        "beneficiary": "release", "seller": "confirm release", "other buyer": NONE, "other actor": NONE,
        "holder": NONE, "operator": NONE, "system": "expire", "visitor": NONE, "preparer": NONE,
        "seller’s preparer": NONE,
    },
    "confirmed": {
        "beneficiary": "sign release", "seller": "prepare sign_with_code release", "other buyer": NONE,
        "other actor": NONE, "holder": NONE, "operator": NONE, "system": "expire", "visitor": NONE,
        "preparer": NONE, "seller’s preparer": NONE,
    },
    "prepared": {
        "beneficiary": "sign release", "seller": "sign_with_code release", "other buyer": NONE,
        "other actor": NONE, "holder": NONE, "operator": NONE, "system": "expire", "visitor": NONE,
        "preparer": NONE, "seller’s preparer": NONE,
    },
    "provided": dict.fromkeys(
        ("beneficiary", "seller", "other buyer", "other actor", "holder", "operator", "system", "visitor",
         "preparer", "seller’s preparer"), NONE),
    "released": dict.fromkeys(
        ("beneficiary", "seller", "other buyer", "other actor", "holder", "operator", "system", "visitor",
         "preparer", "seller’s preparer"), NONE),
    "expired": dict.fromkeys(
        ("beneficiary", "seller", "other buyer", "other actor", "holder", "operator", "system", "visitor",
         "preparer", "seller’s preparer"), NONE),
}  # fmt: skip
TARGETS = {
    "accept": "placed", "confirm": "confirmed", "prepare": "prepared", "sign": "provided", "sign_with_code": "provided",
    "sell_on_voucher": "provided", "release": "released", "take_back": "released", "expire": "expired",
}  # fmt: skip
SEES = {"beneficiary", "seller", "operator", "preparer", "seller’s preparer"}


@pytest.fixture
def people(world: World) -> dict[str, Actor]:
    buyer = world.buyer()
    return {
        "beneficiary": buyer.actor,
        "seller": world.reuse_actor().actor,
        "other buyer": world.buyer("Autre Exemple").actor,
        "other actor": world.reuse_actor("Ressourcerie Exemple").actor,
        "holder": world.holder().actor,
        "operator": world.operator().actor,
        "system": SYSTEM,
        "visitor": Actor(commits=False),
        "preparer": replace(buyer.actor, commits=False),
        "seller’s preparer": replace(world.reuse_actor().actor, commits=False),
    }


def _in_state(state: str, key: str, buyer: Party, seller: Party) -> str:
    """The reference of a fresh reservation of one unit, brought to this state by the verbs."""
    reference = services.place_reservation(key, 1, actor=buyer.actor).reference
    if state in ("confirmed", "prepared", "provided"):
        services.confirm_reservation(reference, actor=seller.actor)
    if state == "prepared":
        services.prepare_reservation(reference, actor=seller.actor)
    if state == "provided":
        services.sign_as_beneficiary(reference, actor=buyer.actor, name="Personne Exemple")
    if state == "released":
        services.release_reservation(reference, actor=buyer.actor)
    if state == "expired":
        _expire(reference)
    return reference


def _expire(reference: str) -> object:
    found = queries.find(reference)
    assert found is not None
    number, until = found.id, found.until
    with clock.frozen(clock.at_paris(until, 12) + timedelta(days=1)):
        return services.expire_reservation(number)


def _verbs(reference: str, actor: Actor) -> dict[str, Callable[[], object]]:
    code = current_code(f"reservation/{reference}")
    digits = code.code if code else "0000"
    return {
        "accept": lambda: waiting.accept(reference, actor=actor),
        "confirm": lambda: services.confirm_reservation(reference, actor=actor),
        "prepare": lambda: services.prepare_reservation(reference, actor=actor),
        "sign": lambda: services.sign_as_beneficiary(reference, actor=actor, name="Personne Exemple"),
        "sign_with_code": lambda: services.sign_with_code(reference, "Personne Exemple", digits, actor=actor),
        "sell_on_voucher": lambda: _fire(reference, "sell_on_voucher", actor),
        "release": lambda: services.release_reservation(reference, actor=actor, reason="Essai"),
        "take_back": lambda: _fire(reference, "take_back", actor),
        "expire": lambda: _fire(reference, "expire", actor),
    }


@db.command
def _fire(reference: str, action: str, actor: Actor) -> object:
    """A transition whose verb takes no actor, asked for by anybody."""
    if action == "expire" and actor.via == "system":
        return _expire(reference)
    found = queries.find(reference)
    assert found is not None
    return BOOKING.fire(action, found, actor)


def test_the_grid_is_whole(people: dict[str, Actor]) -> None:
    assert set(GRID) == set(STATES)
    assert all(set(row) == set(people) for row in GRID.values())
    assert set(TARGETS) == set(BOOKING.transitions)


@pytest.mark.parametrize("state", STATES)
def test_every_cell(world: World, people: dict[str, Actor], state: str) -> None:
    """What is offered is what the grid says; it works; and nothing else does, nor leaves a trace."""
    buyer, seller = world.buyer(), world.reuse_actor()
    ready_units(seller, 12)
    [group] = services.catalogue.groups(services.catalogue.Filters(), buyer.actor)
    key = group.key
    refused = _in_state(state, key, buyer, seller)
    for who, actor in people.items():
        allowed = GRID[state][who].split()
        found = queries.find(refused)
        assert BOOKING.offered(found, actor) == allowed, (state, who)
        assert policy.may_see(actor, found) is (who in SEES)
        for action in set(TARGETS) - set(allowed):
            with pytest.raises((NotAllowed, Conflict)) as refusal:
                _verbs(refused, actor)[action]()
            has_right = BOOKING.transition(action).policy(actor, queries.find(refused))
            assert isinstance(refusal.value, Conflict if has_right else NotAllowed), (state, who, action)
            assert queries.find(refused).state == state
        for action in allowed:
            reference = _in_state(state, key, buyer, seller)
            _verbs(reference, actor)[action]()
            assert queries.find(reference).state == TARGETS[action], (state, who, action)
    assert reconcile() == []
    assert verify_chains() == []


@pytest.mark.parametrize("state", STATES)
def test_who_may_ask_for_a_new_code(world: World, people: dict[str, Actor], state: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    ready_units(seller, 1)
    [group] = services.catalogue.groups(services.catalogue.Filters(), buyer.actor)
    reference = _in_state(state, group.key, buyer, seller)
    for who, actor in people.items():
        if who != "beneficiary":
            with pytest.raises(NotAllowed):
                services.renew_code(reference, actor=actor)
        elif state in ("confirmed", "prepared"):
            services.renew_code(reference, actor=actor)
        else:
            with pytest.raises(Conflict):
                services.renew_code(reference, actor=actor)


@pytest.mark.parametrize(
    ("roles", "commits", "may"),
    [
        ({"buyer"}, True, True), ({"obliged_buyer"}, True, True), ({"recipient"}, True, True),
        ({"buyer"}, False, False), ({"holder"}, True, False), ({"reuse_actor"}, True, False),
        ({"operator"}, True, False), (set(), True, False),
    ],
)  # fmt: skip
def test_who_may_reserve(roles: set[str], commits: bool, may: bool) -> None:
    assert policy.may_reserve(Actor(1, 1, frozenset(roles), commits=commits)) is may


def test_a_reservation_is_its_parties_alone() -> None:
    found = Reservation(beneficiary_id=1, seller_id=2, state="placed")
    assert not policy.may_see(Actor(None, None), found)
    assert not policy.may_see(Actor(3, 3, frozenset({"buyer", "reuse_actor", "holder"})), found)
    assert policy.may_see(Actor(3, 3, frozenset({"auditor"})), found)
