"""Acts corrected or voided by a later act: who may, which, once; the other side agrees when it has the device."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.collection.shipments import services as shipments
from reuse_market.fleets.services.discarding import discard_units
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotCommitting, NotFound
from reuse_market.notices.models import Message
from reuse_market.notices.settings import configure
from reuse_market.proofs import timeline
from reuse_market.proofs.correction_models import CORRECTION_STATES, Correction
from reuse_market.proofs.corrections import services
from reuse_market.proofs.corrections.lifecycle import FLOW
from reuse_market.proofs.corrections.table import BY_FAMILY, CORRECTABLE, NEXT
from reuse_market.proofs.epcis.table import ROWS
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import protocols
from reuse_market.refurbishing import queries as bench_reads
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.models import Part, RemovalBatch, Repair, TestRun, WasteRecord
from reuse_market.refurbishing.parts import register
from reuse_market.refurbishing.services import repairing
from reuse_market.reservations import services as reservations
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from reuse_market.units.models import Unit
from tests.support.workshop import GRADE, Workshop
from tests.support.world import Party, World, fleet

MADE_IN_PLACE = {"lot.balance", "lot.told"}  # Workshop's lot has no claim and no pick-up


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Seeded rows, files and mails, without an application."""
    files.configure(f"file://{tmp_path / 'files'}")
    configure(
        base_url="http://parc.example", mail_url="smtp://localhost:1", sender="Parc <parc@parc.example>"
    )
    return World.begin()


@pytest.fixture
def shop(world: Any) -> Workshop:
    return Workshop(world)


@pytest.fixture
def other(world: Any) -> Party:
    return world.reuse_actor("Reconditionneur Exemple")


def faults() -> list[Any]:
    return [fault for fault in (*reconcile(), *verify_chains()) if fault.rule not in MADE_IN_PLACE]


def last(event_type: str) -> str:
    uid = session().scalar(
        sa.select(Event.uid).where(Event.type == event_type).order_by(Event.id.desc()).limit(1)
    )
    assert uid is not None
    return uid


def refused(verb: Any) -> DomainError:
    with pytest.raises(DomainError) as told:
        verb()
    return told.value


def test_every_type_is_corrected_or_says_what_to_do_instead():
    """A literal table: nothing that moves a device is in it, and no row is for a type that does not exist."""
    assert set(CORRECTABLE) == {
        "unit.tested", "unit.repaired", "part.removed", "unit.waste-declared", "batch.removed",
    }  # fmt: skip
    assert not set(CORRECTABLE) & set(NEXT)
    assert set(CORRECTABLE) | set(NEXT) <= set(ROWS), "a type nobody tells"
    assert set(BY_FAMILY) <= {one.partition(".")[0] for one in ROWS} | {"correction"}


def test_a_test_is_voided_and_the_gate_is_armed_again(shop):
    """On the wrong device: the test no longer counts, the device leaves the shop window, both stay told."""
    [unit_id] = shop.sound(1)
    bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)
    uid = last("unit.tested")
    assert (
        refused(lambda: services.correct_event(uid, {"battery": 101}, actor=shop.actor.actor)).field
        == "battery"
    )
    assert isinstance(refused(lambda: services.correct_event(uid, {}, actor=shop.actor.actor)), Invalid)
    assert refused(lambda: services.correct_event(uid, {"grams": 3}, actor=shop.actor.actor)).field == "grams"
    assert isinstance(
        refused(lambda: services.correct_event(uid, {"battery": 90}, actor=shop.actor.actor)), Invalid
    )
    made = services.void_event(uid, actor=shop.actor.actor, note="Camille a testé le voisin")
    assert made.state == "approved"
    unit = units.get(unit_id)
    assert (unit.state, unit.tested_at) == ("in_workshop", None)
    assert (
        "test.none" in {one.code for one in bench_reads.case(unit_id).missing}
        or bench_reads.case(unit_id).test is None
    )
    row = session().scalars(sa.select(TestRun).where(TestRun.unit_id == unit_id)).one()
    assert row.void_at is not None
    said = session().scalars(sa.select(Event).where(Event.type == "event.voided")).one()
    body = journal.body(said)
    assert body["corrects"] == uid
    assert body["facts"]["reason"] == "did_not_occur"
    assert "Camille" not in said.payload.decode()
    assert refused(lambda: services.void_event(uid, actor=shop.actor.actor)).code == "correction.once"
    again = refused(lambda: services.void_event(said.uid, actor=shop.actor.actor))
    assert again.code == "correction.otherwise"
    assert faults() == []
    steps = [one for one in timeline.of_lot("LOT-2026-0001") if one.corrected is not None]
    assert [(one.event_type, one.corrected.reason) for one in steps] == [("unit.tested", "did_not_occur")]


