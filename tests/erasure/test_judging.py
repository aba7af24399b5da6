"""Who judges an erasure reads what it signs: the level of the lot, the reports, the list; and is told that it waits."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.erasure import checking, dropping, extracts, filed, mails, seconding
from reuse_market.erasure import services as erasure
from reuse_market.erasure.gate import gate
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.lots import second_look
from reuse_market.notices.models import Message
from reuse_market.traceability import queries as journal
from reuse_market.units.models import Unit
from tests.erasure.test_checking import STREAM, ask, codes, colleague, erased, proof_of, sign
from tests.support.erasure_files import Disk, nwipe_log
from tests.support.workshop import make_lot, proof

# level of the lot × technique of an erasure that ended with exceptions: whether an exception is accepted
LEVELS = [
    ("clear", "overwrite", True), ("clear", "sanitize_block_erase", True),
    ("purge", "overwrite", False), ("purge", "sanitize_block_erase", True),
    ("destroy", "overwrite", False), ("destroy", "sanitize_block_erase", False),
    ("destroy", "shred", True),
]  # fmt: skip


def test_an_exception_is_judged_by_the_level_of_its_own_lot(workshop):
    other = colleague(workshop.actor)
    for number, (level, technique, accepted) in enumerate(LEVELS):
        lot = f"LOT-2026-2{number:03}"
        make_lot(workshop.holder, lot, level)
        [unit_id] = workshop.received(lot=lot)
        workshop.counted(unit_id, "ssd")
        [(medium, _)] = media_of([unit_id])[unit_id].media
        said = proof(method="destroy", technique=technique, result="exceptions", errors=3)
        made = erasure.record_certificate(medium.id, said, actor=workshop.actor.actor)
        if accepted:
            second_look.accept_exception(made.id, "encrypted", actor=other)
            assert codes(unit_id, level) == [], (level, technique)
            continue
        with pytest.raises(Conflict) as refused:
            second_look.accept_exception(made.id, "encrypted", actor=other)
        assert refused.value.code == "exception.impossible", (level, technique)


def dropped(workshop, *disks):
    """One report of all these disks, dropped by the workshop."""
    [told] = dropping.drop_reports(
        dropping.opened([("rapport.log", nwipe_log(*disks))]), actor=workshop.actor.actor
    )
    return told.report


def test_who_judges_reads_the_report_or_its_extract(workshop):
    holder, bench = workshop.holder.actor, workshop.actor.actor
    stranger = workshop.world.holder("Autre Entreprise")
    make_lot(stranger, "LOT-2026-0009", "purge")
    ids = workshop.received(2)
    [foreign] = workshop.received(lot="LOT-2026-0009")
    for unit_id, serial in zip((*ids, foreign), ("OURS-1", "OURS-2", "THEIRS-1"), strict=True):
        erasure.count_media(unit_id, [erasure.Found("hdd", serial)], "opened", actor=bench)
    ask_late(workshop, STREAM)
    mixed = dropped(workshop, Disk("OURS-1"), Disk("THEIRS-1"))
    dropped(workshop, Disk("OURS-2"))
    proofs = [proof_of(unit_id).id for unit_id in (*ids, foreign)]
    whole = {actor: extracts.report_of(proofs[0], actor) for actor in (bench, holder)}
    assert whole[bench].whole
    assert whole[bench].data == nwipe_log(Disk("OURS-1"), Disk("THEIRS-1"))
    extract = whole[holder]
    assert not extract.whole
    assert extract.name.endswith("-extrait.csv")
    rows = list(csv.DictReader(io.StringIO(extract.data.decode("utf-8-sig")), delimiter=";"))
    assert [(row["medium"], row["report_sha256"]) for row in rows] == [("OURS-1", mixed.sha256)]
    assert b"THEIRS" not in extract.data
    assert extracts.report_of(proofs[1], holder).whole, "it names our own disk only"
    assert extracts.report_of(proofs[2], holder) is None
    assert extracts.report_of(proofs[0], stranger.actor) is None
    assert extracts.report_of(proofs[0], workshop.world.buyer().actor) is None
    assert seconding.exceptional(proofs[0], holder) is not None
    forget_demand(STREAM)
    assert extracts.report_of(proofs[1], holder) is None, "neither its owner, nor who asks for its check"
    ask_late(workshop, STREAM)
    assert extracts.report_of(proofs[1], holder).whole


def ask_late(workshop, stream):
    """What the holder asks for, written here: its devices are in the workshop already."""

    @db.command
    def write():
        checking.write_demand(stream, "batch", None, actor=workshop.holder.actor)

    write()


def forget_demand(stream):
    @db.command
    def write():
        db.session().delete(seconding.demand_of(stream))

    write()


def test_a_signature_covers_the_list_as_it_was_read(workshop):
    ids = erased(workshop, 3)
    made = checking.draw_check(STREAM, "sample", 50, actor=workshop.actor.actor)
    other, read = colleague(workshop.actor), extracts.sheet(made.id)
    rows = list(csv.DictReader(io.StringIO(read.decode("utf-8-sig")), delimiter=";"))
    assert [int(row["certificate"]) for row in rows] == [proof_of(unit_id).id for unit_id in ids]
    assert sum(row["drawn"] == "yes" for row in rows) == 2
    for sha256 in ("0" * 64, "", extracts.digest(b"")):
        with pytest.raises(Conflict) as refused:
            checking.sign_check(made.id, sha256, actor=other)
        assert refused.value.code == "check.changed"
    _rename(ids[0])
    with pytest.raises(Conflict) as refused:
        checking.sign_check(made.id, extracts.digest(read), actor=other)
    assert refused.value.code == "check.changed", "a serial was corrected since"
    signed = sign(made.id, actor=other)
    assert signed.list_sha256 == extracts.digest(extracts.sheet(made.id))
    [event] = [one for one in journal.events_of_stream(STREAM) if one.type == "erasure.checked"]
    assert signed.list_sha256 not in str(journal.body(event)), (
        "it names serials and people: committed to only"
    )
    assert "list" in journal.body(event)["commitments"]


def _rename(unit_id):
    @db.command
    def write():
        db.session().get_one(Unit, unit_id).serial = "CORRIGE-1"

    write()


def told():
    rows = db.session().scalars(sa.select(Message).where(Message.template == "erasure_check_waits"))
    return [(one.to_address, one.facts["again"]) for one in rows]


def test_who_may_sign_is_told_and_reminded_once(workshop):
    ask(workshop, "batch")
    erased(workshop, 2)
    colleague(workshop.actor)
    made = checking.draw_check(STREAM, "batch", actor=workshop.actor.actor)
    before = told()
    assert len(before) == 2, "the colleague and the holder; not who recorded"
    assert workshop.actor.email not in {address for address, _again in before}
    checking.draw_check(STREAM, "batch", actor=workshop.actor.actor)
    assert told() == before, "the same list is not told twice"
    for days, expected in ((6, 2), (8, 4), (30, 4)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            mails.remind_due()
        assert len(told()) == expected, days
    assert sum(again for _address, again in told()) == 2
    assert [one.id for one in seconding.checks(workshop.holder.organisation_id)] == [made.id]
    sign(made.id, actor=workshop.holder.actor)
    with pytest.raises(Conflict):
        checking.draw_check(STREAM, "batch", actor=workshop.actor.actor)
    stranger = workshop.world.holder("Autre Entreprise")
    with pytest.raises(NotFound):
        sign(made.id, actor=stranger.actor)


def test_lines_are_set_aside_with_a_reason_and_taken_up_again(workshop):
    bench = workshop.actor.actor
    report = dropped(workshop, Disk("LEFT-1"), Disk("LEFT-2"))
    first, second = filed.waiting(workshop.actor.organisation_id)
    with pytest.raises(Invalid):
        dropping.set_aside(first.entry.id, "because", actor=bench)
    with pytest.raises(NotFound):
        dropping.set_aside(first.entry.id, "not-ours", actor=workshop.holder.actor)
    for one, reason in ((first, "not-ours"), (second, "trial")):
        dropping.set_aside(one.entry.id, reason, actor=bench)
    assert filed.waiting(workshop.actor.organisation_id) == []
    assert [row.waiting for row in filed.rows(workshop.actor.organisation_id, 5)] == [0]
    [unit_id] = workshop.received()
    erasure.count_media(unit_id, [erasure.Found("hdd", "LEFT-1")], "opened", actor=bench)
    assert dropping.match_again(report.id, actor=bench) == 0, "set aside, it is not matched by itself"
    for one in (first, second):
        dropping.undo_match(one.entry.id, actor=bench)
    assert len(filed.waiting(workshop.actor.organisation_id)) == 2
    assert dropping.match_again(report.id, actor=bench) == 1
    assert gate(unit_id, "clear").passed
    [recorded] = [one for one in filed.lines(report.id) if one.recorded]
    with pytest.raises(Conflict) as refused:
        dropping.set_aside(recorded.entry.id, "not-ours", actor=bench)
    assert refused.value.code == "report.recorded"
    stream = f"organisation/{workshop.actor.organisation_id}"
    events = [one for one in journal.events_of_stream(stream) if one.type == "erasure.line-set-aside"]
    assert [journal.body(one)["facts"]["reason"] for one in events] == ["not-ours", "trial", None, None]
