"""Databases made in two ways: blank ones to migrate, and one made from the models alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reuse_market.kernel import db, migrating


@pytest.fixture
def blank(blank_url: str) -> Iterator[db.Database]:
    """A database without any table; not the process's own."""
    database = db.Database(blank_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def from_models(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Database]:
    """A database made from the models alone."""
    source = request.getfixturevalue(f"_{backend}_source")
    url = source.blank(tmp_path)
    database = db.Database(url)
    with db.writing(), database.engine.begin() as connection:
        migrating.metadata().create_all(connection)
    yield database
    database.engine.dispose()
    source.drop(url)
