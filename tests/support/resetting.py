"""One PostgreSQL database put back as it was, instead of a new copy for each test (5 ms against 80).

`Baseline` remembers a seeded database; `restore` empties what tests fill and puts the sequences back. It gives
up, and the caller makes a new copy, as soon as a seeded row, the schema or a trigger differs, or the database has
grown: nothing is mended that could be mended wrongly. Its own session stays open between tests, with its plans:
a new one pays 30 ms to learn 150 tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

MOST_GROWTH = 8_000_000  # bytes: dead rows would slow the next tests down

_SCHEMA = " UNION ALL ".join(
    f"SELECT '{table}', count(*), max({table}.xmin::text::bigint) FROM {table} {narrowed}"
    for table, narrowed in (
        ("pg_trigger", ""),
        ("pg_constraint", ""),
        ("pg_attribute", "JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace"),
        ("pg_proc", "WHERE pronamespace = 'public'::regnamespace"),
        ("pg_index", ""),
    )
)
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_OTHERS = " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_BUSY = f"SELECT count(*) {_OTHERS} AND state IS DISTINCT FROM 'idle'"
_END_OTHERS = f"SELECT pg_terminate_backend(pid) {_OTHERS}"


class Baseline:
    """What a seeded database is like before any test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = self._open = psycopg.connect(self.address, autocommit=True)
        names = [row[0] for row in connection.execute(_TABLES)]
        holds = {name: _holds(connection, name) for name in names}
        self.seeded = sorted(name for name in names if holds[name])
        self.emptied = sorted(set(names) - set(self.seeded))
        self.sequences = connection.execute(
            "SELECT schemaname || '.' || sequencename, coalesce(last_value, start_value),"
            " last_value IS NOT NULL FROM pg_sequences"
        ).fetchall()
        self.rows, self.schema = self._rows(connection), connection.execute(_SCHEMA).fetchall()
        self.size = _size(connection)
        self._learn(connection)

    def restore(self, hang_up: Callable[[], None]) -> bool:
        """Whether the database is again what it was. Sessions left idle serve the next test too; where one was
        left in the middle of something, `hang_up` closes the test's own and whatever stays is ended."""
        try:
            if self._open.closed:
                self._open = psycopg.connect(self.address, autocommit=True)
                self._learn(self._open)
            busy = self._open.execute(_BUSY).fetchone()
            if busy and busy[0]:
                hang_up()
                self._open.execute(_END_OTHERS)
            if self._differs(self._open):
                return False
            self._open.execute("CALL pg_temp.put_back()")
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        """End the session: nobody may be connected to a database that is copied."""
        self._open.close()

    def _learn(self, connection: psycopg.Connection[Any]) -> None:
        """The way back, planned once a session."""
        deletes = "; ".join(f'DELETE FROM public."{name}"' for name in self.emptied)
        values = ", ".join(
            f"('{name}'::regclass, {at}::bigint, {called})" for name, at, called in self.sequences
        )
        connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        connection.execute(
            "CREATE PROCEDURE pg_temp.put_back() LANGUAGE plpgsql AS $$ BEGIN "
            f"{deletes}; PERFORM setval(v.s, v.n, v.c) FROM (VALUES {values}) v(s, n, c); END $$"
        )

    def _differs(self, connection: psycopg.Connection[Any]) -> bool:
        return (
            self._rows(connection) != self.rows
            or connection.execute(_SCHEMA).fetchall() != self.schema
            or _size(connection) > self.size + MOST_GROWTH
        )

    def _rows(self, connection: psycopg.Connection[Any]) -> list[Any]:
        asked = " UNION ALL ".join(
            f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM \"{name}\"" for name in self.seeded
        )
        return connection.execute(asked).fetchall()


def _holds(connection: psycopg.Connection[Any], name: str) -> bool:
    found = connection.execute(f'SELECT EXISTS (SELECT FROM "{name}")').fetchone()
    return bool(found and found[0])


def _size(connection: psycopg.Connection[Any]) -> int:
    found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0