def test_what_an_act_says_is_corrected_and_replays_so(shop):
    """Battery of a test, work of a repair, weight of a part: rows and journal agree; a mended row alone does not."""
    me = shop.actor.actor
    first, second = shop.received(2)
    shop.tested([first])
    services.correct_event(last("unit.tested"), {"battery": 61}, actor=me)
    assert session().scalars(sa.select(TestRun.battery_percent)).all() == [61]
    repairing.record_repair(second, ["screen"], actor=me)
    services.correct_event(last("unit.repaired"), {"work": ["keyboard", "board"]}, actor=me)
    part = repairing.take_part(second, repairing.Taken("screen", weight_g=900), actor=me)
    assert refused(lambda: services.void_event(last("part.removed"), actor=me)).code == "correction.void"
    services.correct_event(last("part.removed"), {"grams": 950}, actor=me)
    assert session().get(Part, part.id).weight_g == 950
    repairing.record_repair(second, ["screen"], actor=me, part_ids=[part.id])
    fitted = last("unit.repaired")
    assert refused(lambda: services.void_event(fitted, actor=me)).code == "correction.parts"
    repairing.remove_part(part.id, actor=me)
    services.void_event(fitted, actor=me)
    repairs = session().scalars(sa.select(Repair).order_by(Repair.id)).all()
    assert [(list(one.work), one.void_at is None) for one in repairs] == [
        (["keyboard", "board"], True),
        (["screen"], False),
    ]
    assert faults() == []
    for change in (
        sa.update(TestRun).values(battery_percent=90), sa.update(Part).values(weight_g=900),
        sa.update(Repair).where(Repair.id == repairs[1].id).values(void_at=None),
        sa.update(Correction).where(Correction.kind == "void").values(state="declined"),
    ):  # fmt: skip
        with db.writing():
            session().execute(change)
            assert faults() != [], str(change)
            session().rollback()


def test_weights_of_waste_and_the_day_of_a_removal_are_corrected(shop, other):
    """Before and after it left, by its organisation alone: the register follows, each value has its rule."""
    me, today = shop.actor.actor, clock.today()
    first, second = shop.received(2)
    with clock.frozen(clock.now() - timedelta(days=3)):
        for one in (first, second):
            bench.declare_waste(one, "not_repairable", actor=me, weight_g=2_000)
    services.correct_event(last("unit.waste-declared"), {"weight_g": 1_650}, actor=me)
    batch = bench.open_batch(actor=me).reference
    bench.add_to_batch(batch, [first, second], actor=me)
    bench.remove_batch(batch, actor=me, producer_scheme="Éco-organisme Exemple", weight_g=4_000)
    removed = last("batch.removed")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"removed_on": today + timedelta(days=1)}, "removed_on"), ({"weight_g": 0}, "weight_g"),
        ({"removed_on": today - timedelta(days=4)}, "removed_on"), ({"removed_on": "hier"}, "removed_on"),
        ({"grams": 5}, "grams"), ({"weight_g": 4_000, "removed_on": today}, "weight_g"),
    ]  # fmt: skip
    for values, field in wrong:
        assert refused(lambda values=values: services.correct_event(removed, values, actor=me)).field == field
    assert refused(lambda: services.void_event(removed, actor=me)).code == "correction.void"
    assert isinstance(
        refused(lambda: services.correct_event(removed, {"weight_g": 9}, actor=other.actor)), NotFound
    )
    day = today - timedelta(days=2)
    made = services.correct_event(removed, {"weight_g": 3_650, "removed_on": day}, actor=me)
    assert made.values == {"weight_g": 3_650, "removed_on": day.isoformat()}
    [line] = register.exits(me.organisation_id, day.year)
    told = (line["left_on"], line["weight_g"], line["batch_weight_g"], line["units"])
    assert told == (day, 3_650, 3_650, 2)
    assert (
        refused(lambda: services.correct_event(removed, {"weight_g": 9}, actor=me)).code == "correction.once"
    )
    assert faults() == []
    for change in (
        sa.update(WasteRecord).where(WasteRecord.unit_id == second).values(weight_g=2_000),
        sa.update(RemovalBatch).values(weight_g=4_000), sa.update(RemovalBatch).values(removed_on=today),
    ):  # fmt: skip
        with db.writing():
            session().execute(change)
            assert [fault.rule for fault in faults()] == ["waste.told"], str(change)
            session().rollback()


