"""Append-only by trigger, on both databases. Installed after every migration (batch mode drops triggers).

One more trigger writes each new event into `log_pending`, so that the sequencer finds what waits for a position
without reading the journal; events that were there before it are added when it is first installed.
"""

from __future__ import annotations

import sqlalchemy as sa

REFUSAL = "the journal is append-only"
TABLES = ("event", "log_entry", "log_node", "checkpoint", "log_key", "log_refusal", "log_statement")
NAMES = tuple(f"{table}_no_{act}" for table in TABLES for act in ("update", "delete"))
PENDING = "event_to_position"


def install(connection: sa.Connection) -> None:
    """Install the triggers where the tables exist; safe to repeat."""
    present = set(sa.inspect(connection).get_table_names())
    for table in TABLES:
        if table in present:
            _append_only(connection, table)
    if {"event", "log_pending", "log_entry"} <= present:
        _positioning(connection)


def remove(connection: sa.Connection) -> None:
    """Take away the trigger that needs another table than its own; `install` puts it back."""
    if not sa.inspect(connection).has_table("event"):
        return
    on = "" if connection.dialect.name == "sqlite" else " ON event"
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {PENDING}{on}")


def _append_only(connection: sa.Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for act, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_no_{act.lower()}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {level} "
            "EXECUTE FUNCTION refuse_journal_change()"
        )


def _positioning(connection: sa.Connection) -> None:
    if PENDING in installed(connection):
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {PENDING} AFTER INSERT ON event "
            "BEGIN INSERT INTO log_pending (event_id) VALUES (NEW.id); END"
        )
    else:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION event_to_position() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO log_pending (event_id) VALUES (NEW.id); RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {PENDING} AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_to_position()"
        )
    connection.exec_driver_sql(
        "INSERT INTO log_pending (event_id) SELECT id FROM event WHERE "
        "NOT EXISTS (SELECT 1 FROM log_entry WHERE log_entry.event_id = event.id) AND "
        "NOT EXISTS (SELECT 1 FROM log_pending WHERE log_pending.event_id = event.id)"
    )


def installed(connection: sa.Connection) -> set[str]:
    """Names of the triggers found on the journal's tables."""
    tables = ", ".join(f"'{table}'" for table in TABLES)
    if connection.dialect.name == "sqlite":
        query = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({tables})"
    else:
        query = (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            f"WHERE relname IN ({tables}) AND NOT tgisinternal AND pg_table_is_visible(tgrelid)"
        )
    return set(connection.exec_driver_sql(query).scalars())
