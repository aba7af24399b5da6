"""Many media at once: one act, the same rules as one by one, and what the next workshop makes of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reuse_market.erasure import bulk, services
from reuse_market.erasure.gate import gate
from reuse_market.erasure.matching import matched
from reuse_market.erasure.queries import certificate, media_of
from reuse_market.kernel import db, files
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import erasing
from reuse_market.notices.settings import configure as configure_notices
from reuse_market.refurbishing import queries as bench
from reuse_market.refurbishing import services as workshop_verbs
from reuse_market.traceability import queries as journal
from reuse_market.units import queries as units
from tests.support import world as chain
from tests.support.workshop import proof
from tests.support.world import World


@pytest.fixture
def world(database: db.Database, tmp_path):
    files.configure(f"file://{tmp_path / 'files'}")
    configure_notices(
        base_url="https://exemple.test", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


@pytest.fixture
def lot(world):
    """Three laptops with serials, two monitors without, erased by the holder under "purge"."""
    return chain.published_lot(world.holder(), erased_by="holder", erasure_policy="purge")


def ids_of(lot, kind="laptop"):
    return [one.unit_id for one in erasing.standings(lot) if one.kind == kind]


def report(**changes):
    return replace(bulk.Report(proof(), "ssd"), **changes)


def events(lot, kind):
    return [e for e in journal.events_of_stream(f"lot/{lot.reference}") if e.type == kind]


def test_one_report_proves_every_device_it_names(world, lot):
    holder, ids = world.holder().actor, ids_of(lot)
    serials = {ids[0]: "SSD-A", ids[1]: "SSD-B"}
    made = bulk.record_for_many(ids, report(serials=serials), actor=holder, file=b"%PDF-1.7 rapport")
    assert len(made) == 3
    assert all(gate(unit_id, "purge").passed for unit_id in ids)
    assert not any(gate(unit_id, "destroy").passed for unit_id in ids)
    assert [media_of([i])[i].media[0][0].serial for i in ids] == ["SSD-A", "SSD-B", None]
    assert {certificate(one.id).file_sha256 for one in made} == {made[0].file_sha256}
    [counted], [erased] = events(lot, "media.counted"), events(lot, "media.erased")
    told = json.loads(erased.payload)
    assert told["units"] == [[ids[0], ids[-1]]]
    assert told["facts"]["certificates"] == 3
    assert b"SSD-A" not in erased.payload + counted.payload
    assert set(told["commitments"]) >= {"operator", "tool"}


def test_no_medium_is_attested_for_a_whole_line_in_one_event(world, lot):
    holder, screens = world.holder().actor, ids_of(lot, "monitor")
    assert bulk.count_for_many(screens, (), "model", actor=holder) == 2
    assert erasing.progress(erasing.standings(lot)) == erasing.Progress(5, 2, {1: 3}, {})
    [event] = events(lot, "media.counted")
    assert json.loads(event.payload)["facts"] == {"kinds": [], "media": 0, "seen_how": "model"}
    assert bulk.count_for_many(screens, (), "opened", actor=holder) == 2  # said better: nothing was described


def test_media_described_before_keep_their_number_and_get_their_name(world, lot):
    holder, [one, two, three] = world.holder().actor, ids_of(lot)
    services.count_media(one, [services.Found("ssd")], "opened", actor=holder)
    services.count_media(two, [services.Found("ssd", serial="SSD-B")], "opened", actor=holder)
    services.count_media(three, [services.Found("ssd"), services.Found("ssd")], "opened", actor=holder)
    made = bulk.record_for_many([one, two, three], report(serials={one: "SSD-A", two: "SSD-B"}), actor=holder)
    assert len(made) == 4
    assert media_of([one])[one].media[0][0].serial == "SSD-A"
    with pytest.raises(Conflict, match="SSD-X"):
        bulk.record_for_many([two], report(serials={two: "SSD-X"}), actor=holder)


def test_what_a_report_cannot_be_recorded_for(world, lot):
    holder, [one, two, three] = world.holder().actor, ids_of(lot)
    services.count_media(one, [], "opened", actor=holder)
    services.count_media(two, [services.Found("hdd")], "opened", actor=holder)
    for refused, field in (
        (report(kind="tape"), "kind"),
        (report(seen_how="guessed"), "seen_how"),
        (report(kind="nvme"), "technique"),
        (report(proof=proof(technique="nvme_format")), "technique"),
        (report(proof=proof(tool="")), "tool"),
        (report(proof=proof(validator_name="technicien exemple")), "validator_name"),
    ):
        if refused.kind == "nvme":
            refused = replace(refused, proof=proof(technique="ata_secure_erase"))
        with pytest.raises(Invalid) as error:
            bulk.record_for_many([three], refused, actor=holder)
        assert error.value.field == field
    for other in (one, two):
        with pytest.raises(Conflict):
            bulk.record_for_many([other, three], report(), actor=holder)
    with pytest.raises(Conflict):
        bulk.count_for_many([two], (), "opened", actor=holder)
    for empty in (lambda: bulk.record_for_many([], report(), actor=holder),
                  lambda: bulk.count_for_many([], (), "opened", actor=holder),
                  lambda: bulk.count_for_many(range(1, 1002), (), "opened", actor=holder)):  # fmt: skip
        with pytest.raises(Invalid) as error:
            empty()
        assert error.value.field == "units"
    assert not gate(three, "clear").passed
    assert media_of([three])[three].media == []


# state of the unit × who: what both verbs answer
GRID = {
    ("listed", "holder"): None, ("listed", "actor"): NotFound, ("listed", "other"): NotFound,
    ("listed", "operator"): NotAllowed, ("listed", "for holder"): NotAllowed,
    ("awarded", "holder"): None, ("awarded", "actor"): NotFound, ("awarded", "other"): NotFound,
    ("awarded", "operator"): NotAllowed, ("awarded", "for holder"): NotAllowed,
    ("collected", "holder"): NotFound, ("collected", "actor"): None, ("collected", "other"): NotFound,
    ("collected", "operator"): NotAllowed, ("collected", "for holder"): NotAllowed,
}  # fmt: skip


@pytest.mark.parametrize("state", ["listed", "awarded", "collected"])
def test_who_proves_what_in_which_state(world, lot, state):
    holder, actor = world.holder(), world.reuse_actor()
    ids = ids_of(lot)
    if state != "listed":
        claim = chain.awarded_claim(lot, holder, actor)
        if state == "collected":
            chain.signed_pickup(chain.agreed_pickup(claim, holder, actor), holder, actor)
    assert units.get(ids[0]).state == state
    asked = {
        "holder": holder.actor, "actor": actor.actor, "other": world.reuse_actor("Autre Atelier").actor,
        "operator": world.operator().actor, "for holder": replace(holder.actor, via="operator"),
    }  # fmt: skip
    for name, who in asked.items():
        expected = GRID[state, name]
        for number, verb in enumerate((
            lambda who: bulk.count_for_many([ids[0]], (), "opened", actor=who),
            lambda who: bulk.record_for_many([ids[1]], report(), actor=who),
        )):  # fmt: skip
            if expected is None:
                verb(who)
                assert gate(ids[number], "purge").passed
            else:
                with pytest.raises(expected):
                    verb(who)


def test_the_workshop_finds_the_holders_proofs_accepted(world, lot):
    holder, actor = world.holder(), world.reuse_actor()
    ids = ids_of(lot)
    bulk.record_for_many(ids, report(), actor=holder.actor)
    claim = chain.awarded_claim(lot, holder, actor)
    chain.signed_pickup(chain.agreed_pickup(claim, holder, actor), holder, actor)
    workshop_verbs.receive_units(ids, actor=actor.actor)
    for unit_id in ids:
        assert "media.not-counted" not in [reason.code for reason in bench.case(unit_id).missing]
        assert "certificate.missing" not in [reason.code for reason in bench.case(unit_id).missing]
        assert gate(unit_id, "purge").passed


def test_a_thousand_devices_take_a_handful_of_statements(world):
    holder = world.holder()
    lot = chain.published_lot(holder, numbered=0, counted=120, erased_by="holder")
    ids = ids_of(lot, "monitor")
    assert bulk.count_for_many(ids, (), "model", actor=holder.actor) == 120
    assert len(events(lot, "media.counted")) == 1
    assert erasing.progress(erasing.standings(lot)).lacking == 0


def test_serials_are_matched_to_their_devices(world, lot):
    found = units.by_ids(ids_of(lot))
    first, second = found[0], found[1]
    text = f"{first.serial} ; SSD-A\n\n{second.serial.lower()}\tSSD B \n"
    assert matched(text, found) == {first.id: "SSD-A", second.id: "SSD B"}
    assert matched("", found) == {}
    for wrong, line in (("sans point-virgule", 1), (f"{first.serial};A\nINCONNU;B", 2),
                        (f"{first.serial};A\n{first.serial};B", 2), (f"{first.serial};", 1)):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            matched(wrong, found)
        assert refused.value.field == "serials"
        assert refused.value.params["line"] == line
