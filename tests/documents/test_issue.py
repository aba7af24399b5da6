"""Issued papers: numbered, stored, superseded, readable by their parties."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from reuse_market.documents import models, policy, queries, services
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.errors import Conflict, NotFound
from tests.documents import samples

OWNER = "pickup/ENL-2026-0003"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    files.configure(f"file://{tmp_path}/files")


def issue(**changes: object) -> models.Document:
    given = {"lang": "fr", "owner": OWNER, "readers": [7, 8, 7], "number_prefix": "BR"} | changes
    return services.issue("handover_note", samples.handover_note(), **given)


def test_issued_whole(database: db.Database) -> None:
    year = clock.today().year
    document = issue()
    assert document.number == f"BR-{year}-0001"
    assert document.title == "Bordereau de remise"
    assert document.made_at.isoformat() == samples.MADE_AT
    data = queries.content(document)
    assert data.startswith(b"%PDF-")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.size == len(data)
    assert [reader.organisation_id for reader in document.readers] == [7, 8]
    with clock.frozen(clock.now() + files.GRACE * 2):
        assert files.delete_unreferenced() == 0
    assert queries.get(document.number) == document
    assert queries.get("BR-1999-0001") is None


def test_a_newer_paper_supersedes_and_the_older_stays(database: db.Database) -> None:
    older, newer = issue().number, issue().number
    other = issue(owner="pickup/ENL-2026-0004").number
    db.release()
    found = queries.of(OWNER)
    assert [(each.number, each.superseded_by) for each in found] == [(newer, None), (older, newer)]
    assert queries.content(found[1]) != queries.content(found[0])
    assert [each.number for each in queries.of("pickup/ENL-2026-0004")] == [other]
    assert queries.of(OWNER, kind="pickup_order") == []


def test_the_verification_code_is_found_however_typed(database: db.Database) -> None:
    document = issue()
    code = document.verification_code
    assert len(code) == queries.CODE_LENGTH
    assert set(code) <= set(queries.CODE_ALPHABET)
    assert issue().verification_code != code
    for typed in (code, code.lower(), f" {code[:5]}-{code[5:]} ", f"{code[:3]} {code[3:]}"):
        assert queries.verify(typed) == document
    for wrong in ("", code[:-1], code[:-1] + "0", code + "A", "%" * 10, "\0" * 10):
        assert queries.verify(wrong) is None


def test_who_may_read(database: db.Database) -> None:
    document = issue()
    party, stranger = Actor(organisation_id=8), Actor(organisation_id=9)
    assert policy.may_read(document, party)
    assert queries.readable(document.number, party) == document
    for allowed in (SYSTEM, Actor(9, roles=frozenset({"operator"})), Actor(9, roles=frozenset({"auditor"}))):
        assert policy.may_read(document, allowed)
    for refused in (stranger, VISITOR, Actor(9, roles=frozenset({"holder"}))):
        assert not policy.may_read(document, refused)
    with pytest.raises(NotFound):
        queries.readable(document.number, stranger)
    with pytest.raises(NotFound):
        queries.readable("BR-1999-0001", SYSTEM)


def test_a_rolled_back_verb_leaves_no_paper(database: db.Database) -> None:
    @db.command
    def fails() -> None:
        issue()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert queries.of(OWNER) == []
    assert issue().number.endswith("-0001")


def test_rivals_leave_one_current_paper(database: db.Database) -> None:
    issue()
    issue(owner="pickup/new")
    lost: list[Conflict] = []

    def rival(owner: str) -> None:
        with db.scope():
            try:
                issue(owner=owner)
            except Conflict as error:
                lost.append(error)

    for owner in (OWNER, "pickup/unseen"):
        rivals = [threading.Thread(target=rival, args=(owner,)) for _ in range(4)]
        for each in rivals:
            each.start()
        for each in rivals:
            each.join()
        db.release()
        found = queries.of(owner)
        assert [each.superseded_by for each in found].count(None) == 1
    assert sum(len(queries.of(owner)) for owner in (OWNER, "pickup/unseen")) == 1 + 8 - len(lost)


def test_the_moment_is_now_unless_given(database: db.Database) -> None:
    facts = samples.reservation_slip()
    del facts["made_at"]
    with clock.frozen(clock.at_paris(clock.today())):
        document = services.issue(
            "reservation_slip", facts, lang="en", owner="reservation/RES-1", readers=[], number_prefix="BS"
        )
        assert document.made_at == clock.now()
    assert document.title == "Handover slip for the beneficiary"
    assert "made_at" not in facts, "the caller's facts are left alone"
