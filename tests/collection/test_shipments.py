"""Shipments from actor to actor: sent, answered unit by unit or in one go, voided; who may, in which state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.collection.models import Shipment, ShipmentUnit
from reuse_market.collection.shipments import choosing, reading, services
from reuse_market.documents import queries as documents
from reuse_market.erasure import services as erasure
from reuse_market.kernel import clock, dated, db
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import lists
from reuse_market.refurbishing import queries as bench_reads
from reuse_market.refurbishing import services as bench
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as moves
from reuse_market.units.labels import codes_of
from reuse_market.units.models import STATES, Unit
from tests.support.undoing import undone
from tests.support.workshop import GRADE, Workshop
from tests.support.world import Party


@pytest.fixture
def shop(world: Any) -> Workshop:
    """A workshop that sends, with the lot LOT-2026-0001 of a company that sells."""
    return Workshop(world)


@pytest.fixture
def other(world: Any) -> Party:
    """The actor that receives."""
    return world.reuse_actor("Reconditionneur Exemple")


def send(shop: Workshop, other: Party, ids: list[int], **terms: Any) -> str:
    return services.send_shipment(ids, other.organisation_id, actor=shop.actor.actor, **terms).reference


MADE_IN_PLACE = {"lot.balance", "lot.told"}  # Workshop's lot has no claim and no pick-up


def faults() -> list[Any]:
    """What `reconcile` says, but of the lot that Workshop makes in place."""
    return [fault for fault in reconcile() if fault.rule not in MADE_IN_PLACE]


def sides(unit_id: int) -> tuple[str, int, int]:
    unit = units.get(unit_id)
    assert unit is not None
    return unit.state, unit.owner_id, unit.custodian_id


def test_each_answer_does_what_it_says_and_the_sum_holds(shop, other):
    a, b = shop.actor.organisation_id, other.organisation_id
    ids = [*shop.collected(2), *shop.sound(1), *shop.ready(1), *shop.received(2)]
    collected, second, sound, ready, refused, missing = ids
    reference = send(shop, other, ids, weight_g=30_000, note="Quai 2")
    assert reference == f"EXP-{clock.today().year}-0001"
    assert {sides(unit_id)[1:] for unit_id in ids} == {(a, a)}, "the sender keeps them"
    assert len(codes_of(ids)) == len(ids), "each has a label to be scanned by"
    code = codes_of([collected])[collected]
    assert services.answer_codes(reference, [f"https://parc.example/u/{code}"], actor=other.actor) == 5
    left = services.answer_units(
        reference, {refused: "refused"}, actor=other.actor, reason="damaged", note="Écran cassé"
    )
    assert left == 4
    services.answer_units(reference, {missing: "missing"}, actor=other.actor, reason="not_loaded")
    found = reading.get(reference)
    assert found.state == "sent"
    with pytest.raises(Conflict, match="answered"):
        services.void_shipment(reference, actor=shop.actor.actor)
    assert services.answer_rest(reference, actor=other.actor, received_g=25_000) == 3
    assert {unit_id: sides(unit_id) for unit_id in ids} == {
        collected: ("collected", a, b), second: ("collected", a, b), sound: ("in_workshop", a, b),
        ready: ("in_workshop", a, b), refused: ("in_workshop", a, a), missing: ("missing", a, a),
    }  # fmt: skip
    assert units.get(ready).tested_at is None, "judged anew at its receiver's"
    found = reading.get(reference)
    assert (found.state, reading.counts(found.id)) == (
        "answered",
        {"received": 4, "refused": 1, "missing": 1},
    )
    with pytest.raises(Conflict):
        services.answer_units(reference, {sound: "refused"}, actor=other.actor, reason="damaged")
    assert faults() == []
    note = documents.of(f"shipment/{reference}")
    assert [one.superseded_by is None for one in note] == [True, False]
    told = (
        session().scalars(sa.select(Message.template).where(Message.about == f"shipment/{reference}")).all()
    )
    assert sorted(told) == ["shipment_answered"] * 2 + ["shipment_sent"] * 2
    # What the sender lost on the way it may find again; its gate is armed again.
    bench.find_again(missing, actor=shop.actor.actor)
    assert sides(missing)[0] == "in_workshop"
    # Lent, it is worked on, never offered, cut up or thrown away by its receiver; sent back, it is as before.
    case = bench_reads.case(sound)
    assert "unit.not-owned" in {reason.code for reason in case.missing}
    for verb in (lambda: bench.to_parts(sound, actor=other.actor),
                 lambda: bench.declare_waste(sound, "too_old", actor=other.actor),
                 lambda: bench.make_ready(sound, actor=other.actor, **GRADE)):  # fmt: skip
        with pytest.raises(Conflict) as refusal:
            verb()
        assert refusal.value.code == "unit.not-owned"
    bench.receive_units([collected], actor=other.actor)
    back = services.send_shipment([sound], a, actor=other.actor).reference
    services.answer_rest(back, actor=shop.actor.actor)
    bench.make_ready(sound, actor=shop.actor.actor, **GRADE)
    assert sides(sound) == ("ready", a, a)
    assert faults() == []


BENCH = {
    "receive": lambda i, a: bench.receive_units([i], actor=a),
    "identify": lambda i, a: bench.identify_unit(i, {"cpu": "Processeur Exemple"}, actor=a),
    "test": lambda i, a: bench.record_test(i, actor=a, battery_percent=80),
    "count": lambda i, a: erasure.count_media(i, [], "opened", actor=a),
    "make_ready": lambda i, a: bench.make_ready(i, actor=a, **GRADE),
    "back_to_workshop": lambda i, a: bench.back_to_workshop(i, actor=a),
    "to_parts": lambda i, a: bench.to_parts(i, actor=a),
    "declare_waste": lambda i, a: bench.declare_waste(i, "too_old", actor=a),
    "report_lost": lambda i, a: bench.report_lost(i, actor=a),
    "send": None,
}


def test_nothing_else_happens_to_a_unit_on_its_way(shop, other):
    """Each verb of the bench, in each state that travels, by sender and receiver."""
    third = shop.world.reuse_actor("Troisième Atelier")
    verbs = BENCH | {"send": lambda i, a: services.send_shipment([i], third.organisation_id, actor=a)}
    made = {"collected": shop.collected()[0], "in_workshop": shop.sound()[0], "ready": shop.ready()[0]}
    reference = send(shop, other, list(made.values()))
    for state, unit_id in made.items():
        for name, verb in verbs.items():
            with pytest.raises(Conflict) as refusal:
                verb(unit_id, shop.actor.actor)
            assert refusal.value.code == "unit.shipped", (state, name)
            with pytest.raises(DomainError):
                verb(unit_id, other.actor)
    buyer = shop.world.buyer()
    for action in ("hold", None):  # what the shop window does, and an act that changes no state
        opening = moves.Opening("hold", "RES-2026-0001", buyer.organisation_id)
        move = moves.Move(action, party_id=buyer.organisation_id, opens=(opening,))
        with pytest.raises(Conflict) as refusal:
            moves.act(move, [made["ready"]], doing=journal.Act(buyer.actor), stream="lot/LOT-2026-0001",
                      event_type="reservation.placed")  # fmt: skip
        assert refusal.value.code == "unit.shipped"
    services.void_shipment(reference, actor=shop.actor.actor)
    bench.report_lost(made["ready"], actor=shop.actor.actor)
    assert faults() == []


# verb → {shipment state: {who: outcome}}; "x" it works.
GRID = {
    "answer": {
        "sent": {"sender": "NotAllowed", "receiver": "x", "third": "NotFound", "holder": "NotFound",
                 "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "begun": {"sender": "NotAllowed", "receiver": "x", "third": "NotFound", "holder": "NotFound",
                  "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "answered": {"sender": "NotAllowed", "receiver": "Conflict", "third": "NotFound", "holder": "NotFound",
                     "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "voided": {"sender": "NotAllowed", "receiver": "Conflict", "third": "NotFound", "holder": "NotFound",
                   "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
    },
    "close": {
        "sent": {"sender": "NotAllowed", "receiver": "x", "third": "NotFound", "holder": "NotFound",
                 "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "begun": {"sender": "NotAllowed", "receiver": "x", "third": "NotFound", "holder": "NotFound",
                  "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "answered": {"sender": "NotAllowed", "receiver": "Conflict", "third": "NotFound", "holder": "NotFound",
                     "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "voided": {"sender": "NotAllowed", "receiver": "Conflict", "third": "NotFound", "holder": "NotFound",
                   "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
    },
    "void": {
        "sent": {"sender": "x", "receiver": "NotAllowed", "third": "NotFound", "holder": "NotFound",
                 "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "begun": {"sender": "Conflict", "receiver": "NotAllowed", "third": "NotFound", "holder": "NotFound",
                  "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "answered": {"sender": "Conflict", "receiver": "NotAllowed", "third": "NotFound", "holder": "NotFound",
                     "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
        "voided": {"sender": "Conflict", "receiver": "NotAllowed", "third": "NotFound", "holder": "NotFound",
                   "operator": "NotAllowed", "receiver by the operator": "NotAllowed"},
    },
}  # fmt: skip


def test_who_may_do_what_in_which_state(shop, other):
    world = shop.world
    people = {
        "sender": shop.actor.actor, "receiver": other.actor, "holder": shop.holder.actor,
        "third": world.reuse_actor("Troisième Atelier").actor, "operator": world.operator().actor,
        "receiver by the operator": replace(other.actor, via="operator"),
    }  # fmt: skip
    for verb, by_state in GRID.items():
        for state, expected in by_state.items():
            reference = _in_state(shop, other, state)
            found = {who: _outcome(verb, reference, actor) for who, actor in people.items()}
            assert found == expected, (verb, state)


def _in_state(shop: Workshop, other: Party, state: str) -> str:
    ids = shop.collected(2)
    reference = send(shop, other, ids)
    if state == "begun":
        services.answer_units(reference, {ids[0]: "received"}, actor=other.actor)
    if state == "answered":
        services.answer_rest(reference, actor=other.actor)
    if state == "voided":
        services.void_shipment(reference, actor=shop.actor.actor)
    return reference


def _outcome(verb: str, reference: str, actor: Any) -> str:
    def tried() -> str:
        if verb == "answer":
            ids = reading.waiting_ids(reading.get(reference).id) or [1]
            services.answer_units(reference, {ids[0]: "received"}, actor=actor)
        elif verb == "close":  # the last answer
            services.answer_rest(reference, actor=actor)
        else:
            services.void_shipment(reference, actor=actor)
        return "x"

    return undone(tried)


SENDABLE = {"collected", "in_workshop", "ready"}


def test_what_may_be_sent_in_each_state(shop, other):
    """The custodian sends what is to take in, in the workshop or ready; a holder's store or waste stays."""
    made = {state: shop.collected(state=state)[0] for state in STATES if state not in ("ready", "held")}
    made |= {"ready": shop.ready()[0]}
    found = {}
    for state, unit_id in made.items():
        try:
            send(shop, other, [unit_id])
            found[state] = True
        except DomainError:
            found[state] = False
    assert {state for state, sent in found.items() if sent} == SENDABLE
    [waiting] = shop.collected(countersigned=False)
    with pytest.raises(Conflict):
        send(shop, other, [waiting])
    with pytest.raises(NotAllowed):
        services.send_shipment([waiting], other.organisation_id, actor=shop.world.reuse_actor("Tiers").actor)
    for receiver in (shop.actor, shop.world.buyer(), shop.holder):
        with pytest.raises(Invalid):
            send(shop, receiver, shop.collected(1))
    with pytest.raises(NotAllowed):
        services.send_shipment([1], other.organisation_id, actor=shop.holder.actor)


