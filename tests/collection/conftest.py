"""A seeded world with a place for papers; mails stay in the outbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from reuse_market import documents, notices
from reuse_market.kernel import db, files
from reuse_market.web import catalogues
from tests.support.world import World


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Reference rows, territory, and parties on demand."""
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    documents.configure(base_url="http://parc.example")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()
