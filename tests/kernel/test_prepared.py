"""What a connection to PostgreSQL keeps prepared: from one reading to the next, and never past its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.kernel import db

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])
_READ = sa.text("SELECT number FROM kernel_test_prepared WHERE number >= :least ORDER BY number")


@pytest.fixture
def alter(database: db.Database) -> Iterator[Callable[[str], None]]:
    """A table of one row, which somebody else changes by a connection of its own."""
    database.engine.dispose()  # one connection serves all that is read here, whatever was read before
    other = sa.create_engine(database.url, poolclass=sa.NullPool)

    def act(*statements: str) -> None:
        with other.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()

    act("CREATE TABLE kernel_test_prepared (number integer)", "INSERT INTO kernel_test_prepared VALUES (7)")
    yield act
    act("DROP TABLE kernel_test_prepared")


def _read() -> list[int]:
    with db.scope() as session:
        return list(session.scalars(_READ, {"least": 1}))


def _prepared(database: db.Database) -> int:
    with database.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%kernel_test_prepared%%'"
        return int(connection.exec_driver_sql(asked).scalar_one())


def test_a_statement_read_often_is_prepared_once_for_many_readings(
    database: db.Database, alter: Callable[[str], None]
) -> None:
    for _again in range(8):
        assert _read() == [7]
    assert _prepared(database) == 1
    with db.scope() as session:
        assert session.scalar(sa.text("SHOW plan_cache_mode")) == "force_custom_plan"
    alter("ALTER TABLE kernel_test_prepared ADD COLUMN name text")
    assert _read() == [7]
    with db.scope() as session, pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.text("SELECT nothing FROM kernel_test_prepared"))
    assert _read() == [7]


def test_a_migration_under_a_server_that_runs_costs_one_reading_and_no_verb(
    database: db.Database, alter: Callable[[str], None]
) -> None:
    """A column of another type: what is prepared cannot be answered. Every connection of the pool had it so."""
    verb = db.command(lambda: list(db.session().scalars(_READ, {"least": 1})))

    def prepare() -> None:
        with database.engine.connect() as one, database.engine.connect() as other:
            for connection in (one, other) * 8:
                assert list(connection.scalars(_READ, {"least": 1})) == [7]

    prepare()
    alter("ALTER TABLE kernel_test_prepared ALTER COLUMN number TYPE bigint")
    with pytest.raises(sa.exc.DBAPIError), db.scope() as session:
        session.scalars(_READ, {"least": 1}).all()
    with database.engine.connect() as one, database.engine.connect() as other:
        assert [list(each.scalars(_READ, {"least": 1})) for each in (one, other)] == [[7], [7]]
    prepare()
    alter("ALTER TABLE kernel_test_prepared ALTER COLUMN number TYPE integer")
    assert verb() == [7]
    db.release()


def _mode() -> str:
    return str(db.session().scalar(sa.text("SHOW plan_cache_mode")))


def test_who_reads_gets_plans_for_its_values_and_who_acts_plans_that_are_kept(database: db.Database) -> None:
    """What is read before the verb, and the verb; a snapshot asked for stays one, and the next reader finds the
    connection as it was. A job plans each time."""
    database.engine.dispose()  # one connection serves all, and nobody finds it clean by chance
    verb = db.command(_mode)
    assert [_mode(), verb()] == ["force_custom_plan"] * 2
    db.release()
    db.expect_act(True)
    try:
        assert [verb(), _mode(), verb(), _mode()] == ["auto"] * 4
        db.release()
        with db.scope() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            levels = [session.scalar(sa.text("SHOW transaction_isolation")), _mode()]
        assert levels == ["repeatable read", "force_custom_plan"]
        assert _mode() == "auto"  # the pool has given the connection its level back, by name
    finally:
        db.expect_act(False)
        db.release()
    assert _mode() == "force_custom_plan"
    db.release()


def test_a_request_that_acts_is_planned_as_a_verb_from_its_first_reading(
    app: Flask, database: db.Database
) -> None:
    seen: list[tuple[str, bytes | None]] = []

    def note(connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        told = driver.pgconn.exec_(b"SHOW plan_cache_mode").get_value(0, 0)
        seen.append((flask.request.method if flask.has_request_context() else "", told))

    sa.event.listen(database.engine, "begin", note)
    token = {"Authorization": "Bearer parc_unknown"}
    try:
        app.test_client().get("/api/v1/lots", headers=token)
        app.test_client().post("/api/v1/offers/none:reserve", headers=token)
        db.session().connection()  # somebody else's reading, in the thread that has answered
        db.release()
        app.test_client().get("/api/v1/lots", headers=token)
    finally:
        sa.event.remove(database.engine, "begin", note)
    custom = b"force_custom_plan"
    assert [*dict.fromkeys(seen)] == [("GET", custom), ("POST", b"auto"), ("", custom)]
    assert seen[-1] == ("GET", custom)
