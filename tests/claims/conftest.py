"""A seeded world; mails stay in the outbox."""

from __future__ import annotations

import pytest

from reuse_market import notices
from reuse_market.kernel import db
from reuse_market.web import catalogues
from tests.support.world import World


@pytest.fixture
def world(database: db.Database) -> World:
    """Reference rows, territory, and parties on demand."""
    catalogues.compile_stale(catalogues.ROOT)
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()
