"""A migrated, empty database per test, made by copying a ready one."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from reuse_market.accounts import sightings
from reuse_market.kernel import db
from tests.support.keeping import KEPT_SETTING, Kept
from tests.support.preparing import prepare, seed, settle
from tests.support.resetting import Baseline
from tests.support.servers import Server

_numbers = itertools.count(1)


def _shared(folder: Path, seeded: bool) -> Path:
    """The ready file in `folder`, seeded or not, that all workers of this run copy; who comes first makes it."""
    made = folder / f"ready-{seeded}.sqlite"
    with Path(f"{made}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_file():
            making = made.with_suffix(".making")
            if seeded:
                shutil.copyfile(_shared(folder, False), making)
                seed(f"sqlite:///{making}")
            else:
                prepare(f"sqlite:///{making}")
            making.rename(made)
    return made


class SqliteSource:
    """Copies of a ready file, with or without its first rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ready: dict[bool, Path] = {}
        self.kept: dict[str, Kept] = {}

    def blank(self, folder: Path) -> str:
        """The address of a database without any table."""
        return f"sqlite:///{folder / f'blank{next(_numbers)}.sqlite'}"

    def migrated(
        self, folder: Path, *, seeded: bool = True, story: str | None = None, only: bool = False
    ) -> str:
        """The address of a migrated database: seeded, else empty; or with a kept story in it.

        `only`: the test has no other one, so that the worker's own may be used again and again.
        """
        if seeded not in self.ready:
            self.ready[seeded] = _shared(Path(os.environ.get(KEPT_SETTING, self.folder)), seeded)
        copy = (self.folder if only else folder) / "test.sqlite"
        shutil.copyfile(self._story(story) if story else self.ready[seeded], copy)
        if only:  # one address for all: its engine keeps its compiled statements
            remembered.addresses.add(f"sqlite:///{copy}")
        return f"sqlite:///{copy}"

    def keep(self, name: str, url: str) -> None:
        """Keep the database at `url`, at rest, under that name."""
        settle(url)
        shutil.copyfile(str(sa.make_url(url).database), self._story(name))

    def _story(self, name: str) -> Path:
        return self.folder / f"story-{name}.sqlite"

    def drop(self, url: str) -> None:
        """Remove the file behind `url` and its companions."""
        for end in ("", "-wal", "-shm"):
            Path(str(sa.make_url(url).database) + end).unlink(missing_ok=True)


class PostgresqlSource:
    """Copies of a template database of the worker's server, with or without its first rows."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.prefix = f"parc_test_{os.getpid()}_{os.urandom(3).hex()}"
        self.templates: dict[bool | str, str] = {}
        self.shared: Baseline | None = None
        self.kept: dict[str, Kept] = {}

    def blank(self, folder: Path) -> str:
        """The address of a database without any table."""
        return self._create("template0")

    def migrated(
        self, folder: Path, *, seeded: bool = True, story: str | None = None, only: bool = False
    ) -> str:
        """The address of a migrated database: seeded, else empty; or with a kept story in it.

        `only`: the test has no other one, so that the worker's own may be used again and again.
        """
        self._make_template(seeded)
        if not only or not seeded or story:
            return self._create(self.templates[story or seeded])
        if self.shared is None or not self.shared.restore(partial(remembered.hang_up, self.shared.url)):
            self._forget_shared()
            self.shared = Baseline(self._create(self.templates[seeded]))
            remembered.addresses.add(self.shared.url)
        return self.shared.url

    def _make_template(self, seeded: bool) -> None:
        """Once a worker; the seeded one begins as a copy of the other."""
        if seeded in self.templates:
            return
        if seeded:
            self._make_template(False)
            url = self._create(self.templates[False])
            seed(url)
        else:
            url = self._create("template0")
            prepare(url)
        self.templates[seeded] = str(sa.make_url(url).database)

    def _forget_shared(self) -> None:
        if self.shared is not None:
            shared, self.shared = self.shared, None
            shared.close()
            remembered.hang_up(shared.url)
            self.drop(shared.url)

    def keep(self, name: str, url: str) -> None:
        """Keep the database at `url`, at rest, under that name."""
        if self.shared is not None and url == self.shared.url:
            self.shared.close()
        copy = self._create(str(sa.make_url(url).database))
        self.templates[name] = str(sa.make_url(copy).database)

    def _create(self, template: str) -> str:
        name = f"{self.prefix}_{next(_numbers)}"
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.server.url(name)

    def drop(self, url: str) -> None:
        """Drop the database at `url`, whoever is still connected; the shared one is put back when next used."""
        if self.shared is not None and url == self.shared.url:
            return
        self.server.execute(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Drop the templates (a server given by setting stays clean)."""
        self._forget_shared()
        for template in self.templates.values():
            self.server.execute(f"DROP DATABASE IF EXISTS {template} WITH (FORCE)")


class Remembered:
    """Databases by address: an address used test after test keeps its engine, hence its compiled statements,
    and on PostgreSQL its idle sessions, which know the tables already (10 ms a test)."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self._made: dict[str, db.Database] = {}
        self._make, self._disconnect = db.Database, db.disconnect

    def __call__(self, url: str, *, pool_size: int = 10) -> db.Database:
        """The database at `url`: stands for `db.Database` while tests run."""
        if url not in self.addresses:
            return self._make(url, pool_size=pool_size)
        if url not in self._made:
            self._made[url] = self._make(url, pool_size=pool_size)
        return self._made[url]

    def disconnect(self) -> None:
        """Stands for `db.disconnect` while tests run: the pool of an address used again stays open."""
        sightings.unremember()  # the next test's rows are others under the same keys
        left = db._database
        if left is None or left.is_sqlite or left not in self._made.values():
            self._disconnect()  # a file that is replaced must be closed
        else:
            db.release()
            db._database = None

    def hang_up(self, url: str) -> None:
        """Close the sessions of that address."""
        if url in self._made:
            self._made[url].engine.dispose()


remembered = Remembered()


def unheard(database: db.Database) -> None:
    """Forget who listened to the statements of the test before."""
    heard: Any = database.engine.dispatch.before_cursor_execute
    if len(heard):
        heard.clear()


def forget_durability(database: db.Database) -> None:
    """Let SQLite commit without waiting for the disk (PostgreSQL's server is started so)."""
    if database.is_sqlite and not event.contains(database.engine, "connect", _synchronous_off):
        event.listen(database.engine, "connect", _synchronous_off)


def keep_durability(database: db.Database) -> None:
    """SQLite's own setting again, for the tests of durability."""
    if event.contains(database.engine, "connect", _synchronous_off):
        event.remove(database.engine, "connect", _synchronous_off)


def _synchronous_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
