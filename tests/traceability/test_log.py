"""The transparency log on both databases: positions, proofs, checkpoints, refusals."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.traceability import (
    checkpoints,
    journal,
    keys,
    log,
    notes,
    reading,
    restoring,
    tree,
    triggers,
    verify,
)
from reuse_market.traceability.log_models import LogEntry, LogPending
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from tests.support.tampering import disarm
from tests.traceability.conftest import ACTOR, Append

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADMINISTRATOR = Actor(organisation_id=7, person_id=3, roles=frozenset({"administrator"}))


class Gone(Exception):
    """A writer that gives up after writing."""


@pytest.fixture(autouse=True)
def _key(tmp_path: Path) -> None:
    keys.configure(tmp_path / "keys" / "signing.key", origin="parc.example/log", own=True)


@db.command
def many(count: int, stream: str = "lot/LOT-2026-0002") -> None:
    """So many events of one act."""
    parts = [journal.Part([], None, {"n": n}) for n in range(count)]
    journal.append_many(journal.Act(ACTOR), stream, "lot.published", parts)


def leaves() -> list[bytes]:
    rows = session().scalars(
        sa.select(Event.hash).join(LogEntry, LogEntry.event_id == Event.id).order_by(LogEntry.position)
    )
    return [tree.leaf_hash(bytes.fromhex(h)) for h in rows]


def test_positions_follow_commits_and_every_proof_holds(append: Append, database: db.Database) -> None:
    assert log.size() == 0
    assert log.root(0) == tree.EMPTY
    first = append().id
    assert log.position_of(first) is None
    assert log.sequence() == 1
    assert log.sequence() == 0
    assert log.position_of(first) == 0
    many(700)
    assert (log.sequence(limit=300), log.sequence(limit=300), log.sequence_all()) == (300, 300, 100)
    found = leaves()
    assert log.size() == len(found) == 701
    for size in (1, 2, 255, 256, 257, 511, 512, 701):
        assert log.root(size) == tree.root_of(found[:size])
        for position in {0, size // 2, size - 1}:
            proof = log.inclusion(position, size)
            assert tree.proves_inclusion(found[position], position, size, proof, log.root(size))
        proof = log.consistency(size, 701)
        assert tree.proves_consistency(size, 701, proof, log.root(size), log.root(701))
    assert session().scalars(sa.select(LogEntry.position).order_by(LogEntry.position)).all() == list(
        range(701)
    )
    assert session().scalar(sa.select(sa.func.count()).select_from(LogPending)) == 0


@pytest.mark.parametrize("backend", ["sqlite"])  # PostgreSQL goes by its statistics, SQLite by the words
def test_positions_are_given_without_reading_the_whole_journal(database: db.Database) -> None:
    many(3)
    said: list[tuple[str, Any]] = []
    sa.event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _k, text, values, *_more: said.append((text, values)),
    )
    assert log.sequence() == 3
    plans = [
        row[3]
        for text, values in list(said)
        if text.startswith(("INSERT", "DELETE", "SELECT"))
        for row in session().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
    ]
    assert any(plan.startswith("SEARCH event ") for plan in plans)
    assert [plan for plan in plans if plan.startswith(("SCAN event", "SCAN log_entry"))] == []


@pytest.mark.postgresql
@pytest.mark.parametrize("backend", ["postgresql"])
def test_rival_sequencers_leave_no_gap_and_every_view_is_a_prefix(database: db.Database) -> None:
    """Writers commit out of order and roll back while three sequencers run: a bigserial would be contradicted."""
    views: list[list[int]] = []
    stop = threading.Event()
    errors: list[BaseException] = []

    @db.command
    def write(number: int) -> None:
        journal.append(
            journal.Act(ACTOR), f"lot/LOT-2026-{number % 7:04d}", "lot.published", facts={"n": number}
        )
        time.sleep(random.random() / 200)  # an id is taken long before its commit
        if number % 5 == 0:
            raise Gone

    def run(act: Callable[[], None]) -> None:
        try:
            with db.scope():
                act()
        except BaseException as error:
            errors.append(error)

    def writer(base: int) -> None:
        for number in range(base, base + 40):
            with contextlib.suppress(Gone):
                write(number)

    def sequencer() -> None:
        while not stop.is_set():
            log.sequence(limit=9)
            db.session().rollback()
            views.append(list(db.session().scalars(sa.select(LogEntry.event_id).order_by(LogEntry.position))))
            db.session().rollback()

    writers = [threading.Thread(target=run, args=(partial(writer, 100 * n),)) for n in range(4)]
    rivals = [threading.Thread(target=run, args=(sequencer,)) for _ in range(3)]
    for thread in [*writers, *rivals]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in rivals:
        thread.join()
    assert errors == []
    log.sequence_all()
    db.session().rollback()
    final = list(db.session().scalars(sa.select(LogEntry.event_id).order_by(LogEntry.position)))
    assert len(final) == len(set(final)) == 4 * 32
    assert all(view == final[: len(view)] for view in views)
    assert final != sorted(final)  # commit order is not id order: the test would mean nothing otherwise
    assert verify_chains() == []


def test_a_checkpoint_when_due_and_only_then(append: Append, tmp_path: Path) -> None:
    assert (checkpoints.latest(), checkpoints.due(), checkpoints.keep_up()) == (None, None, 0)
    assert not (tmp_path / "keys" / "signing.key").exists()
    with clock.frozen(NOON):
        append()
        assert checkpoints.keep_up(("lot.closed",)) == 1
        first = checkpoints.latest()
        assert first is not None
        assert (first.size, first.reason) == (1, "hourly")
        assert (tmp_path / "keys" / "signing.key").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "keys" / "signing.key.last").stat().st_mode & 0o777 == 0o600
        assert checkpoints.make().size == 1
        append()
        assert (checkpoints.keep_up(("lot.closed",)), checkpoints.due()) == (1, None)
    with clock.frozen(NOON + timedelta(minutes=56)):
        assert checkpoints.due() == "hourly"
    with clock.frozen(NOON + timedelta(minutes=2)):
        append(kind="lot.closed")
        checkpoints.keep_up(("lot.closed",))
    last = checkpoints.latest()
    assert last is not None
    assert (last.size, last.reason) == (3, "closing")
    told, signer = notes.opened(last.note, notes.read_vkey(checkpoints.public_key()))
    assert notes.read_body(told) == notes.Body("parc.example/log", 3, log.root(3))
    covers = [checkpoints.covering(position) for position in range(4)]
    assert [one.size if one else None for one in covers] == [1, 3, 3, None]
    assert [key.vkey for key in checkpoints.public_keys()] == [signer.vkey]
    with pytest.raises(RuntimeError, match="inside a command"):
        db.command(log.sequence)()


def test_a_new_key_leaves_the_old_checkpoints_theirs_and_a_lost_one_is_told(
    append: Append, tmp_path: Path
) -> None:
    append()
    old = checkpoints.make()
    before = old.key
    _, aside = keys.replace()
    assert aside is not None
    append()
    new = checkpoints.make()
    assert new.key != before
    assert {key.vkey for key in checkpoints.public_keys()} == {before, new.key}
    assert verify_chains() == []
    (tmp_path / "keys" / "signing.key").unlink()
    append()
    with pytest.raises(keys.KeyMissing):
        checkpoints.make()
    keys.replace()
    assert checkpoints.make().size == 3


@db.command
def take_back(size: int) -> None:
    """The database as it was when its log had this size, as a restored backup makes it."""
    disarm()
    late = f"(SELECT event_id FROM log_entry WHERE position >= {size})"
    for statement in (
        f"DELETE FROM checkpoint WHERE size > {size}",
        f"DELETE FROM event_commitment WHERE event_id IN {late}",
        f"DELETE FROM log_entry WHERE position >= {size}",
        "DELETE FROM event WHERE id NOT IN (SELECT event_id FROM log_entry)",
        "UPDATE stream_head SET (seq, hash, recorded_at) = (SELECT seq, hash, recorded_at FROM event "
        "ORDER BY id DESC LIMIT 1)",
    ):
        session().execute(sa.text(statement))
    triggers.install(session().connection())
    if not db.database().is_sqlite:
        session().execute(sa.text("ALTER TABLE event ENABLE TRIGGER USER"))


def test_an_older_backup_is_seen_refused_and_declared(append: Append, database: db.Database) -> None:
    """The database goes back to three events of five and grows otherwise: nothing is signed until it is declared."""
    for _ in range(3):
        append()
    checkpoints.make()
    append()
    append()
    lost_root = checkpoints.make().root
    take_back(3)
    append(facts={"otherwise": 1})
    append()
    append()
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.make()
    assert {fault.rule for fault in verify_chains()} == {"log.kept", "log.refused"}
    refusal = checkpoints.open_refusal()
    assert refusal is not None
    assert (refusal.kept_size, refusal.kept_root, refusal.found_size) == (5, lost_root, 6)
    assert checkpoints.keep_up() == 0
    reason = "Disque perdu, sauvegarde de la veille restaurée."
    for actor, why in ((ACTOR, NotAllowed), (replace(ADMINISTRATOR, via="operator"), NotAllowed)):
        with pytest.raises(why):
            restoring.declare_restore(reason, actor=actor)
    with pytest.raises(Invalid):
        restoring.declare_restore("Perdu", actor=ADMINISTRATOR)
    statement = restoring.declare_restore(reason, actor=ADMINISTRATOR)
    told, _ = notes.opened(statement.note, notes.read_vkey(statement.key))
    lines = told.split("\n")
    assert lines[:3] == ["parc.example/log", restoring.FORMAT, "5"]
    assert base64.b64decode(lines[3]).hex() == lost_root
    assert base64.b64decode(lines[6]) == hashlib.sha256(reason.encode()).digest()
    assert restoring.reasons([statement]) == {statement.id: reason}
    assert checkpoints.make().size == 7
    assert verify_chains() == []
    with pytest.raises(Conflict):
        restoring.declare_restore(reason, actor=ADMINISTRATOR)


def test_a_long_log_is_read_by_several_processes_and_joined(append: Append, database: db.Database) -> None:
    """Streams go on from run to run; what is broken at a joint or in the other process's run is found as here."""
    many(500)
    append(stream="lot/LOT-2026-0009", unit_ids=[1, 2, 3, 7])
    many(500)
    log.sequence_all()
    checkpoints.make()
    db.release()
    assert verify_chains(processes=3, apart_from=256) == []

    @db.command
    def break_it() -> None:
        disarm()
        for statement in (
            "UPDATE event_commitment SET value = '4' WHERE event_id = (SELECT id FROM event WHERE seq = 700)",
            "UPDATE event_commitment SET key = 'none' WHERE event_id = (SELECT id FROM event WHERE seq = 900)",
            "UPDATE event SET act_id = 'x' WHERE seq = 300",
            "INSERT INTO event_unit (event_id, unit_id) SELECT min(id), 5 FROM event",
            "UPDATE log_entry SET leaf = 'x' WHERE position = 800",
        ):
            session().execute(sa.text(statement))

    break_it()
    db.release()
    alone, together = verify_chains(processes=1), verify_chains(processes=3, apart_from=256)
    assert alone == together
    assert {fault.rule for fault in alone} >= {
        "journal.commitment", "journal.column", "journal.pairs", "log.entry", "log.checkpoint",
    }  # fmt: skip
    assert [fault.subject for fault in alone if fault.rule == "journal.commitment"] == [
        "lot/LOT-2026-0002#700", "lot/LOT-2026-0002#900",
    ]  # fmt: skip


