"""Fixtures and guards of every test."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache
from werkzeug import test as werkzeug_test

from reuse_market.accounts import passwords
from reuse_market.kernel import db
from reuse_market.web import catalogues
from tests.support import guards, servers
from tests.support.database import (
    PostgresqlSource,
    SqliteSource,
    forget_durability,
    keep_durability,
    remembered,
    unheard,
)
from tests.support.keeping import KEPT_SETTING, once, told_before

BACKENDS = ["sqlite", "postgresql"]
SEED_SETTING = "REUSE_MARKET_TEST_SEED"
STRONG = passwords._hasher
pytest_plugins = ["tests.support.plugin", "tests.support.edges", "tests.support.lives"]


@pytest.fixture(scope="session", autouse=True)
def _fixed_surroundings() -> Iterator[None]:
    """A foreign time zone and a plain locale: nothing may lean on the machine's."""
    os.environ.update(TZ="Pacific/Auckland", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    time.tzset()
    catalogues.compile_stale(catalogues.ROOT)  # mails speak French without an application too
    with guards.no_network(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "Database", remembered)
        patch.setattr(db, "disconnect", remembered.disconnect)
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # thousands sign in, 26 ms each
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_decoy", quick.hash("no such person"))
        # Several applications a run, and workers: each template is compiled once for all of them.
        compiled = FileSystemBytecodeCache(os.environ[KEPT_SETTING])
        patch.setattr(Flask, "jinja_environment", partial(Environment, bytecode_cache=compiled))
        # Above 500 kB the test client writes a body to a temporary file that it never closes: keep it in memory.
        in_memory = partial(werkzeug_test.stream_encode_multipart, use_tempfile=False)
        patch.setattr(werkzeug_test, "stream_encode_multipart", in_memory)
        yield


@pytest.fixture
def strong_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strength of the product's own digests, for the tests that are about it."""
    monkeypatch.setattr(passwords, "_hasher", STRONG)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    random.seed(int(os.environ[SEED_SETTING]))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[servers.Server]:
    """This worker's PostgreSQL server; where none can be had, the test is skipped and the summary says so."""
    try:
        server = servers.obtain()
    except servers.Unavailable as error:
        pytest.skip(f"NO POSTGRESQL: {error}")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def _sqlite_source(tmp_path_factory: pytest.TempPathFactory) -> SqliteSource:
    return SqliteSource(tmp_path_factory.mktemp("ready"))


@pytest.fixture(scope="session")
def _postgresql_source(postgresql_server: servers.Server) -> Iterator[PostgresqlSource]:
    source = PostgresqlSource(postgresql_server)
    yield source
    source.close()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """ "sqlite" or "postgresql"; a test for one only parametrises it: ("backend", ["sqlite"])."""
    return str(request.param)


def _source(backend: str, request: pytest.FixtureRequest) -> SqliteSource | PostgresqlSource:
    source: SqliteSource | PostgresqlSource = request.getfixturevalue(f"_{backend}_source")
    return source


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, seeded database of this test's own, on each backend.

    `@pytest.mark.unseeded` leaves it empty.
    """
    source = _source(backend, request)
    seeded = request.node.get_closest_marker("unseeded") is None
    url = source.migrated(tmp_path, seeded=seeded, story=told_before(request.fixturenames, source), only=True)
    yield url
    source.drop(url)


@pytest.fixture
def blank_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table (migration tests)."""
    source = _source(backend, request)
    url = source.blank(tmp_path)
    yield url
    source.drop(url)


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[db.Database]:
    """The process's connected, migrated, seeded database. `@pytest.mark.durable` keeps SQLite's full sync."""
    connected = db.connect(database_url)
    durable = request.node.get_closest_marker("durable") is not None
    (keep_durability if durable else forget_durability)(connected)
    yield connected
    db.disconnect()
    unheard(connected)


@pytest.fixture
def tell_once(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Callable[[], Any]], Any]:
    """`tell_once(name, tell)`: what `tell()` gives, played once a worker and backend (tests.support.keeping)."""
    source, folder = _source(backend, request), tmp_path / "files"
    return lambda name, tell: once(name, source, folder, tmp_path_factory.getbasetemp() / backend, tell)
