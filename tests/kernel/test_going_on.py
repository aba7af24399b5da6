"""A command after reads: it goes on in their transaction where that sees what is committed, and nowhere else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from reuse_market.kernel import db, engines
from reuse_market.kernel.errors import Conflict
from tests.support.races import together


@pytest.fixture
def number(database, widget):
    """The id of a widget."""

    @db.command
    def add():
        row = widget(name="a")
        db.session().add(row)
        db.session().flush()
        return row.id

    made = add()
    db.release()
    return made


def rival_takes(widget, number):
    @db.command
    def take():
        row = db.lock(widget, widget.id == number)
        row.taker, row.version = "rival", row.version + 1

    assert together(1, lambda _n: take())[0].error is None


@db.command
def seen(widget, number):
    """What a command sees first: the row, and whether its own `hold` of it is fresh."""
    row = db.session().get(widget, number)
    return row.taker, row.version, db.hold(widget, number).version


@pytest.fixture
def asked(database):
    """The statements sent so far."""
    sent: list[str] = []
    engine = database.engine

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_after_a_read(widget, number):
    assert db.session().get(widget, number).taker is None
    rival_takes(widget, number)
    assert seen(widget, number) == ("rival", 2, 2)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_after_a_reader_who_wanted_one_snapshot(widget, number):
    db.session().connection(execution_options={"isolation_level": "REPEATABLE READ"})
    assert db.session().get(widget, number).taker is None
    rival_takes(widget, number)
    db.session().expire_all()
    assert db.session().get(widget, number).taker is None  # as that reader wants it

    @db.command
    def told():
        return db.session().get(widget, number).taker

    assert told() == "rival"


@pytest.mark.parametrize("broken", ["statement", "connection"])
def test_after_a_read_that_failed(database, widget, number, broken):
    db.session().get(widget, number)
    if broken == "connection" and not database.is_sqlite:
        pid = db.session().scalar(sa.text("SELECT pg_backend_pid()"))
        with database.engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(DBAPIError):
        db.session().execute(sa.text("SELECT * FROM no_such_table"))
    rival_takes(widget, number)
    assert seen(widget, number) == ("rival", 2, 2)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_row_read_then_locked_is_fresh(widget, number):
    @db.command
    def read_then_lock():
        assert db.session().get(widget, number).version == 1
        rival_takes(widget, number)
        return db.lock(widget, widget.id == number).version, db.hold(widget, number).version

    assert read_then_lock() == (2, 2)


def test_a_row_is_held_for_one_command_only(widget, number, asked):
    @db.command
    def twice():
        row, before = db.hold(widget, number), len(asked)
        assert db.hold(widget, number) is row
        return len(asked) - before, row.version

    assert twice() == (0, 1)
    rival_takes(widget, number)
    assert twice() == (0, 2)


def test_what_a_refused_command_knew_is_forgotten(widget, number):
    @db.command
    def fail():
        db.hold(widget, number)
        db.kept()["sure"] = True
        raise ValueError("refused")

    @db.command
    def knows():
        return dict(db.kept())

    with pytest.raises(ValueError, match="refused"):
        fail()
    assert knows() == {}


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_that_died_idle_is_replaced(database, widget, number, monkeypatch):
    """Tried before it serves, once it has lain unused for a while."""
    monkeypatch.setattr(engines, "IDLE_S", 0)
    pid = db.session().scalar(sa.text("SELECT pg_backend_pid()"))
    db.release()
    killer = sa.create_engine(database.url, poolclass=sa.NullPool)
    with killer.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    assert seen(widget, number) == (None, 1, 1)
    assert db.session().scalar(sa.text("SELECT pg_backend_pid()")) != pid


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_is_prepared_outlives_a_reading_and_no_failure(database, add_and_refuse):
    """psycopg forgets its statements at each ROLLBACK; ours ends a reading, and an act refused, without it."""

    def read():
        db.session().connection().execute(sa.text("SELECT :n + 1"), {"n": 1})
        prepared = db.session().connection().connection.driver_connection._prepared
        return len(prepared._names)

    def again(times):
        return [(read(), db.release())[0] for _ in range(times)]

    assert again(8)[-1] == 1, "prepared after the fifth time, each in a transaction of its own"
    with pytest.raises(Conflict):
        add_and_refuse()
    assert again(1) == [1]
    assert db.session().scalar(sa.text("SELECT count(*) FROM kernel_test_widget")) == 0
    with pytest.raises(DBAPIError):
        db.session().execute(sa.text("SELECT 1 / 0"))
    db.release()
    assert again(1) == [0]


@pytest.fixture
def add_and_refuse(widget):
    """A command that writes and is refused."""

    @db.command
    def act():
        db.session().add(widget(name="given up"))
        db.session().flush()
        raise Conflict("refused")

    return act


def test_what_an_act_undone_knew_is_forgotten(database):
    """Undone before its first statement, no transaction has ended: the next act takes none of it for its own."""

    @db.command
    def undone():
        db.kept()["queued"] = ["a mail"]
        raise Conflict("undone")

    @db.command
    def following():
        return db.kept().get("queued")

    db.release()
    with pytest.raises(Conflict):
        undone()
    assert following() is None
