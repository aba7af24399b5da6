"""What a connection to PostgreSQL keeps prepared: from one reading to the next, and never past its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

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