def test_an_event_hidden_between_runs_of_ids_is_found_without_reading_all(
    append: Append, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, between and after runs of ids that are known: looked up there, while nothing walks over all events."""
    said: list[str] = []

    def ask(look: verify.Looking, statement: str) -> list[tuple[Any, ...]]:
        said.append(statement)
        return list(look.cursor.execute(statement).fetchall())

    monkeypatch.setattr(reading, "SLICE", 256)
    monkeypatch.setattr(verify.Looking, "ask", ask)
    for count in (256, 256, 0):
        append()
        many(count)
    assert verify_chains() == []
    log.sequence_all()
    assert verify_chains() == []
    db.release()

    @db.command
    def hide() -> None:
        disarm()
        session().execute(sa.text("DELETE FROM log_node"))
        session().execute(sa.text("DELETE FROM log_entry"))
        hidden = "SELECT id FROM event WHERE stream = 'lot/LOT-2026-0001'"
        rank = f"SELECT id, hash, row_number() OVER (ORDER BY id) - 1 FROM event WHERE id NOT IN ({hidden})"
        session().execute(sa.text(f"INSERT INTO log_entry (event_id, leaf, position) {rank}"))

    hide()
    db.release()
    said.clear()
    missing = [fault.subject for fault in verify_chains() if fault.rule == "log.missing"]
    assert missing == [f"lot/LOT-2026-0001#{seq}" for seq in (1, 2, 3)]
    assert [
        one for one in said if one.startswith("SELECT count(*) FROM event ") and "BETWEEN" not in one
    ] == []
    assert len([one for one in said if "count(*) FROM event WHERE id BETWEEN" in one]) == 3
    if database.is_sqlite:
        plans = [
            row[3]
            for one in said
            if "log_pending w" in one
            for row in session().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}")
        ]
        assert "SCAN w" in plans
        assert [plan for plan in plans if plan.startswith("SCAN e")] == []


TAMPERING = {  # what somebody who owns the database does → the rules that must see it, among others
    "UPDATE log_entry SET leaf = (SELECT leaf FROM log_entry WHERE position = 2) WHERE position = 1": {"log.entry"},
    "DELETE FROM log_entry WHERE position = 299": {"log.missing", "log.checkpoint"},
    "DELETE FROM log_entry WHERE position = 100": {"log.missing", "log.gap", "log.checkpoint"},
    "UPDATE log_entry SET position = position + 1000 WHERE position = 299": {"log.gap"},
    "UPDATE log_node SET hash = (SELECT leaf FROM log_entry WHERE position = 2)": {"log.node"},
    "DELETE FROM log_node": {"log.node"},
    "UPDATE checkpoint SET root = (SELECT leaf FROM log_entry WHERE position = 2)": {"log.checkpoint", "log.signature"},
    "UPDATE checkpoint SET note = replace(note, 'parc', 'Parc')": {"log.signature"},
    "DELETE FROM log_key": {"log.signature"},
    "UPDATE event SET recorded_at = (SELECT recorded_at FROM event WHERE id = 299) WHERE seq = 3": {
        "journal.column"
    },
    "UPDATE event SET payload = (SELECT payload FROM event WHERE seq = 9) WHERE seq = 3": {"journal.hash"},
    "UPDATE event SET act_id = 'x' WHERE seq = 3": {"journal.column"},
    "UPDATE event SET via = 'link' WHERE seq = 3": {"journal.column"},
    "UPDATE event SET organisation_id = NULL WHERE seq = 3": {"journal.column"},
    "UPDATE event_commitment SET value = '4' WHERE event_id = 7": {"journal.commitment"},
    "INSERT INTO event_unit (event_id, unit_id) SELECT min(id), 5 FROM event": {"journal.pairs"},
    "DELETE FROM log_pending": {"log.missing"},
}  # fmt: skip


def test_tampering_is_seen_by_the_expected_rule(append: Append, database: db.Database) -> None:
    for _ in range(2):
        many(149)
        append(stream="lot/LOT-2026-0009", unit_ids=[1, 2, 3, 7])
        with clock.frozen(clock.now() + timedelta(seconds=3)):
            append(stream="lot/LOT-2026-0003")
    log.sequence_all()
    checkpoints.make()
    append()
    assert verify_chains() == []
    for statement, expected in TAMPERING.items():
        try:
            with db.writing():
                disarm()
                session().execute(sa.text(statement))
                assert expected <= {fault.rule for fault in verify_chains()}, statement
        finally:
            db.release()
    assert verify_chains() == []
