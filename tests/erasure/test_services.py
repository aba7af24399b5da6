"""Counting and certifying on both databases: who, when, what the journal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reuse_market.erasure import services
from reuse_market.erasure.gate import gate
from reuse_market.erasure.queries import certificate, media_of
from reuse_market.kernel import clock, files
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.refurbishing import services as bench
from reuse_market.traceability import journal, queries
from reuse_market.units import services as units
from tests.support.workshop import proof


def codes(unit_id, policy="purge"):
    return [reason.code for reason in gate(unit_id, policy).missing]


def media(unit_id):
    return [one for one, _ in media_of([unit_id])[unit_id].media]


def test_from_nothing_to_accepted(workshop):
    [unit_id] = workshop.received()
    assert codes(unit_id) == ["media.not-counted"]
    workshop.counted(unit_id, "ssd", "hdd")
    assert codes(unit_id) == ["certificate.missing", "certificate.missing"]
    [ssd, hdd] = media(unit_id)
    workshop.certify(ssd)
    workshop.certify(hdd, technique="overwrite")
    assert codes(unit_id) == ["method.too-weak"]
    assert codes(unit_id, "clear") == []
    assert codes(unit_id, "destroy") == ["method.destroy-asked", "method.destroy-asked"]
    workshop.certify(hdd)
    assert gate(unit_id, "purge").passed
    assert gate(unit_id, None).passed


def test_an_explicit_zero_says_how_it_was_seen(workshop):
    [unit_id] = workshop.received(kind="monitor")
    with pytest.raises(Invalid) as refused:
        services.count_media(unit_id, [], "guessed", actor=workshop.actor.actor)
    assert refused.value.field == "seen_how"
    services.count_media(unit_id, [], "model", actor=workshop.actor.actor)
    assert gate(unit_id, "destroy").passed


def test_a_medium_taken_out_counts_once_destroyed(workshop):
    [unit_id] = workshop.received()
    workshop.counted(unit_id, "ssd")
    [ssd] = media(unit_id)
    services.remove_medium(ssd.id, actor=workshop.actor.actor)
    assert codes(unit_id, "clear") == ["medium.removed"]
    workshop.certify(ssd, technique="overwrite")
    assert codes(unit_id, "clear") == ["method.destroy-asked"]
    workshop.certify(ssd, method="destroy", technique="shred", hidden_areas="unknown")
    assert codes(unit_id, "purge") == []


def test_miscounts_are_mended_until_there_is_a_certificate(workshop):
    [unit_id] = workshop.received()
    workshop.counted(unit_id, "ssd", "ssd")
    with pytest.raises(Conflict):
        workshop.counted(unit_id)
    [first, second] = media(unit_id)
    services.remove_medium(second.id, actor=workshop.actor.actor, miscounted=True)
    workshop.certify(first)
    assert codes(unit_id) == []
    with pytest.raises(Conflict):
        services.remove_medium(first.id, actor=workshop.actor.actor, miscounted=True)
    services.add_medium(unit_id, services.Found("nvme"), actor=workshop.actor.actor)
    assert codes(unit_id) == ["certificate.missing"]


def test_the_journal_holds_codes_and_commitments_never_a_serial_or_a_name(workshop):
    [unit_id] = workshop.received()
    found = services.Found("ssd", serial="SERIE-SECRETE", model="Modele Exemple")
    services.count_media(unit_id, [found], "opened", actor=workshop.actor.actor)
    [ssd] = media(unit_id)
    named = proof(
        operator_name="Camille Exemple", validator_name="Dominique Exemple", tool="Outil Confidentiel"
    )
    services.record_certificate(ssd.id, named, actor=workshop.actor.actor)
    events = [e for e in queries.events_of_unit(unit_id) if e.type.startswith("media.")]
    assert [e.type for e in events] == ["media.counted", "media.erased"]
    assert {e.stream for e in events} == {"lot/LOT-2026-0001"}
    for event in events:
        for secret in (b"SERIE", b"Modele", b"Camille", b"Dominique", b"Outil"):
            assert secret not in event.payload
    told = queries.body(events[1])
    assert told["facts"] == {
        "certificate": 1, "errors": 0, "hidden_areas": "none", "kind": "ssd", "medium": ssd.id,
        "method": "purge", "report": None, "result": "ok",
        "technique": "sanitize_block_erase", "verified": True,
        "verification": None, "passes": None, "destination": None,
    }  # fmt: skip
    assert set(told["commitments"]) == {"person", "operator", "validator", "tool", f"medium_{ssd.id}"}
    assert told["change"] is None


def test_a_report_is_kept_by_its_digest(workshop):
    [unit_id] = workshop.received()
    workshop.counted(unit_id, "ssd")
    [ssd] = media(unit_id)
    made = services.record_certificate(
        ssd.id, proof(), actor=workshop.actor.actor, file=b'<?xml version="1.0"?><rapport/>'
    )
    assert files.get(certificate(made.id).file_sha256) == b'<?xml version="1.0"?><rapport/>'
    for wrong in (b"", b"MZ\x90\x00\x03", b"<script>alert(1)</script>", b"%PDF-" + b"0" * 5_000_000):
        with pytest.raises(Invalid) as refused:
            services.record_certificate(ssd.id, proof(), actor=workshop.actor.actor, file=wrong)
        assert refused.value.field == "file"


WRONG = [
    ({"method": "wish"}, "method"),
    ({"technique": "hammer"}, "technique"),
    ({"result": "perhaps"}, "result"),
    ({"hidden_areas": "many"}, "hidden_areas"),
    ({"errors": -1}, "error_count"),
    ({"operator_name": " "}, "operator_name"),
    ({"tool": ""}, "tool"),
    ({"validator_name": "technicien exemple"}, "validator_name"),
    ({"erased_at": clock.now() + timedelta(days=2)}, "erased_on"),
]


def test_what_a_certificate_may_not_say(workshop):
    [unit_id] = workshop.received()
    workshop.counted(unit_id, "ssd")
    for values, field in WRONG:
        with pytest.raises(Invalid) as refused:
            workshop.certify(media(unit_id)[0], **values)
        assert refused.value.field == field
    assert media_of([unit_id])[unit_id].media[0][1] == []


COUNTED = {
    "in_use": True, "discarded": True, "listed": True, "awarded": True, "collected": True,
    "in_workshop": True, "ready": False, "held": False, "provided": False, "missing": False,
    "parts": True, "waste": True, "recycled": False, "merged": False,
}  # fmt: skip


def test_in_which_states_media_are_counted(workshop):
    mine = workshop.actor.organisation_id
    found = {}
    for state in COUNTED:
        [unit_id] = units.create(
            [{"kind": "laptop", "erased_at": clock.now(), "tested_at": clock.now()}],
            doing=journal.Act(workshop.actor.actor), stream="lot/LOT-2026-0001", event_type="unit.extra",
            state=state, origin="extra", owner_id=mine, custodian_id=mine,
        )  # fmt: skip
        try:
            workshop.counted(unit_id)
            found[state] = gate(unit_id, "purge").passed
        except Conflict:
            found[state] = gate(unit_id, "purge").passed
    assert found == COUNTED


def test_who_may_count(workshop):
    world = workshop.world
    others = {
        "holder": (workshop.holder, NotAllowed), "operator": (world.operator(), NotAllowed),
        "buyer": (world.buyer(), NotFound), "other": (world.reuse_actor("Autre Atelier"), NotFound),
    }  # fmt: skip
    [unit_id] = workshop.received(countersigned=False)
    for party, error in others.values():
        with pytest.raises(error):
            services.count_media(unit_id, [], "opened", actor=party.actor)
    services.count_media(unit_id, [], "opened", actor=workshop.actor.actor)


def test_nobody_attests_on_anothers_behalf(workshop):
    [unit_id] = workshop.received()
    with pytest.raises(NotAllowed):
        services.count_media(unit_id, [], "opened", actor=replace(workshop.actor.actor, via="operator"))


def test_a_unit_out_of_sight_proves_everything_again(workshop):
    [unit_id] = workshop.sound()
    before = clock.now()
    bench.report_lost(unit_id, actor=workshop.actor.actor)
    bench.find_again(unit_id, actor=workshop.actor.actor)
    assert codes(unit_id) == ["media.not-counted"]
    workshop.counted(unit_id, "ssd")
    [ssd] = media(unit_id)
    with pytest.raises(Invalid) as refused:
        workshop.certify(ssd, erased_at=before - timedelta(days=1))
    assert refused.value.field == "erased_on"
    workshop.certify(ssd)
    assert codes(unit_id) == []
