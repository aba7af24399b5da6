"""Append-only by trigger, on both databases. Installed after every migration (batch mode drops triggers)."""

from __future__ import annotations

import sqlalchemy as sa

REFUSAL = "the journal is append-only"
NAMES = ("event_no_update", "event_no_delete")


def install(connection: sa.Connection) -> None:
    """Install the triggers where the table exists; safe to repeat."""
    if not sa.inspect(connection).has_table("event"):
        return
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS event_no_{act.lower()} BEFORE {act} ON event "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for act, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"event_no_{act.lower()}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON event")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {act} ON event FOR EACH {level} "
            "EXECUTE FUNCTION refuse_journal_change()"
        )


def installed(connection: sa.Connection) -> set[str]:
    """Names of the triggers found on `event`."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal"
    return set(connection.exec_driver_sql(query).scalars())
