"""What is done once before workers are forked, and what the program answers before it serves."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reuse_market.kernel import db, migrating
from reuse_market.serving import warm
from tests.house.rules import ROOT


def test_pages_are_made_once_and_no_connection_is_left(app, database):
    assert migrating.is_current(database)
    warm(app)
    assert {name for _loader, name in app.jinja_env.cache} >= {"catalogue/groups.html", "lots/board.html"}
    assert database.engine.pool.checkedin() == database.engine.pool.checkedout() == 0


@pytest.mark.parametrize("address", ["sqlite:///{folder}/none.db", "postgresql+psycopg://x@127.0.0.1:1/none"])
def test_without_a_database_yet_nothing_is_asked(app, tmp_path, address):
    db.connect(address.format(folder=tmp_path))
    try:
        warm(app)  # under TESTING a page without its tables would raise
        assert db.database().engine.pool.checkedout() == 0
    finally:
        db.disconnect()


def test_on_an_older_schema_nothing_is_asked(app, tmp_path):
    """A page would look for columns that are not there yet, and log an error before the door opens."""
    db.connect(f"sqlite:///{tmp_path}/old.db")
    try:
        migrating.upgrade(db.database(), "678fbe6aa8a4")  # the second release: no stored groups yet
        assert not migrating.is_current(db.database())
        warm(app)  # under TESTING a page without its tables would raise
    finally:
        db.disconnect()


@pytest.mark.parametrize(("asked", "status", "said"), [("--help", 0, "--demo"), ("--dmeo", 2, "--dmeo")])
def test_the_program_says_what_it_can_do_and_serves_nothing_else(tmp_path, asked, status, said):
    """Who asks for help, or types a wrong word, starts no server on the database of the day."""
    ran = subprocess.run(
        [sys.executable, ROOT / "app.py", asked],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == status
    assert said in ran.stdout + ran.stderr
    assert "Ctrl+C" not in ran.stdout
