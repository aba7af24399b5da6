"""Reports dropped in one go, on both databases: matched, left with a reason, matched by hand, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reuse_market.erasure import dropping, filed, services
from reuse_market.erasure.gate import gate
from reuse_market.erasure.models import ErasureCertificate
from reuse_market.erasure.queries import media_of
from reuse_market.erasure.services import Found
from reuse_market.kernel import db, files
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from tests.support.erasure_files import Disk, blancco_xml, nwipe_log, nwipe_pdf, zipped
from tests.support.nwipe_logs import SHREDOS
from tests.support.nwipe_pdfs import single


def drop(workshop, *given, party=None):
    return dropping.drop_reports(dropping.opened(given), actor=(party or workshop.actor).actor)


def counted(workshop, *serials, kind="hdd", **columns):
    """Devices in the workshop, each with one medium of these serials."""
    ids = []
    for serial in serials:
        [unit_id] = workshop.received(**columns)
        services.count_media(unit_id, [Found(kind, serial)], "opened", actor=workshop.actor.actor)
        ids.append(unit_id)
    return ids


def left(report):
    return {line.stated.serial: line.entry.left for line in filed.lines(report.id)}


def test_forty_reports_at_once(workshop):
    serials = [f"WD-{number:04}" for number in range(40)]
    ids = counted(workshop, *serials)
    told = drop(
        workshop, *((f"{one}.log", nwipe_log(Disk(one.replace("-", " ").lower()))) for one in serials)
    )
    assert filed.totals(told) == (40, 0)
    assert all(gate(unit_id, "clear").passed for unit_id in ids)
    assert not any(gate(unit_id, "purge").passed for unit_id in ids)
    with db.database().engine.connect() as connection:
        acts = connection.execute(
            sa.text("SELECT count(DISTINCT act_id) FROM event WHERE type = 'media.erased'")
        )
        assert acts.scalar() == 1
    again = drop(workshop, ("other name.log", nwipe_log(Disk("wd 0000"))))
    assert (again[0].again, again[0].report.id) == (True, told[0].report.id)
    assert db.session().scalar(sa.select(sa.func.count()).select_from(ErasureCertificate)) == 40
    proof = media_of([ids[0]])[ids[0]].media[0][1][0]
    assert (proof.file_sha256, proof.serial) == (told[0].report.sha256, "wd 0000")
    assert files.get(told[0].report.sha256) == nwipe_log(Disk("wd 0000"))


def test_what_is_left_says_why(workshop):
    counted(workshop, "GOOD-1")
    counted(workshop, "TWICE", "TWICE")
    [gone] = workshop.ready(lot="LOT-2026-0001")
    ready = media_of([gone])[gone].media[0][0]
    _rename(ready.id, "READY-1")
    services_actor = workshop.world.reuse_actor("Autre Atelier")
    log = nwipe_log(
        Disk("GOOD-1"), Disk("TWICE"), Disk("NOWHERE"), Disk("None"), Disk("READY-1", "SATA-SSD"),
        Disk("GOOD-1", errors=1),
    )  # fmt: skip
    [one] = drop(workshop, ("mix.log", log))
    found = [(line.stated.serial, line.entry.left) for line in filed.lines(one.report.id)]
    assert sorted(found, key=str) == sorted(
        [("GOOD-1", None), ("GOOD-1", "already"), ("TWICE", "two-units"), ("NOWHERE", "no-disk"),
         ("", "no-serial"), ("READY-1", "state")], key=str,
    )  # fmt: skip
    [foreign] = drop(workshop, ("mix.log", log), party=services_actor)
    assert set(left(foreign.report).values()) == {"no-disk", "no-serial"}
    [verify] = drop(workshop, ("v.log", nwipe_log(Disk("GOOD-1"), totals="Verify Zeros, 1R+NB+VL")))
    assert left(verify.report) == {"GOOD-1": "technique"}
    [odd] = drop(workshop, ("odd.bin", b"\x00\x01 pas un rapport"))
    assert (odd.report.trouble, files.get(odd.report.sha256)) == ("unknown", b"\x00\x01 pas un rapport")


def test_the_device_a_report_names_is_counted_by_it(workshop):
    [unit_id] = workshop.received(serial="PC-0001")
    [one] = drop(workshop, ("b.xml", blancco_xml(("X1", "Successful"), hosts=("pc0001",))))
    assert left(one.report) == {"X1": None}
    assert gate(unit_id, "purge").passed
    found = media_of([unit_id])[unit_id]
    assert (found.count.media, found.count.seen_how, found.media[0][0].serial) == (1, "report", "X1")
    [other] = drop(workshop, ("c.xml", blancco_xml(("X2", "Successful"), hosts=("PC-0001",))))
    assert left(other.report) == {"X2": "other-medium"}
    assert gate(unit_id, "purge").passed


def test_a_report_counts_the_media_of_a_device_only_when_it_says_how_many(workshop):
    """Two disks, one erased: the other must not leave unseen because nobody reported it."""
    ids = [workshop.received(serial=f"PC-EXEMPLE-{number}")[0] for number in (77, 9)]
    found = SHREDOS.replace("ATA    ", "ATA-SSD")
    [log] = drop(workshop, ("shredos.log", found.encode()))
    assert left(log.report) == {"35HEXEMPLE": None}
    assert [reason.code for reason in gate(ids[0], "clear").missing] == ["certificate.missing"]
    [paper] = drop(workshop, ("nwipe.pdf", single("SSD-9")))
    assert left(paper.report) == {"SSD-9": "uncounted"}
    assert [reason.code for reason in gate(ids[1], "clear").missing] == ["media.not-counted"]
    services.count_media(ids[1], [Found("ssd")], "opened", actor=workshop.actor.actor)
    assert dropping.match_again(paper.report.id, actor=workshop.actor.actor) == 1
    assert gate(ids[1], "clear").passed
    [unread] = drop(workshop, ("nwipe-2.pdf", single("SSD-9", verify="Verify None", person="Autre")))
    assert left(unread.report) == {"SSD-9": "already"}  # the same erasure: nothing comes in twice
    [other] = counted(workshop, "SSD-10", kind="ssd")
    drop(workshop, ("nwipe-3.pdf", single("SSD-10", verify="Verify None")))
    assert [reason.code for reason in gate(other, "clear").missing] == ["not-verified"]


def test_matched_by_hand_and_taken_back(workshop):
    [bare] = workshop.received()
    [named] = workshop.received()
    services.count_media(named, [Found("hdd")], "opened", actor=workshop.actor.actor)
    [other] = counted(workshop, "OTHER-1")
    [one] = drop(workshop, ("p.zip", zipped(a_log=nwipe_log(Disk("LOST-1"), Disk("LOST-2")))))
    entries = {line.stated.serial: line.entry.id for line in filed.lines(one.report.id)}
    actor = workshop.actor.actor
    with pytest.raises(Conflict) as refused:
        dropping.match_by_hand(entries["LOST-1"], other, actor=actor)
    assert refused.value.code == "report.other-medium"
    for serial, unit_id in (("LOST-1", bare), ("LOST-2", named)):
        assert not gate(unit_id, "clear").passed
        dropping.match_by_hand(entries[serial], unit_id, actor=actor)
        assert gate(unit_id, "clear").passed
        assert media_of([unit_id])[unit_id].media[0][0].serial == serial
        with pytest.raises(Conflict):
            dropping.match_by_hand(entries[serial], unit_id, actor=actor)
        dropping.undo_match(entries[serial], actor=actor)
        assert not gate(unit_id, "clear").passed
        with pytest.raises(Conflict):
            dropping.undo_match(entries[serial], actor=actor)
    assert media_of([named])[named].media[0][0].serial is None
    assert [reason.code for reason in gate(bare, "clear").missing] == ["media.not-counted"]
    assert left(one.report) == {"LOST-1": "undone", "LOST-2": "undone"}
    services.count_media(bare, [Found("hdd", "LOST-1")], "opened", actor=actor)
    assert dropping.match_again(one.report.id, actor=actor) == 0
    dropping.match_by_hand(entries["LOST-1"], bare, actor=actor)
    assert gate(bare, "clear").passed


def test_matched_again_once_the_media_are_counted(workshop):
    [unit_id] = workshop.received()
    [one] = drop(workshop, ("x.pdf", nwipe_pdf("LATE-1")))
    assert left(one.report) == {"LATE-1": "no-disk"}
    services.count_media(unit_id, [Found("ssd", "late1")], "opened", actor=workshop.actor.actor)
    assert dropping.match_again(one.report.id, actor=workshop.actor.actor) == 1
    assert gate(unit_id, "purge").passed


# who × verb: an own report, another's, without the room's roles, the operator in the place of the workshop
def test_who_drops_and_who_matches(workshop):
    [one] = drop(workshop, ("x.log", nwipe_log(Disk("A1"))))
    entry = filed.lines(one.report.id)[0].entry.id
    [unit_id] = workshop.received()
    stranger = workshop.world.reuse_actor("Autre Atelier").actor
    operator = workshop.world.operator().actor
    standing_in = replace(workshop.actor.actor, via="operator")
    for actor, dropped, matched in (
        (stranger, None, NotFound), (operator, NotAllowed, NotAllowed), (standing_in, NotAllowed, NotAllowed),
        (workshop.actor.actor, None, None),
    ):  # fmt: skip
        for error, verb in (
            (dropped, lambda actor=actor: dropping.drop_reports(
                dropping.opened([("y.log", nwipe_log(Disk("B2")))]), actor=actor)),
            (matched, lambda actor=actor: dropping.match_again(one.report.id, actor=actor)),
            (matched, lambda actor=actor: dropping.match_by_hand(entry, unit_id, actor=actor)),
            (matched, lambda actor=actor: dropping.undo_match(entry, actor=actor)),
        ):  # fmt: skip
            if error is None:
                assert verb() is not None
            else:
                with pytest.raises(error):
                    verb()


def test_the_journal_holds_codes_and_the_hash_of_the_file_only(workshop):
    [_unit] = counted(workshop, "SECRET-SERIAL")
    [one] = drop(workshop, ("nom-de-fichier.log", nwipe_log(Disk("SECRET-SERIAL"))))
    with db.database().engine.connect() as connection:
        told = [row[0] for row in connection.execute(sa.text("SELECT payload FROM event"))]
    whole = " ".join(text if isinstance(text, str) else bytes(text).decode() for text in told)
    assert one.report.sha256 in whole
    for secret in ("SECRET", "nom-de-fichier", "Technicien", workshop.actor.actor.person_name):
        assert secret not in whole


def _rename(medium_id, serial):
    @db.command
    def rename():
        db.session().execute(
            sa.text("UPDATE storage_medium SET serial = :s WHERE id = :i"), {"s": serial, "i": medium_id}
        )

    rename()