def test_the_owner_moves_only_by_what_the_law_allows(shop, other):
    """A company's devices are sold on, what a public body gave is not; regime and lot stay."""
    [sold] = shop.received(1)
    reference = send(shop, other, [sold], transfer="sale", price_cents=40_00)
    services.answer_rest(reference, actor=other.actor)
    unit = units.get(sold)
    assert (unit.owner_id, unit.custodian_id, unit.regime) == (*[other.organisation_id] * 2, "sale")
    assert unit.stream == "lot/LOT-2026-0001", "the lot, and with it the erasure policy, follows"
    [lent] = shop.received(1)
    with pytest.raises(Invalid):
        send(shop, other, [lent], transfer="sale")
    refused = give_under("free_transfer", shop)
    with pytest.raises(Invalid) as law:
        send(shop, other, [refused], transfer="sale", price_cents=40_00)
    assert (law.value.code or "").startswith("regime.")
    assert sides(refused) == ("in_workshop", *[shop.actor.organisation_id] * 2)
    # Custody alone needs no permission; and who does not own does not sell.
    reference = send(shop, other, [refused])
    services.answer_rest(reference, actor=other.actor)
    with pytest.raises(Invalid, match="not yours"):
        services.send_shipment(
            [refused], shop.actor.organisation_id, actor=other.actor, transfer="gift"
        )  # fmt: skip
    assert faults() == []


