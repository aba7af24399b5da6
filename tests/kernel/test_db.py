"""Commands: one transaction, joined by inner ones, refused on dirty sessions, patient with rivals."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from reuse_market.kernel import db
from reuse_market.kernel.errors import Conflict
from tests.support.races import together


class Stop(Exception):
    """Raised on purpose."""


def _names(database: db.Database) -> list[str]:
    """The names another thread sees: what was really committed."""

    def read(_n: int) -> list[str]:
        return list(db.session().scalars(sa.text("SELECT name FROM kernel_test_widget ORDER BY name")))

    outcome = together(1, read)[0]
    assert outcome.error is None, outcome.error
    return outcome.value


@pytest.fixture
def add(widget):
    """A command that adds a widget."""

    @db.command
    def add_widget(name: str):
        row = widget(name=name)
        db.session().add(row)
        db.session().flush()
        return row.id

    return add_widget


def test_the_outermost_command_commits(database, add):
    add("a")
    assert _names(database) == ["a"]
    assert not db.in_command()


def test_inner_commands_join(database, add):
    @db.command
    def add_two():
        add("a")
        assert db.in_command()
        seen_outside = _names(database)
        add("b")
        return seen_outside

    assert add_two() == []  # the inner command did not commit by itself
    assert _names(database) == ["a", "b"]


def test_an_exception_rolls_everything_back(database, add):
    @db.command
    def add_and_fail():
        add("a")
        raise Stop

    with pytest.raises(Stop):
        add_and_fail()
    assert _names(database) == []
    assert not db.in_command()
    add("b")  # the session is usable again
    assert _names(database) == ["b"]


def test_a_command_reads_fresh_rows(database, widget, add):
    number = add("a")
    assert db.session().get(widget, number).taker is None  # a read snapshot is open from here on
    together(1, lambda _n: _take(widget, number))

    @db.command
    def who():
        return db.session().get(widget, number).taker

    assert who() == "rival"


def _take(widget, number):
    @db.command
    def take():
        db.session().get(widget, number).taker = "rival"

    take()


def test_dirty_rows_outside_a_command_are_refused(database, widget, add):
    number = add("a")
    db.session().get(widget, number).name = "changed"
    with pytest.raises(RuntimeError, match="outside a command"):
        add("b")
    db.release()
    assert _names(database) == ["a"]


def test_new_rows_outside_a_command_are_refused(database, widget, add):
    db.session().add(widget(name="a"))
    with pytest.raises(RuntimeError, match="outside a command"):
        add("b")


def test_flush_outside_a_command_is_refused(database, widget, add):
    db.session().add(widget(name="a"))
    with pytest.raises(RuntimeError, match="outside a command"):
        db.session().scalars(sa.select(widget)).all()  # autoflush would have hidden the change


def test_statements_outside_a_command_are_refused(database, widget, add):
    add("a")
    for statement in (
        sa.insert(widget).values(name="b"),
        sa.update(widget).values(name="b"),
        sa.delete(widget),
    ):
        with pytest.raises(RuntimeError, match="outside a command"):
            db.session().execute(statement)
    assert _names(database) == ["a"]


def test_the_loser_of_a_unique_index_gets_a_conflict(database, add):
    add("a")
    with pytest.raises(Conflict) as raised:
        add("a")
    assert raised.value.code == "raced"
    assert isinstance(raised.value.__cause__, IntegrityError)


def test_other_integrity_errors_stay_faults(database, widget):
    @db.command
    def nameless():
        db.session().add(widget(name=None))

    with pytest.raises(IntegrityError) as raised:
        nameless()
    assert raised.value.__cause__ is not raised.value


def test_one_of_eight_rivals_wins_a_unique_name(database, add):
    outcomes = together(8, lambda _n: add("a"))
    assert [o.error for o in outcomes].count(None) == 1
    assert {type(o.error) for o in outcomes if o.error} == {Conflict}
    assert _names(database) == ["a"]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_transient_failures_are_tried_again(database, add):
    """Two commands lock two rows crosswise: the server ends one of them, which starts over and succeeds."""
    first, second = add("a"), add("b")
    met = threading.Barrier(2)
    tries = []

    @db.command
    def cross(mine, other):
        tries.append(mine)
        _touch(mine)
        if len(tries) <= 2:
            met.wait(10)
        _touch(other)
        return "done"

    outcomes = together(2, lambda n: cross(*((first, second), (second, first))[n]))
    assert [(o.value, o.error) for o in outcomes] == [("done", None)] * 2
    assert len(tries) == 3


def _touch(number):
    db.session().execute(
        sa.text("UPDATE kernel_test_widget SET version = version + 1 WHERE id = :n"), {"n": number}
    )


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writer_waits_for_the_other(database, add):
    held = threading.Event()

    def slow(number):
        if number:
            held.wait(10)
            return add("b")

        @db.command
        def hold():
            add("a")
            held.set()
            time.sleep(0.4)

        return hold()

    assert [o.error for o in together(2, slow)] == [None, None]
    assert _names(database) == ["a", "b"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_writers_lock_before_they_read(database, widget, add):
    """A writer that began by reading would have to start over each time a rival was quicker."""
    number = add("a")
    tries = []

    @db.command
    def count_up():
        tries.append(1)
        row = db.session().get(widget, number)
        time.sleep(0.01)
        row.version += 1

    assert [o.error for o in together(4, lambda _n: [count_up() for _ in range(3)])] == [None] * 4
    assert db.session().get(widget, number).version == 13
    assert len(tries) == 12


def test_endless_transient_failures_end_as_a_conflict(database, add):
    tries = []

    @db.command
    def never():
        tries.append(1)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with pytest.raises(Conflict):
        never()
    assert len(tries) == db.RETRIES


def test_waiting_has_an_end(database, monkeypatch):
    monkeypatch.setattr(db, "BUSY_MS", -1)
    tries = []

    @db.command
    def never():
        tries.append(1)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with pytest.raises(Conflict):
        never()
    assert len(tries) == 1


def test_lasting_failures_are_not_tried_again(database):
    tries = []

    @db.command
    def wrong():
        tries.append(1)
        db.session().execute(sa.text("SELECT * FROM no_such_table"))

    with pytest.raises(DBAPIError):
        wrong()
    assert len(tries) == 1


def test_each_thread_has_a_session_of_its_own(database, widget):
    sessions = [o.value for o in together(3, lambda _n: id(db.session()))]
    assert len({*sessions, id(db.session())}) == 4


def test_another_thread_is_not_inside_the_command(database):
    @db.command
    def ask():
        return together(1, lambda _n: db.in_command())[0].value

    assert ask() is False


def test_release_gives_the_connection_back(database, widget):
    db.session().scalars(sa.select(widget)).all()
    assert database.engine.pool.checkedout() == 1
    db.release()
    assert database.engine.pool.checkedout() == 0


def test_commands_end_without_holding_a_connection(database, add):
    add("a")
    assert database.engine.pool.checkedout() == 0


def test_nothing_works_before_connect():
    with pytest.raises(RuntimeError, match="no database"):
        db.session()


def test_lock_reads_fresh_and_keeps_others_out(database, widget, add):
    number = add("a")

    @db.command
    def count_up():
        row = db.lock(widget, widget.id == number)
        row.version += 1

    assert [o.error for o in together(8, lambda _n: [count_up() for _ in range(5)])] == [None] * 8
    assert db.session().get(widget, number).version == 41


def test_lock_gives_none_when_there_is_nothing(database, widget):
    @db.command
    def ask():
        return db.lock(widget, widget.id == 7)

    assert ask() is None


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.durable
def test_sqlite_settings(database):
    with database.engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": db.BUSY_MS}
