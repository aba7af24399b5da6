"""A workshop on each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from reuse_market import notices
from reuse_market.kernel import db, files
from tests.support.workshop import Workshop
from tests.support.world import World


@pytest.fixture
def workshop(database: db.Database, tmp_path: Path) -> Workshop:
    """A reuse actor with the lot LOT-2026-0001 of a holder, policy purge; files in the test's folder."""
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <noreply@localhost>"
    )
    return Workshop(World.begin())