def give_under(regime: str, shop: Workshop) -> int:
    """A unit in the workshop that came under this regime."""
    [unit_id] = shop.received(1)
    moves.act(moves.Move(regime=regime), [unit_id], doing=journal.Act(shop.actor.actor),
              stream="lot/LOT-2026-0001", event_type="unit.identified", facts={})  # fmt: skip
    return unit_id


def test_sorting_what_to_send(shop, other):
    monitors, ready = shop.received(3, kind="monitor"), shop.ready(2)
    found = choosing.ranges(shop.actor.organisation_id)
    assert sorted((one.state, one.kind, one.units) for one in found) == [
        ("in_workshop", "monitor", 3), ("ready", "laptop", 2),
    ]  # fmt: skip
    assert [one.units for one in choosing.ranges(shop.actor.organisation_id, state="ready")] == [2]
    keys = {one.kind: one.key for one in found}
    assert choosing.ids_of(shop.actor.organisation_id, {keys["monitor"]: 2}) == monitors[:2]
    codes = codes_of(ready)
    assert choosing.by_codes(shop.actor.organisation_id, [*codes.values(), "RIEN"]) == (ready, ["RIEN"])
    send(shop, other, ready)
    assert [one.kind for one in choosing.ranges(shop.actor.organisation_id)] == ["monitor"]


