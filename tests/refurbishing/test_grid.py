"""Who may do what in which state, written out. One row a verb; a cell of another outcome fails the row."""

from __future__ import annotations

from typing import Any

import pytest

from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.refurbishing import services as bench
from reuse_market.traceability import journal
from reuse_market.units import queries, services
from reuse_market.units.models import STATES
from tests.support.undoing import undone
from tests.support.workshop import GRADE, Workshop

VERBS = {
    "receive": lambda i, a: bench.receive_units([i], actor=a),
    "identify": lambda i, a: bench.identify_unit(i, {"cpu": "Processeur Exemple"}, actor=a),
    "test": lambda i, a: bench.record_test(i, actor=a),
    "make_ready": lambda i, a: bench.make_ready(i, actor=a, **GRADE),
    "back_to_workshop": lambda i, a: bench.back_to_workshop(i, actor=a),
    "to_parts": lambda i, a: bench.to_parts(i, actor=a),
    "declare_waste": lambda i, a: bench.declare_waste(i, "too_old", actor=a),
    "report_lost": lambda i, a: bench.report_lost(i, actor=a),
    "find_again": lambda i, a: bench.find_again(i, actor=a),
    "take_back": lambda i, a: bench.take_back_unit(i, actor=a, ground="refund"),
}
# verb → {state: state after}; in every other state the custodian gets a Conflict.
ALLOWED: dict[str, dict[str, str]] = {
    "receive": {"collected": "in_workshop"},
    "identify": {"collected": "collected", "in_workshop": "in_workshop"},
    "test": {"in_workshop": "in_workshop"},
    "make_ready": {"in_workshop": "ready"},
    "back_to_workshop": {"ready": "in_workshop"},
    "to_parts": {"in_workshop": "parts"},
    "declare_waste": {"discarded": "waste", "collected": "waste", "in_workshop": "waste"},
    "report_lost": {"collected": "missing", "in_workshop": "missing", "ready": "missing"},
    "find_again": {"missing": "in_workshop"},
    "take_back": {"provided": "in_workshop"},
}


def in_state(shop: Workshop, state: str) -> int:
    """A monitor in that state, tested and attested without medium where its life went through the bench."""
    if state in ("in_workshop", "ready", "held", "provided", "missing"):
        [unit_id] = shop.received(kind="monitor")
        shop.tested([unit_id])
        shop.counted(unit_id)
        if state == "missing":
            bench.report_lost(unit_id, actor=shop.actor.actor)
        if state in ("ready", "held", "provided"):
            bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)
        if state in ("held", "provided"):
            provide(shop, unit_id, only_hold=state == "held")
        return unit_id
    if state == "collected":
        return shop.collected(kind="monitor")[0]
    if state == "waste":
        return shop.waste()[0]
    return shop.collected(kind="monitor", state=state)[0]


def provide(shop: Workshop, unit_id: int, *, only_hold: bool = False) -> None:
    """What a reservation does to a unit: hold, then hand over."""
    buyer = shop.world.buyer()
    party = buyer.organisation_id
    doing, stream = journal.Act(buyer.actor), "lot/LOT-2026-0001"
    opening = services.Opening("hold", "RES-2026-0001", party)
    services.act(
        services.Move("hold", party_id=party, opens=(opening,)), [unit_id], doing=doing, stream=stream
    )
    if not only_hold:
        closing = services.Closing("hold", "RES-2026-0001", "provided")
        move = services.Move("provide", party_id=party, owner_id=party, custodian_id=party, closes=(closing,))
        services.act(move, [unit_id], doing=doing, stream=stream)


def outcome(verb: str, unit_id: int, actor: Any) -> str:
    """The device's new state, or the refusal's class; then all is undone."""

    def tried() -> str:
        VERBS[verb](unit_id, actor)
        return queries.get(unit_id).state

    return undone(tried)


def test_the_custodian_in_every_state(workshop):
    """`custodian_in_every_state` judges each verb."""
    units = {state: in_state(workshop, state) for state in STATES}
    for verb in VERBS:
        custodian_in_every_state(workshop, verb, units)


def custodian_in_every_state(workshop, verb, units):
    expected = {state: ALLOWED[verb].get(state, "Conflict") for state in STATES}
    if verb != "take_back":
        # The beneficiary has it: for the workshop that provided it the device is out of its hands.
        expected["provided"] = "NotFound"
    else:
        # Only the workshop that tested a device takes it back, and these were never tested.
        expected |= dict.fromkeys(
            ("in_use", "discarded", "listed", "awarded", "collected", "parts", "waste", "recycled", "merged"),
            "NotAllowed",
        )
    found = {state: outcome(verb, units[state], workshop.actor.actor) for state in STATES}
    assert found == expected, verb


