"""The journal refuses to be rewritten, on both databases, and goes on refusing after a migration."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db, migrating
from reuse_market.kernel.db import session
from reuse_market.traceability import triggers
from reuse_market.traceability.models import Event
from tests.traceability.conftest import Append

STATEMENTS = [
    "UPDATE event SET type = 'lot.closed'",
    "UPDATE event SET payload = payload",
    "UPDATE event SET recorded_at = recorded_at WHERE id = 1",
    "DELETE FROM event",
]
TRUNCATE = "TRUNCATE event CASCADE"  # SQLite has none: its unqualified DELETE is one


def test_the_journal_is_append_only(append: Append, database: db.Database) -> None:
    append()
    db.release()
    for statement in STATEMENTS if database.is_sqlite else [*STATEMENTS, TRUNCATE]:
        with db.writing(), database.engine.connect() as connection:
            with pytest.raises(sa.exc.DBAPIError, match=triggers.REFUSAL):
                connection.execute(sa.text(statement))
            connection.rollback()
    assert session().scalar(sa.select(sa.func.count()).select_from(Event)) == 1


def test_installing_again_changes_nothing(append: Append, database: db.Database) -> None:
    with db.writing(), database.engine.begin() as connection:
        before = triggers.installed(connection)
        migrating.install_triggers(connection)
        assert triggers.installed(connection) == before >= set(triggers.NAMES)