def test_what_is_on_its_way_is_not_in_the_shop_window_and_arrives_by_its_shipment(shop, other):
    """The catalogue forgets a ready unit until it is answered; the receiver's list tells no pick-up of the sender."""
    buyer = shop.world.buyer().actor
    ready, brought = shop.ready(3), shop.collected(2, pickup="ENL-2026-0009")
    [group] = catalogue.groups(catalogue.Filters(), buyer)
    here, there = shop.actor.organisation_id, other.organisation_id
    assert lists.arrivals(here) == [lists.Arrival("ENL-2026-0009", "LOT-2026-0001", 2)]
    reference = send(shop, other, [ready[0], *brought])
    assert [one.units for one in catalogue.groups(catalogue.Filters(), buyer)] == [2]
    assert catalogue.ready_ids(group, 9) == ready[1:]
    assert lists.arrivals(here) == []
    services.answer_units(reference, {ready[0]: "refused"}, reason="damaged", actor=other.actor)
    assert catalogue.ready_ids(group, 9) == ready
    services.answer_rest(reference, actor=other.actor)
    assert lists.arrivals(here) == []
    assert lists.arrivals(there) == [lists.Arrival(None, "LOT-2026-0001", 2, reference)]
    assert lists.arrival_ids(there, pickup="ENL-2026-0009", lot=None) == []
    assert lists.arrival_ids(there, pickup=None, lot=None, shipment=reference) == brought


def test_both_are_reminded_of_what_nobody_answers(shop, other):
    reference = send(shop, other, shop.collected(1))
    assert services.remind_due() == 0
    _sent_days_ago(reference, dated.delay_days("shipment.remind") + 1)
    assert services.remind_due() == 1
    assert services.remind_due() == 0, "not twice within the delay"
    told = sa.select(sa.func.count()).where(Message.template == "shipment_reminder")
    assert session().scalar(told) == 2


@command
def _sent_days_ago(reference: str, days: int) -> None:
    row = session().scalars(sa.select(Shipment).where(Shipment.reference == reference)).one()
    row.sent_at = clock.now() - timedelta(days=days)


