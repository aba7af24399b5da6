"""The migration plumbing, on revisions of the test's own: transactions, rivals, triggers, children."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from reuse_market.kernel import db, migrating
from reuse_market.traceability import triggers
from tests.support.races import together
from tests.support.schema import describe

HEADER = """
import sqlalchemy as sa
from alembic import op
revision = {revision!r}
down_revision = {before!r}
branch_labels = None
depends_on = None
"""
TABLES = """
def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
    op.create_table("child", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False))
    op.create_table("event", sa.Column("id", sa.Integer, primary_key=True), sa.Column("seq", sa.Integer))
    op.execute("INSERT INTO parent VALUES (1, 7)")
    op.execute("INSERT INTO child VALUES (1, 1)")
    op.execute("INSERT INTO event VALUES (1, 1)")

def downgrade():
    for name in ("event", "child", "parent"):
        op.drop_table(name)
"""
REBUILD = """
def upgrade():
    for name in ("parent", "event"):
        with op.batch_alter_table(name, recreate="auto") as batch:
            batch.alter_column("id", type_=sa.BigInteger)  # makes SQLite rebuild the table
            batch.add_column(sa.Column("note", sa.Text))

def downgrade():
    for name in ("parent", "event"):
        with op.batch_alter_table(name) as batch:
            batch.alter_column("id", type_=sa.Integer)
            batch.drop_column("note")
"""
FAILING = """
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO no_such_table VALUES (1)")

def downgrade():
    op.drop_table("half")
"""
ORPHANS = """
def upgrade():
    op.execute("DELETE FROM parent")

def downgrade():
    pass
"""


@pytest.fixture
def scripts(tmp_path):
    """A folder of revisions of the test's own, with the real env.py."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(migrating.SCRIPTS / name, folder / name)
    return folder


def _write(scripts: Path, *bodies: str) -> None:
    before = None
    for number, body in enumerate(bodies, start=1):
        revision = f"r{number}"
        text = HEADER.format(revision=revision, before=before) + body
        (scripts / "versions" / f"2026010{number}_0000_r{number}.py").write_text(text)
        before = revision


def _tables(database: db.Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}


def _read(database: db.Database, statement: str) -> list[tuple]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def test_up_and_down_step_by_step(blank, scripts):
    _write(scripts, TABLES, REBUILD)
    assert (migrating.current(blank), migrating.head(scripts)) == (None, "r2")
    assert migrating.pending(blank, scripts)
    assert migrating.upgrade(blank, "r1", scripts) == ["r1"]
    assert migrating.upgrade(blank, scripts=scripts) == ["r2"]
    assert not migrating.pending(blank, scripts)
    assert migrating.upgrade(blank, scripts=scripts) == []
    assert migrating.upgrade(blank, "r1", scripts) == []  # upgrading never goes down
    assert migrating.downgrade(blank, "-1", scripts) == ["r2"]
    assert migrating.current(blank) == "r1"
    assert migrating.downgrade(blank, "r2", scripts) == []  # downgrading never goes up
    assert migrating.upgrade(blank, scripts=scripts) == ["r2"]
    assert migrating.downgrade(blank, "base", scripts) == ["r2", "r1"]
    assert _tables(blank) == set()


def test_a_database_ahead_of_the_checkout_is_said_so(blank, scripts):
    _write(scripts, TABLES, REBUILD)
    migrating.upgrade(blank, scripts=scripts)
    next(scripts.glob("versions/*_r2.py")).unlink()
    assert migrating.pending(blank, scripts)
    with pytest.raises(LookupError, match="r2"):
        migrating.upgrade(blank, scripts=scripts)


def test_two_heads_are_refused(blank, scripts):
    _write(scripts, TABLES)
    (scripts / "versions" / "other.py").write_text(HEADER.format(revision="other", before=None) + FAILING)
    with pytest.raises(CommandError, match="multiple heads"):
        migrating.head(scripts)
    with pytest.raises(CommandError, match="multiple heads"):
        migrating.upgrade(blank, scripts=scripts)
    assert migrating.current(blank) is None