def test_the_weights_of_devices_declared_waste_together_stay(world):
    """One act told of several devices: none of them can be meant."""
    holder = world.holder()
    ids = fleet(holder, 2)
    discard_units(ids, actor=holder.actor)
    bench.request_removal(
        dict.fromkeys(ids, "too_old"), actor=holder.actor, site_id=holder.site_id, scheme=None,
        producer_scheme="Éco-organisme Exemple",
    )  # fmt: skip
    told = last("unit.waste-declared")
    once = refused(lambda: services.correct_event(told, {"weight_g": 900}, actor=holder.actor))
    assert once.code == "correction.several"


ACTS: dict[str, str] = {  # a type that is not corrected → words of the step that is named instead
    "workshop.received": "handover note",
    "media.counted": "Count the storage media again",
    "media.erased": "Withdraw the proof of erasure",
    "unit.ready": "back to the workshop",
}


def test_who_corrects_what_and_what_is_named_instead(shop, other, world):
    me = shop.actor.actor
    [unit_id] = shop.ready(1)
    uid = last("unit.tested")
    actors: dict[str, Actor] = {
        "author": me, "prepares": replace(me, commits=False), "operator for it": replace(me, via="operator"),
        "other actor": other.actor, "holder": shop.holder.actor, "suspended": replace(me, roles=frozenset()),
        "operator": world.party("Métropole Exemple", "operator").actor, "system": SYSTEM,
    }  # fmt: skip
    said = {
        "prepares": NotCommitting, "operator for it": NotAllowed, "other actor": NotFound, "holder": NotFound,
        "suspended": NotAllowed, "operator": NotFound, "system": NotFound,
    }  # fmt: skip
    for name, kind in said.items():
        void = partial(services.void_event, uid, actor=actors[name])
        correct = partial(services.correct_event, uid, {"battery": 5}, actor=actors[name])
        assert [type(refused(verb)) for verb in (void, correct)] == [kind, kind], name
    for event_type, words in ACTS.items():
        told = refused(partial(services.void_event, last(event_type), actor=me))
        assert (told.code, words in str(told.message)) == ("correction.otherwise", True), event_type
    assert services.void_event(uid, actor=me).state == "approved"
    assert units.get(unit_id).state == "in_workshop"


# state × actor → the actions offered, word for word
GRID = {
    "proposed": {"author": ["withdraw"], "other side": ["approve", "decline"], "stranger": [], "system": ["expire"]},
    "approved": {}, "declined": {}, "withdrawn": {}, "expired": {},
}  # fmt: skip


def test_the_other_side_answers_once_it_has_the_device(shop, other):
    """After an answered shipment its receiver agrees or not; the clock ends what nobody answers; mails both ways."""
    me, b = shop.actor.actor, other
    ids = shop.sound(4)
    tests = (
        session().scalars(sa.select(Event.uid).where(Event.type == "unit.tested").order_by(Event.id)).all()
    )
    shipment = shipments.send_shipment(ids, b.organisation_id, actor=me).reference
    shipments.answer_rest(shipment, actor=b.actor)
    made = services.void_event(tests[0], actor=me)
    assert (made.state, made.other_id) == ("proposed", b.organisation_id)
    who = {"author": me, "other side": b.actor, "stranger": shop.holder.actor, "system": SYSTEM}
    for state in CORRECTION_STATES:
        one = Correction(state=state, asked_by_id=made.asked_by_id, other_id=made.other_id)
        for name, actor in who.items():
            assert FLOW.offered(one, actor) == GRID[state].get(name, []), (state, name)
    alone = Correction(state="proposed", asked_by_id=made.asked_by_id, other_id=None)
    assert FLOW.offered(alone, me) == ["apply", "withdraw"]
    assert refused(lambda: services.void_event(tests[0], actor=me)).code == "correction.once"
    assert isinstance(refused(lambda: services.approve_correction(tests[0], actor=me)), NotAllowed)
    on_behalf = replace(b.actor, via="operator")
    assert isinstance(refused(lambda: services.approve_correction(tests[0], actor=on_behalf)), NotAllowed)
    assert isinstance(
        refused(lambda: services.approve_correction(tests[0], actor=shop.holder.actor)), NotFound
    )
    assert faults() == []
    services.approve_correction(tests[0], actor=b.actor)
    assert bench_reads.case(ids[0]).test is None
    services.correct_event(tests[1], {"battery": 12}, actor=me)
    assert refused(lambda: services.decline_correction(tests[1], " ", actor=b.actor)).field == "answer"
    services.decline_correction(tests[1], "Mesuré à 90", actor=b.actor)
    assert session().scalar(sa.select(TestRun.battery_percent).where(TestRun.unit_id == ids[1])) == 90
    services.correct_event(tests[1], {"battery": 13}, actor=me)  # declined, it may be asked again
    services.withdraw_correction(tests[1], actor=me)
    services.void_event(tests[2], actor=me)
    _past()
    assert services.expire_due() == 1
    assert isinstance(refused(lambda: services.approve_correction(tests[2], actor=b.actor)), Conflict)
    assert faults() == []
    told = session().scalars(sa.select(Message.template).where(Message.about.like("event/%"))).all()
    assert (told.count("correction_proposed"), told.count("correction_closed")) == (4, 8)


