"""Tests, gates, offers, identity and labels on both databases."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from reuse_market.erasure import services as erasure
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, DomainError, Invalid
from reuse_market.refurbishing import queries, services
from reuse_market.refurbishing.protocols import PROTOCOLS, protocol, protocol_for
from reuse_market.traceability import queries as journal
from reuse_market.units import labels
from reuse_market.units import queries as units
from tests.support.workshop import GRADE, make_lot


def actor(workshop):
    return workshop.actor.actor


def missing(unit_id):
    return [reason.code for reason in queries.case(unit_id).missing]


# --- gates


GATES = [
    (None, False, False, ["unit.not-countersigned", "test.missing", "media.not-counted"]),
    (None, False, True, ["test.missing", "media.not-counted"]),
    (None, True, True, ["test.missing"]),
    ("fault", True, True, ["test.fault"]),
    ("ok", False, True, ["media.not-counted"]),
    ("ok", True, False, ["unit.not-countersigned"]),
    ("ok", True, True, []),
]


def test_what_is_missing_and_ready_only_when_nothing_is(workshop):
    for test, erased, countersigned, expected in GATES:
        [unit_id] = workshop.received(countersigned=countersigned)
        if test:
            workshop.tested([unit_id], {} if test == "ok" else {"camera": "fault"})
        if erased:
            workshop.erased(unit_id)
        assert missing(unit_id) == expected
        if expected:
            with pytest.raises(Conflict) as refused:
                services.make_ready(unit_id, actor=actor(workshop), **GRADE)
            assert refused.value.code == expected[0]
            assert units.get(unit_id).state == "in_workshop"
            continue
        services.make_ready(unit_id, actor=actor(workshop), **GRADE)
        unit, case = units.get(unit_id), queries.case(unit_id)
        assert (unit.state, unit.tested_at, unit.erased_at) == (
            "ready",
            case.test.tested_at,
            case.gate.met_at,
        )


@pytest.mark.parametrize(("policy", "ready"), [("clear", True), ("purge", True), ("destroy", False)])
def test_the_lots_policy_decides(workshop, policy, ready):
    make_lot(workshop.holder, "LOT-2026-0002", policy)
    [unit_id] = workshop.sound(lot="LOT-2026-0002")
    assert (missing(unit_id) == []) is ready


BY_HAND = [
    (state, erased, tested)
    for state in ("ready", "held")
    for erased, tested in ((False, False), (True, False), (False, True), (True, True))
]


def test_the_database_itself_refuses_ready_without_gates(workshop):
    sql = sa.text("UPDATE unit SET state = :s, erased_at = :e, tested_at = :t WHERE id = :i").bindparams(
        sa.bindparam("e", type_=sa.DateTime), sa.bindparam("t", type_=sa.DateTime)
    )
    ids, now = workshop.received(len(BY_HAND)), clock.now().replace(tzinfo=None)
    db.release()
    for unit_id, (state, erased, tested) in zip(ids, BY_HAND, strict=True):
        values = {"s": state, "e": now if erased else None, "t": now if tested else None, "i": unit_id}
        lawful = nullcontext() if erased and tested else pytest.raises(IntegrityError)
        with lawful, db.writing(), db.database().engine.begin() as connection:
            connection.execute(sql, values)


def test_several_ready_in_one_act_or_none(workshop):
    sound, unsound = workshop.sound(2), workshop.received()
    with pytest.raises(Conflict):
        services.make_ready_many([*sound, *unsound], actor=actor(workshop), **GRADE)
    assert {u.state for u in units.by_ids([*sound, *unsound])} == {"in_workshop"}
    services.make_ready_many(sound, actor=actor(workshop), **GRADE)
    told = [e for i in sound for e in journal.events_of_unit(i) if e.type == "unit.ready"]
    assert (len(told), len({e.act_id for e in told})) == (2, 1)
    assert journal.body(told[0])["change"].keys() == {"state", "erased_at", "tested_at"}


def test_a_later_certificate_of_failure_shuts_the_gate_again(workshop):
    [unit_id] = workshop.sound()
    [(medium, _proofs)] = erasure.queries.media_of([unit_id])[unit_id].media
    workshop.certify(medium, result="failed")
    assert missing(unit_id) == ["result.failed"]


def test_back_from_the_shop_the_gates_are_judged_again(workshop):
    [unit_id] = workshop.ready()
    services.back_to_workshop(unit_id, actor=actor(workshop))
    unit = units.get(unit_id)
    assert (unit.erased_at, unit.tested_at) == (None, None)
    workshop.tested([unit_id], {"sound": "fault"})
    with pytest.raises(Conflict):
        services.make_ready(unit_id, actor=actor(workshop), **GRADE)
    workshop.tested([unit_id])
    services.make_ready(unit_id, actor=actor(workshop), **{**GRADE, "cosmetic_grade": "C"})
    assert queries.case(unit_id).offer.cosmetic_grade == "C"


def test_lost_and_found_is_tested_again(workshop):
    [unit_id] = workshop.ready()
    services.report_lost(unit_id, actor=actor(workshop))
    services.find_again(unit_id, actor=actor(workshop))
    assert missing(unit_id) == ["test.missing", "media.not-counted"]


WRONG_TERMS = [
    ({"cosmetic_grade": "E"}, "cosmetic_grade"),
    ({"cosmetic_grade": ""}, "cosmetic_grade"),
    ({"price_cents": -1}, "price_cents"),
    ({"price_cents": 100_000_01}, "price_cents"),
    ({"vat_scheme": "none"}, "vat_scheme"),
    ({"open_to": "friends"}, "open_to"),
    ({"warranty_months": 121}, "warranty_months"),
]


def test_terms_outside_the_lists(workshop):
    [unit_id] = workshop.sound()
    for terms, field in WRONG_TERMS:
        with pytest.raises(Invalid) as refused:
            services.make_ready(unit_id, actor=actor(workshop), **{**GRADE, **terms})
        assert refused.value.field == field


# --- tests


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("laptop", "laptop-2"), ("desktop", "desktop-2"), ("all_in_one", "desktop-2"),
        ("thin_client", "desktop-2"), ("workstation", "desktop-2"), ("server", "desktop-2"),
        ("monitor", "monitor-1"), ("tablet", "tablet-2"), ("smartphone", "smartphone-2"),
        ("desk_phone", "generic-2"), ("printer", "generic-2"), ("multifunction", "generic-2"),
        ("projector", "generic-2"), ("network_device", "generic-2"), ("dock", "generic-2"),
        ("storage_device", "generic-2"), ("carton", "generic-2"), ("other", "generic-2"),
    ],
)  # fmt: skip
def test_each_kind_has_its_protocol(kind, code):
    assert protocol_for(kind).code == code


def test_protocols_are_dated_and_kept():
    assert [p.code for p in PROTOCOLS] == [
        "laptop-1", "desktop-1", "monitor-1", "tablet-1", "smartphone-1", "generic-1",
        "laptop-2", "desktop-2", "tablet-2", "smartphone-2", "generic-2",
    ]  # fmt: skip
    kinds = {"laptop", "tablet", "smartphone"}
    assert {p.code for p in PROTOCOLS if p.battery} == {f"{kind}-{n}" for kind in kinds for n in (1, 2)}
    assert protocol_for("laptop", date(2026, 10, 31)).code == "laptop-1"  # a test of then is read as it was
    assert protocol("laptop-1").checks[0].code == "power_on"
    assert all(len({c.code for c in p.checks}) == len(p.checks) for p in PROTOCOLS)


PASSED = [
    ({}, True),
    ({"camera": "not_applicable"}, True),
    ({"camera": "fault"}, False),
    ({"power_on": "not_applicable"}, False),
    ({"lock_mdm": "not_applicable"}, True),
    ({"lock_mdm": "fault"}, False),
    ({"battery": "not_applicable"}, True),
    ({"battery": "fault"}, False),
]


def test_passed(workshop):
    [unit_id] = workshop.received()
    for results, passed in PASSED:
        made = services.record_test(unit_id, results, actor=actor(workshop), battery_percent=80)
        assert made.passed is passed, results
        assert made.battery_percent == (None if results.get("battery") == "not_applicable" else 80)
        assert set(made.results) == {check.code for check in protocol("laptop-2").checks}


WRONG_TESTS = [
    ({}, "battery_percent"),
    ({"battery_percent": 101}, "battery_percent"),
    ({"battery_percent": 80, "results": {"stand": "ok"}}, "stand"),
    ({"battery_percent": 80, "results": {"wifi": "maybe"}}, "wifi"),
    ({"battery_percent": 80, "note": "x" * 501}, "note"),
]


def test_a_test_that_cannot_be(workshop):
    [unit_id] = workshop.received()
    for values, field in WRONG_TESTS:
        with pytest.raises(Invalid) as refused:
            services.record_test(unit_id, actor=actor(workshop), **values)
        assert refused.value.field == field
    assert queries.latest_tests([unit_id]) == {}


def test_a_test_is_a_row_and_an_event_each(workshop):
    ids = workshop.received(3)
    workshop.tested(ids)
    events = [e for i in ids for e in journal.events_of_unit(i) if e.type == "unit.tested"]
    assert (len(events), len({e.act_id for e in events})) == (3, 1)
    facts = {"protocol": "laptop-2", "passed": True, "faults": [], "battery": 90}
    assert journal.body(events[0])["facts"] == facts


# --- identity, labels, intake


def test_identity_and_the_same_serial_elsewhere(workshop):
    first, second = workshop.received(2)
    values = {"maker": "Marque Exemple", "model": "Modèle 14", "serial": " ex 01 ", "ram_mb": 8192}
    assert services.identify_unit(first, values, actor=actor(workshop)).same_serial == ()
    unit = units.get(first)
    assert (unit.serial, unit.ram_mb, unit.serial_key) == ("ex 01", 8192, "EX01|marqueexemple")
    assert services.identify_unit(second, {"serial": "EX01"}, actor=actor(workshop)).same_serial == (first,)
    told = [e for e in journal.events_of_unit(first) if e.type == "unit.identified"][0]
    assert b"ex 01" not in told.payload
    assert set(journal.body(told)["commitments"]) == {"person", "serial"}
    services.report_lost(first, actor=actor(workshop))
    assert services.identify_unit(second, {"serial": "EX01"}, actor=actor(workshop)).same_serial == (first,)
    with pytest.raises(Invalid):
        services.identify_unit(second, {"serial": "x" * 81}, actor=actor(workshop))


def test_intake_gives_labels_and_mixes_lots_and_owners(workshop):
    make_lot(workshop.holder, "LOT-2026-0003", "clear")
    ids = [
        *workshop.collected(2), *workshop.collected(lot="LOT-2026-0003"),
        *workshop.collected(countersigned=False),
    ]  # fmt: skip
    assert services.receive_units(ids, actor=actor(workshop)) == 4
    assert {u.state for u in units.by_ids(ids)} == {"in_workshop"}
    assert len(labels.codes_of(ids)) == 4
    events = {e.uid: e for i in ids for e in journal.events_of_unit(i) if e.type == "workshop.received"}
    assert len({e.act_id for e in events.values()}) == 1
    assert sorted(e.stream for e in events.values()) == [
        "lot/LOT-2026-0001",
        "lot/LOT-2026-0001",
        "lot/LOT-2026-0003",
    ]
    with pytest.raises(DomainError):
        services.receive_units([*ids, *workshop.collected()], actor=actor(workshop))


# --- waste


def test_waste_is_two_acts(workshop):
    ids = workshop.waste(2)
    assert {u.state for u in units.by_ids(ids)} == {"waste"}
    batch = services.open_batch(actor=actor(workshop))
    assert batch.reference.startswith("ENV-")
    assert (
        services.open_batch(actor=actor(workshop)).reference == batch.reference
    )  # an empty one serves again
    services.add_to_batch(batch.reference, ids, actor=actor(workshop))
    assert services.open_batch(actor=actor(workshop)).reference != batch.reference
    services.remove_batch(
        batch.reference, actor=actor(workshop), producer_scheme="Éco-organisme Exemple",
        weight_g=11_000, slip_number="BSD-1",
    )  # fmt: skip
    assert {u.state for u in units.by_ids(ids)} == {"recycled"}
    made = queries.batch(batch.reference)
    assert (made.state, made.weight_g, made.slip_number, made.removed_on) == (
        "removed",
        11_000,
        "BSD-1",
        clock.today(),
    )
    [event] = {e.uid: e for i in ids for e in journal.events_of_unit(i) if e.type == "waste.removed"}.values()
    assert journal.body(event)["facts"] == {"batch": batch.reference}
    for verb in (services.add_to_batch, services.take_out_of_batch):
        with pytest.raises(Conflict):
            verb(batch.reference, ids, actor=actor(workshop))
    with pytest.raises(Conflict):
        services.remove_batch(batch.reference, actor=actor(workshop), producer_scheme="Encore")


def test_a_removal_is_dated_after_the_diagnosis_and_never_tomorrow(workshop):
    ids = workshop.waste()
    batch = services.open_batch(actor=actor(workshop)).reference
    with pytest.raises(Invalid):
        services.remove_batch(batch, actor=actor(workshop), producer_scheme="Éco-organisme Exemple")
    services.add_to_batch(batch, ids, actor=actor(workshop))
    for day in (clock.in_days(1), clock.in_days(-1)):
        with pytest.raises(Invalid) as refused:
            services.remove_batch(
                batch, actor=actor(workshop), producer_scheme="Éco-organisme Exemple", removed_on=day
            )
        assert refused.value.field == "removed_on"
    with pytest.raises(Invalid) as refused:
        services.remove_batch(batch, actor=actor(workshop), producer_scheme="  ")
    assert refused.value.field == "producer_scheme"
    later = clock.now() + timedelta(days=3)
    with clock.frozen(later):
        services.remove_batch(batch, actor=actor(workshop), producer_scheme="E", removed_on=clock.in_days(-1))
    told = [e for e in journal.events_of_unit(ids[0]) if e.type == "waste.removed"][0]
    assert told.occurred_at < told.recorded_at


def test_a_unit_is_in_one_removal_and_can_leave_it(workshop):
    [first, second] = workshop.waste(2)
    one = services.open_batch(actor=actor(workshop)).reference
    services.add_to_batch(one, [first], actor=actor(workshop))
    two = services.open_batch(actor=actor(workshop)).reference
    with pytest.raises(Conflict):
        services.add_to_batch(two, [first, second], actor=actor(workshop))
    assert services.take_out_of_batch(one, [first], actor=actor(workshop)) == 1
    assert services.add_to_batch(two, [first, second], actor=actor(workshop)) == 2
    with pytest.raises(Conflict):
        services.add_to_batch(two, workshop.received(), actor=actor(workshop))


def test_removals_are_the_organisations_own(workshop):
    batch = services.open_batch(actor=actor(workshop)).reference
    other = workshop.world.reuse_actor("Autre Atelier").actor
    for call in (
        lambda: services.add_to_batch(batch, workshop.waste(), actor=other),
        lambda: services.remove_batch(batch, actor=other, producer_scheme="E"),
        lambda: services.open_batch(actor=workshop.world.buyer().actor),
        lambda: services.add_to_batch("ENV-2026-9999", workshop.waste(), actor=actor(workshop)),
    ):
        with pytest.raises(DomainError):
            call()


def test_an_older_storage_report_survives_an_unchanged_identity(workshop):
    from reuse_market.refurbishing.forms import _megabytes

    assert _megabytes(256, 256_060, 1000) == 256_060
    assert _megabytes(512, 256_060, 1000) == 512_000
    assert _megabytes(None, 256_060, 1000) is None
