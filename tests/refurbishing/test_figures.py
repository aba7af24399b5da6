"""Grades, the words the law keeps, the label queue, the workshop in figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reuse_market.catalogue import queries as catalogue
from reuse_market.collection.shipments import services as shipments
from reuse_market.kernel import clock, praise
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.lots import second_look
from reuse_market.refurbishing import grading, label_queue, queries, services, yields
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.protocols import protocol
from tests.support.workshop import GRADE, make_lot

# what a test found → the state of the device
STATES = [
    ({}, "ok"), ({"camera": "not_applicable"}, "ok"), ({"camera": "fault", "wifi": "fault"}, "partial"),
    ({"power_on": "fault"}, "ko"), ({"power_on": "not_applicable"}, "ko"), ({"lock_mdm": "fault"}, "ko"),
    ({"camera": "fault", "lock_bios": "fault"}, "ko"),
]  # fmt: skip
SAID = [
    ("Écran comme neuf", "new"), ("remis à neuf", "new"), ("A NEUF ? non : à neuf", "new"), ("état neuf", "new"),
    ("quasi-neuf", "new"), ("like new", "new"), ("Il y en a neuf", None), ("neuf portables", None),
    ("le câble est neuf", None), ("Reconditionnés en 2024", "refurbished"), ("à reconditionner", None),
    ("fabrication et livraison à neuf", None), ("", None),
]  # fmt: skip


def test_words_the_law_keeps():
    for text, told in SAID:
        found = "new" if praise.says_new(text) else "refurbished" if praise.says_refurbished(text) else None
        assert found == told, text
    praise.require_plain("reconditionné", proven=True)
    for text, proven in (("reconditionné", False), ("comme neuf", True)):
        with pytest.raises(Invalid):
            praise.require_plain(text, proven=proven)


def test_a_device_that_works_in_part_is_offered_with_its_faults(workshop):
    actor = workshop.actor.actor
    for results, state in STATES:
        made = protocol("laptop-2")
        assert made.state({c.code: "ok" for c in made.checks} | results) == state, results
    [unit_id] = workshop.received(1)
    for note in ("comme neuf", "reconditionné"):
        with pytest.raises(Invalid):
            services.record_test(unit_id, actor=actor, battery_percent=90, note=note)
    readings = {"battery_cycles": 312, "storage_health": 96}
    test = services.record_test(
        unit_id, {"camera": "fault"}, actor=actor, battery_percent=90, readings=readings,
        check_notes={"camera": "image noire"},
    )  # fmt: skip
    assert (test.readings, test.check_notes) == (readings, {"camera": "image noire"})
    for wrong in ({"storage_health": 101}, {"screen_hours": 3}):
        with pytest.raises(Invalid):
            services.record_test(unit_id, actor=actor, battery_percent=90, readings=wrong)
    workshop.erased(unit_id)
    case = queries.case(unit_id)
    assert [reason.code for reason in case.missing] == ["test.fault"]
    assert not grading.may_be_called_refurbished(case)
    with pytest.raises(Conflict) as refused:
        services.make_ready(unit_id, actor=actor, **GRADE)
    assert refused.value.code == "test.fault"
    offer = services.make_ready(unit_id, actor=actor, functional_state="partial", **GRADE)
    assert (offer.functional_state, offer.faults) == ("partial", "camera")
    [sound] = workshop.ready(1)
    groups = catalogue.groups(catalogue.Filters(), workshop.world.buyer().actor)
    assert sorted((group.faults or "", group.units) for group in groups) == [("", 1), ("camera", 1)]
    assert grading.may_be_called_refurbished(queries.case(sound))
    [again] = workshop.sound(1)
    with pytest.raises(Conflict):  # nothing fails: it is not "partial"
        services.make_ready(again, actor=actor, functional_state="partial", **GRADE)
    [locked] = workshop.received(1)
    workshop.tested([locked], {"lock_mdm": "fault"})
    workshop.erased(locked)
    with pytest.raises(Conflict):
        services.make_ready(locked, actor=actor, functional_state="partial", **GRADE)


def test_labels_wait_are_printed_together_and_put_back(workshop):
    actor, here = workshop.actor.actor, workshop.actor.organisation_id
    ids = workshop.received(3)
    assert (label_queue.add(ids[:2], actor=actor), label_queue.add(ids, actor=actor)) == (2, 1)
    assert [case.unit.id for case in label_queue.waiting(here)] == ids
    label_queue.drop(ids[1], actor=actor)
    sheet = label_queue.print_queue(actor=actor)
    assert [case.unit.id for case in label_queue.of_sheet(sheet, here)] == [ids[0], ids[2]]
    assert (label_queue.count(here), [row[2] for row in label_queue.sheets(here)]) == (0, [2])
    with pytest.raises(Conflict):
        label_queue.print_queue(actor=actor)
    label_queue.add([ids[0]], actor=actor)
    assert label_queue.undo(sheet, actor=actor) == 2
    assert sorted(case.unit.id for case in label_queue.waiting(here)) == [ids[0], ids[2]]  # each once
    stranger = workshop.world.reuse_actor("Autre Atelier Exemple").actor
    for act in (
        lambda: label_queue.add(ids, actor=stranger),
        lambda: label_queue.undo(sheet, actor=stranger),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_waits_for_what_and_since_when(workshop):
    """`_check_figures` judges."""
    here, start = workshop.actor.organisation_id, clock.now() + timedelta(days=100)
    with clock.frozen(start - timedelta(days=40)):
        workshop.collected(2)
        locked, _tests, erasure = workshop.received(3)
        workshop.tested([locked], {"lock_mdm": "fault"})
        workshop.tested([erasure])
        workshop.waste(1)
    with clock.frozen(start - timedelta(days=9)):
        workshop.sound(1)  # waits for its grade
        make_lot(workshop.holder, "LOT-2026-0002", "purge")
        second_look.ask_second_look("LOT-2026-0002", "unit", None, actor=workshop.holder.actor)
        (partial, broken, sent), [checked] = workshop.received(3), workshop.received(1, lot="LOT-2026-0002")
        workshop.tested([partial], {"camera": "fault"})
        workshop.tested([broken], {"power_on": "fault"})
        workshop.tested([checked])
        for unit_id in (partial, broken):
            workshop.erased(unit_id)
        workshop.received(1, countersigned=False)
        workshop.erased(checked)
        other = workshop.world.reuse_actor("Reconditionneur Exemple")
        shipments.send_shipment([sent], other.organisation_id, actor=workshop.actor.actor)
    with clock.frozen(start):
        _check_figures(workshop, here)


def _check_figures(workshop, here):
    """Asserts the figures of the stock made above."""
    found = {wait.code: (wait.units, wait.ages, wait.oldest) for wait in yields.waits(here)}
    assert found == {
        "shipment": (1, (0, 1, 0, 0), 9), "intake": (2, (0, 0, 2, 0), 40), "signature": (0, (0, 0, 0, 0), 0),
        "owner": (0, (0, 0, 0, 0), 0), "lock": (1, (0, 0, 1, 0), 40), "tests": (2, (0, 1, 1, 0), 40),
        "repair": (1, (0, 1, 0, 0), 9), "erasure": (1, (0, 0, 1, 0), 40), "check": (1, (0, 1, 0, 0), 9),
        "offer": (2, (0, 2, 0, 0), 9), "removal": (1, (0, 0, 1, 0), 40),
    }  # fmt: skip
    locks.ask_holder("LOT-2026-0001", actor=workshop.actor.actor)
    workshop.ready(3)
    [today, before] = yields.days(here)
    assert (today.tested, today.ready, today.hours, today.per_hour_tenths) == (3, 3, 1, 30)
    assert (before.tested, before.ready) == (4, 0)
    [row] = yields.success(here)
    assert (row.kind, row.tested, row.passed, row.percent) == ("laptop", 9, 6, 67)
