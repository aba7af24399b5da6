"""Migrated, empty databases to measure on, with the durability of a real service."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reuse_market.kernel import db, files
from reuse_market.notices.settings import configure
from tests.support import servers
from tests.support.database import PostgresqlSource, SqliteSource


@contextmanager
def connected(backend: str) -> Iterator[db.Database]:
    """A database of `backend` ("sqlite" or "postgresql") as this process's database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files.configure(f"file://{folder}/files")
        configure(base_url="http://127.0.0.1:8000", mail_url="page:", sender="Bench <bench@localhost>")
        if backend == "sqlite":
            with _connected(SqliteSource(folder).migrated(folder)) as database:
                yield database
            return
        server = servers.obtain(settings={})
        try:
            with _connected(PostgresqlSource(server).migrated(folder)) as database:
                yield database
        finally:
            server.stop()


@contextmanager
def _connected(url: str) -> Iterator[db.Database]:
    try:
        yield db.connect(url)
    finally:
        db.disconnect()
