"""Repairs, spare parts, dismantling and the exit register: what may be done, what adds up, what is told."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import queries
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.models import PartFit
from reuse_market.refurbishing.parts import register, stock
from reuse_market.refurbishing.services import dismantling, repairing
from reuse_market.refurbishing.services.repairing import Taken
from reuse_market.traceability.models import Event
from reuse_market.units import queries as units
from tests.refurbishing.test_grid import in_state

MADE_IN_PLACE = {"lot.balance", "lot.told", "reservation.balance"}  # Workshop's lot has no claim


def faults() -> list[Any]:
    """What `reconcile` says, but of the lot that Workshop makes in place."""
    return [fault for fault in reconcile() if fault.rule not in MADE_IN_PLACE]


def test_a_part_goes_from_one_device_into_another_and_out_again(workshop):
    source, target = workshop.sound(2)
    me = workshop.actor.actor
    part = repairing.take_part(
        source, Taken("screen", label="P-1", serial="SCR-1", weight_g=400), actor=me
    ).id
    assert queries.case(source).test is None, "what the test said of it no longer holds"
    repair = repairing.record_repair(
        target, ["screen"], actor=me, note="Dalle", cost_cents=15_00, part_ids=[part]
    )
    assert [row.unit_id for row in stock.parts(workshop.actor.organisation_id)] == [target]
    assert (repair.work, queries.case(target).test) == (["screen"], None)
    for wrong in (lambda: repairing.install_part(part, source, actor=me),
                  lambda: dismantling.dismantle_unit(target, actor=me, reason="not_weighed")):  # fmt: skip
        with pytest.raises(Conflict):
            wrong()
    with db.writing():
        session().add(PartFit(part_id=part, unit_id=source, from_at=clock.now()))
        with pytest.raises(IntegrityError):
            session().flush()
        session().rollback()
    db.release()
    repairing.remove_part(part, actor=me)
    with pytest.raises(Conflict):
        repairing.remove_part(part, actor=me)
    repairing.install_part(part, source, actor=me)
    assert [row.part.id for row in stock.fitted_in(source)] == [part]
    assert stock.fitted_in(target) == []
    other = workshop.world.reuse_actor("Autre Atelier")
    with pytest.raises(DomainError):
        repairing.remove_part(part, actor=other.actor)
    assert faults() == []


def test_a_disk_leaves_proven_erased_and_keeps_its_proof(workshop):
    me = workshop.actor.actor
    [bare, source, target] = workshop.received(3)
    workshop.counted(bare, "ssd")
    medium = media_of([bare])[bare].media[0][0]
    for taken in (
        Taken("storage"),
        Taken("storage", medium_id=medium.id),
        Taken("screen", medium_id=medium.id),
    ):
        with pytest.raises((Conflict, Invalid)):
            repairing.take_part(bare, taken, actor=me)
    with pytest.raises(Conflict) as refusal:
        dismantling.dismantle_unit(bare, actor=me, reason="not_weighed")
    assert refusal.value.code == "dismantling.media"
    workshop.erased(source)
    disk = media_of([source])[source].media[0][0]
    part = repairing.take_part(source, Taken("storage", medium_id=disk.id), actor=me)
    assert media_of([source])[source].count.media == 0
    with pytest.raises(Conflict):
        repairing.install_part(part.id, target, actor=me)  # its media are not counted yet
    workshop.counted(target)
    repairing.install_part(part.id, target, actor=me)
    workshop.tested([source, target])
    assert [case.missing for case in queries.cases([source, target])] == [(), ()], (
        "proof and disk moved together"
    )
    repairing.remove_part(part.id, actor=me)
    assert media_of([target])[target].count.media == 0
    assert faults() == []


def test_masses_add_up_within_the_tolerance_or_a_reason_says_why_not(workshop):
    me = workshop.actor.actor
    one, two, three = workshop.received(3)
    parts = [Taken("screen", weight_g=400), Taken("battery", weight_g=300)]
    with pytest.raises(Invalid) as refusal:
        dismantling.dismantle_unit(one, parts, actor=me, unit_g=2000, residue_g=1000)
    assert refusal.value.code == "dismantling.balance"
    assert units.get(one).state == "in_workshop"
    assert stock.taken_from(one) == [], "all or nothing"
    made = dismantling.dismantle_unit(one, parts, actor=me, unit_g=2000, residue_g=1250)
    assert (made.unit_g, made.parts_g, made.residue_g, made.loss_g, made.reason) == (
        2000,
        700,
        1250,
        50,
        None,
    )
    made = dismantling.dismantle_unit(two, parts, actor=me, unit_g=2000, residue_g=1000, reason="scales")
    assert (made.loss_g, made.reason) == (300, "scales")
    with pytest.raises(Invalid):
        dismantling.dismantle_unit(three, [Taken("screen")], actor=me, unit_g=2000, residue_g=1000)
    bench.to_parts(three, actor=me)
    made = stock.dismantling(three)
    assert (made.loss_g, made.reason) == (None, "not_weighed")
    event = sa.select(Event.payload).where(Event.type == "unit.dismantled").order_by(Event.id).limit(1)
    assert b'"loss_g":50' in bytes(session().scalar(event))
    assert faults() == []


VERBS = {
    "take": lambda i, a: repairing.take_part(i, Taken("fan"), actor=a),
    "repair": lambda i, a: repairing.record_repair(i, ["cleaning"], actor=a),
    "dismantle": lambda i, a: dismantling.dismantle_unit(i, actor=a, reason="other"),
}
STATES = ("discarded", "collected", "in_workshop", "ready", "missing", "parts", "waste", "provided")
OTHERS = {"other actor": "NotFound", "holder": "NotFound", "buyer": "NotFound", "operator": "NotAllowed"}


def test_who_works_on_what_in_which_state(workshop):
    world, me = workshop.world, workshop.actor.actor
    others = {
        "other actor": world.reuse_actor("Autre Atelier").actor, "holder": workshop.holder.actor,
        "buyer": world.buyer().actor, "operator": world.operator().actor,
    }  # fmt: skip
    for name, verb in VERBS.items():
        found = {state: outcome(verb, in_state(workshop, state), me) for state in STATES}
        expected = dict.fromkeys(STATES, "Conflict") | {"in_workshop": "x", "provided": "NotFound"}
        assert found == expected, name
        said = {who: outcome(verb, in_state(workshop, "in_workshop"), actor) for who, actor in others.items()}
        assert said == OTHERS, name
    [unsigned] = workshop.received(countersigned=False)
    assert {name: outcome(verb, unsigned, me) for name, verb in VERBS.items()} == {
        "take": "Conflict", "repair": "x", "dismantle": "Conflict",
    }  # fmt: skip


def outcome(verb: Any, unit_id: int, actor: Any) -> str:
    try:
        verb(unit_id, actor)
    except DomainError as error:
        return type(error).__name__
    return "x"


MUTANTS = {
    "part in stock on paper": ("UPDATE part SET state = 'in_stock' WHERE state = 'installed'", {"part.parent"}),
    "fit closed": ("UPDATE part_fit SET until_at = from_at WHERE until_at IS NULL", {"part.parent", "part.told"}),
    "another source": ("UPDATE part SET source_unit_id = :other WHERE state = 'installed'", {"part.told"}),
    "lighter": ("UPDATE part SET weight_g = weight_g - 1 WHERE dismantled", {"part.told", "dismantling.balance"}),
    "part gone": ("DELETE FROM part WHERE dismantled", {"part.told", "dismantling.balance"}),
    "residue": ("UPDATE dismantling SET residue_g = residue_g + 10, loss_g = loss_g - 10", {"dismantling.told"}),
    "dismantling gone": ("DELETE FROM dismantling", {"dismantling.told"}),
}  # fmt: skip


def test_what_is_changed_behind_the_verbs_is_named(workshop):
    me = workshop.actor.actor
    source, target, apart = workshop.received(3)
    part = repairing.take_part(source, Taken("fan", weight_g=50), actor=me)
    repairing.install_part(part.id, target, actor=me)
    dismantling.dismantle_unit(apart, [Taken("case", weight_g=900)], actor=me, unit_g=2000, residue_g=1100)
    assert faults() == []
    for name, (statement, rules) in MUTANTS.items():
        marks = {"other": target} if ":other" in statement else {}
        try:
            with db.writing():
                session().execute(sa.text(statement), marks)
                session().expire_all()
                assert {fault.rule for fault in faults()} == rules, name
        finally:
            session().rollback()
            db.release()


def test_the_exit_register_says_what_left_and_what_nobody_knows(workshop):
    me, here = workshop.actor.actor, workshop.actor.organisation_id
    monitors, [laptop] = workshop.waste(2), workshop.received()
    bench.declare_waste(laptop, "too_old", actor=me, weight_g=2100)
    first, second = bench.open_batch(actor=me).reference, None
    bench.add_to_batch(first, monitors, actor=me)
    bench.remove_batch(
        first, actor=me, producer_scheme="Éco-organisme Exemple", weight_g=9000, slip_number="BSD-1"
    )
    second = bench.open_batch(actor=me).reference
    bench.add_to_batch(second, [laptop], actor=me)
    bench.remove_batch(second, actor=me, producer_scheme="Éco-organisme Exemple")
    year = clock.today().year
    lines = register.exits(here, year)
    assert [(one["kind"], one["units"], one["weighed"], one["slip_number"]) for one in lines] == [
        ("monitor", 2, "usual", "BSD-1"), ("laptop", 1, "weighed", None),
    ]  # fmt: skip
    assert [one["weee_category"] for one in lines] == ["2", "2"]
    assert register.exits(here, year - 1) == []
    assert register.exits(workshop.holder.organisation_id, year) == []
    text = register.register_csv(here, year, "fr", str)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == list(register.HEADS.values())
    told = dict(zip(rows[0], rows[2], strict=True))
    assert (told["Slip number"], told["Waste code (R541-8)"], told["Grams"]) == (
        "not provided",
        "not provided",
        "2100",
    )
    assert told["Lot it came from"] == "LOT-2026-0001"