# name → (SQL, rules broken); the shipment is answered: two received, one refused, one still open in another.
MUTANTS = {
    "outcome": ("UPDATE shipment_unit SET outcome = 'received', reason = NULL WHERE outcome = 'refused'",
                {"shipment.balance", "shipment.told"}),
    "unit forgotten": ("DELETE FROM shipment_unit WHERE id = (SELECT max(id) FROM shipment_unit WHERE outcome = "
                       "'received')", {"shipment.balance", "shipment.told"}),
    "fewer sent": ("UPDATE shipment SET units = units - 1 WHERE state = 'answered'", {"shipment.balance"}),
    "answered too early": ("UPDATE shipment SET state = 'answered' WHERE state = 'sent'", {"shipment.balance"}),
    "voided on paper": ("UPDATE shipment SET state = 'voided' WHERE state = 'answered'",
                        {"shipment.balance"}),
    "sold on paper": ("UPDATE shipment SET transfer = 'gift' WHERE state = 'answered'", {"shipment.told"}),
    "another sender": ("UPDATE shipment SET sender_id = :holder WHERE state = 'sent'",
                       {"shipment.told", "shipment.custody"}),
    "another receiver": ("UPDATE shipment SET receiver_id = :holder WHERE state = 'sent'",
                         {"shipment.told", "shipment.custody"}),
    "shipment gone": ("DELETE FROM shipment WHERE state = 'sent'", {"shipment.told", "shipment.balance"}),
}  # fmt: skip


def named_after(tamper: Any) -> set[str]:
    """Rules that `reconcile` names after a change, in a transaction that is thrown away."""
    try:
        with db.writing():
            tamper()
            session().expire_all()
            return {fault.rule for fault in faults()}
    finally:
        db.release()


def test_what_is_changed_behind_the_verbs_is_named(shop, other):
    ids = shop.collected(3)
    reference = send(shop, other, ids)
    services.answer_units(reference, {ids[0]: "refused"}, actor=other.actor, reason="damaged")
    services.answer_rest(reference, actor=other.actor)
    send(shop, other, shop.collected(1))
    assert faults() == []
    marks = {"holder": shop.holder.organisation_id}
    for name, (statement, rules) in MUTANTS.items():
        if name == "shipment gone":
            statement = "DELETE FROM shipment_unit WHERE outcome IS NULL; " + statement

        def tamper(statement: str = statement) -> None:
            for one in statement.split("; "):
                session().execute(sa.text(one), {k: v for k, v in marks.items() if f":{k}" in one})

        assert named_after(tamper) == rules, name


def test_a_unit_answers_once_and_stays_one_shipment(shop, other):
    ids = shop.collected(2)
    reference = send(shop, other, ids)
    for wrong in ({ids[0]: "lost"}, {}, {ids[0]: "refused"}):
        with pytest.raises(Invalid):
            services.answer_units(reference, wrong, actor=other.actor)
    with pytest.raises(Conflict):
        services.answer_units(reference, {shop.collected(1)[0]: "received"}, actor=other.actor)
    with pytest.raises(Invalid):
        services.answer_codes(reference, ["RIEN"], actor=other.actor)
    rows = session().scalars(sa.select(ShipmentUnit.outcome)).all()
    assert rows == [None, None]
    assert session().scalar(sa.select(sa.func.count()).where(Unit.state == "collected")) == 3


def test_a_number_names_the_device_that_alone_bears_it():
    numbers = [(1, ["L1", "S", "S"]), (2, ["L2", "T"]), (3, ["L3", "T"]), (4, ["T"])]
    assert choosing.bearers(numbers) == {"L1": 1, "S": 1, "L2": 2, "T": None, "L3": 3}
    said = {"field": "codes", "unknown": "Unknown: %(number)s", "code": "shipment.unknown"}
    assert choosing.by_numbers([" s ", "", "l-2"], numbers, **said) == [1, 2]
    for typed, code in (("t", "numbers.several"), ("U", "shipment.unknown")):
        with pytest.raises(Invalid) as refused:
            choosing.by_numbers(["L1", typed], numbers, **said)
        assert (refused.value.code, refused.value.params["number"]) == (code, typed)