@command
def _past() -> None:
    session().execute(sa.update(Correction).values(answer_until=clock.today() - timedelta(days=1)))


def test_what_is_on_its_way_or_handed_over_is_said_before_anybody_is_asked(shop, other):
    """An open shipment refuses a correction of its tests like any verb; a test of what was handed over is not voided,
    and nobody is asked in vain; its battery is said anew once the beneficiary agrees."""
    me = shop.actor.actor
    [sent, sold] = shop.ready(2)
    uids = session().scalars(sa.select(Event.uid).where(Event.type == "unit.tested").order_by(Event.id)).all()
    shipment = shipments.send_shipment([sent], other.organisation_id, actor=me).reference
    for verb in (services.void_event, partial(services.correct_event, values={"battery": 40})):
        assert refused(partial(verb, uids[0], actor=me)).code == "unit.shipped"
    assert units.get(sent).tested_at is not None
    shipments.void_shipment(shipment, actor=me)
    buyer = handed_over(shop)
    assert units.get(sold).state == "provided"
    assert refused(lambda: services.void_event(uids[1], actor=me)).code == "correction.moved-on"
    assert (
        session().scalars(sa.select(Message.template).where(Message.template == "correction_proposed")).all()
        == []
    )
    assert services.correct_event(uids[1], {"battery": 40}, actor=me).other_id == buyer.organisation_id
    services.approve_correction(uids[1], actor=buyer.actor)
    assert session().scalar(sa.select(TestRun.battery_percent).where(TestRun.unit_id == sold)) == 40
    assert services.void_event(uids[0], actor=me).state == "approved"
    assert faults() == []


def test_a_voided_test_takes_its_locks_with_it(shop):
    """A lock that a test found on the wrong device waits for nobody; one that only a voided test had ended waits
    again, and the hourly job asks its holder."""
    me = shop.actor.actor
    [mistaken, locked] = shop.received(2, serial=None)
    fault = {check.code: "ok" for check in protocols.protocol_for("laptop").checks} | {"lock_mdm": "fault"}
    shop.tested([mistaken], fault)
    assert set(locks.of_units([mistaken])) == {mistaken}
    services.void_event(last("unit.tested"), actor=me)
    assert not locks.of_units([mistaken]).get(mistaken)
    shop.tested([locked], fault)
    shop.tested([locked])
    assert not locks.of_units([locked]).get(locked)
    services.void_event(last("unit.tested"), actor=me)
    assert [wait.kind for wait in locks.of_units([locked])[locked]] == ["mdm"]
    assert not locks.of_units([mistaken]).get(mistaken)
    assert faults() == []


def handed_over(shop: Workshop) -> Party:
    """The second of two identical devices goes to a buyer: the first was taken back to the workshop."""
    buyer = shop.world.public_holder()
    [first, _second] = [one.id for one in session().scalars(sa.select(Unit).order_by(Unit.id))]
    bench.back_to_workshop(first, actor=shop.actor.actor)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    placed = reservations.place_reservation(group.key, 1, actor=buyer.actor).reference
    reservations.confirm_reservation(placed, actor=shop.actor.actor)
    reservations.sign_as_beneficiary(placed, actor=buyer.actor, name="Accueil Exemple")
    return buyer
