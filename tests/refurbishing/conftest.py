"""A workshop on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from reuse_market.kernel import db, files
from reuse_market.notices.settings import configure
from tests.support.workshop import Workshop
from tests.support.world import World


@pytest.fixture
def workshop(database: db.Database, tmp_path: Path) -> Workshop:
    """A reuse actor with the lot LOT-2026-0001 of a holder, policy purge; files in the test's folder."""
    files.configure(f"file://{tmp_path / 'files'}")
    configure(
        base_url="http://parc.example", mail_url="smtp://localhost:1", sender="Parc <parc@parc.example>"
    )
    return Workshop(World.begin())


@pytest.fixture
def statements(database_url: str) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as told:` lists the SQL sent meanwhile."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        told: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            told.append(statement)

        event.listen(db.database().engine, "before_cursor_execute", note)
        try:
            yield told
        finally:
            event.remove(db.database().engine, "before_cursor_execute", note)

    return listening