def test_rebuilding_a_parent_keeps_its_children(blank, scripts):
    _write(scripts, TABLES, REBUILD)
    migrating.upgrade(blank, scripts=scripts)
    assert _read(blank, "SELECT n, note FROM parent") == [(7, None)]
    assert _read(blank, "SELECT parent_id FROM child") == [(1,)]
    migrating.downgrade(blank, "-1", scripts)
    assert _read(blank, "SELECT parent_id FROM child") == [(1,)]


def test_foreign_keys_work_again_afterwards(blank, scripts):
    _write(scripts, TABLES)
    migrating.upgrade(blank, scripts=scripts)
    with pytest.raises(DBAPIError, match="(?i)foreign key"), blank.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO child VALUES (2, 99)"))


@pytest.mark.parametrize("last", [[], [REBUILD]])
def test_the_journal_is_append_only_after_each_migration(blank, scripts, last):
    _write(scripts, TABLES, *last)
    migrating.upgrade(blank, scripts=scripts)
    _journal_refuses(blank)
    if last:
        migrating.downgrade(blank, "-1", scripts)
        _journal_refuses(blank)


def _journal_refuses(database: db.Database) -> None:
    for statement in ("UPDATE event SET seq = 2", "DELETE FROM event"):
        with pytest.raises(DBAPIError, match=triggers.REFUSAL), database.engine.begin() as connection:
            connection.execute(sa.text(statement))
    assert _read(database, "SELECT seq FROM event") == [(1,)]


def test_a_failing_migration_leaves_nothing_behind(blank, scripts):
    _write(scripts, TABLES, FAILING)
    with pytest.raises(DBAPIError, match="no_such_table"):
        migrating.upgrade(blank, scripts=scripts)
    assert migrating.current(blank) == "r1"  # the one before stands
    assert "half" not in _tables(blank)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_orphans_left_by_a_migration_undo_it(blank, scripts):
    """SQLite's foreign keys are off during a migration: they are checked at its end instead."""
    _write(scripts, TABLES, ORPHANS)
    with pytest.raises(RuntimeError, match="without their parent"):
        migrating.upgrade(blank, scripts=scripts)
    assert _read(blank, "SELECT id FROM parent") == [(1,)]
    assert migrating.current(blank) == "r1"


def test_nodes_starting_together_migrate_once(blank, scripts):
    _write(scripts, TABLES, REBUILD)
    db.connect(blank.url.render_as_string(hide_password=False))  # `together` opens a scope in each thread
    try:
        outcomes = together(4, lambda _n: migrating.upgrade(blank, scripts=scripts))
    finally:
        db.disconnect()
    assert [o.error for o in outcomes] == [None] * 4
    assert sorted(step for o in outcomes for step in o.value) == ["r1", "r2"]


def test_a_new_revision_brings_the_models(blank, scripts, from_models):
    path = migrating.new_revision("Première version: tables", scripts=scripts)
    assert re.fullmatch(r"\d{8}_\d{4}_\w+\.py", path.name)
    text = path.read_text()
    assert "reuse_market" not in text.replace("Revises", "")  # old revisions do not lean on tomorrow's code
    compile(text, str(path), "exec")
    migrating.upgrade(blank, scripts=scripts)
    assert migrating.compare(blank) == []
    assert describe(blank.engine) == describe(from_models.engine)
    migrating.downgrade(blank, "base", scripts)
    assert _tables(blank) == set()


def test_compare_sees_what_differs(blank, scripts):
    migrating.new_revision("all", scripts=scripts)
    migrating.upgrade(blank, scripts=scripts)
    with db.writing(), blank.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE counter ADD COLUMN extra INTEGER"))
        connection.execute(sa.text("DROP TABLE delay"))
    found = {str(change[0]) for change in migrating.compare(blank)}
    assert {"add_table", "remove_column"} <= found