def test_everybody_else(workshop):
    """`everybody_else` judges each verb."""
    for verb in VERBS:
        everybody_else(workshop, verb)


def everybody_else(workshop, verb):
    world = workshop.world
    others = {
        "other actor": (world.reuse_actor("Autre Atelier"), "NotFound"),
        "holder, no longer owner": (workshop.holder, "NotFound"),
        "buyer": (world.buyer(), "NotFound"),
        "recipient": (world.recipient(), "NotFound"),
        "operator": (world.operator(), "NotAllowed"),
    }
    state = next(iter(ALLOWED[verb]))
    found, unit_id = {}, in_state(workshop, state)
    for name, (party, _expected) in others.items():
        if verb == "take_back" and name == "buyer":
            assert (
                outcome(verb, unit_id, party.actor) == "NotAllowed"
            )  # it is theirs, but not theirs to take back
            found[name] = "NotFound"
        else:
            found[name] = outcome(verb, unit_id, party.actor)
    assert found == {name: expected for name, (_party, expected) in others.items()}, verb


def test_the_holder_who_has_not_countersigned(workshop):
    for verb in ("receive", "identify", "test", "make_ready", "to_parts", "declare_waste"):
        state = "collected" if verb == "receive" else "in_workshop"
        [unit_id] = workshop.collected(kind="monitor", countersigned=False)
        if state == "in_workshop":
            bench.receive_units([unit_id], actor=workshop.actor.actor)
        assert outcome(verb, unit_id, workshop.holder.actor) == "NotAllowed", verb
        assert queries.get(unit_id).state == state


@pytest.mark.parametrize(
    ("verb", "error"),
    [("receive", None), ("identify", None), ("test", None), ("make_ready", Conflict), ("to_parts", Conflict),
     ("declare_waste", Conflict)],
)  # fmt: skip
def test_before_the_counter_signature_nothing_is_offered_or_thrown_away(workshop, verb, error):
    [unit_id] = workshop.collected(kind="monitor", countersigned=False)
    if verb != "receive":
        bench.receive_units([unit_id], actor=workshop.actor.actor)
    if verb == "make_ready":
        workshop.tested([unit_id])
        workshop.counted(unit_id)
    if error is None:
        VERBS[verb](unit_id, workshop.actor.actor)
    else:
        with pytest.raises(error) as refused:
            VERBS[verb](unit_id, workshop.actor.actor)
        assert refused.value.code == "unit.not-countersigned"


def test_found_at_the_pickup_is_not_found_in_the_workshop(workshop):
    holder = workshop.world.party("Holder and actor", "holder", "reuse_actor")
    [unit_id] = services.create(
        [{"kind": "monitor"}], doing=journal.Act(holder.actor), stream="lot/LOT-2026-0001",
        event_type="pickup.missing", state="missing", owner_id=holder.organisation_id,
        custodian_id=holder.organisation_id, origin="counted",
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        bench.find_again(unit_id, actor=holder.actor)
    assert refused.value.code == "unit.not-lost"


def test_a_return_belongs_to_the_workshop_and_starts_from_nothing(workshop):
    unit_id = in_state(workshop, "provided")
    bench.take_back_unit(unit_id, actor=workshop.actor.actor, ground="exchange")
    unit = queries.get(unit_id)
    actor = workshop.actor.organisation_id
    assert (unit.state, unit.owner_id, unit.custodian_id) == ("in_workshop", actor, actor)
    assert (unit.erased_at, unit.tested_at) == (None, None)
    with pytest.raises(Conflict) as refused:
        bench.make_ready(unit_id, actor=workshop.actor.actor, **GRADE)
    assert refused.value.code == "test.missing"


def test_another_workshop_takes_nothing_back(workshop):
    unit_id = in_state(workshop, "provided")
    with pytest.raises(NotFound):
        bench.take_back_unit(
            unit_id, actor=workshop.world.reuse_actor("Autre Atelier").actor, ground="refund"
        )
    with pytest.raises(NotAllowed):
        bench.take_back_unit(unit_id, actor=workshop.world.buyer().actor, ground="refund")
