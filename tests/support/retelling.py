"""What a builder of the tests' world writes, told once a worker by the verbs, then written again as it was.

A builder marked `@retold` plays its verbs the first time. What they sent to the database and to the files is kept,
and the next test that stands at the same point – the same builders, called alike, on a fresh database, and nothing
else written – has the same statements run again, in one transaction: the same rows, keys, constraints and triggers,
at a tenth of the price. Wherever that is in doubt the verbs are played: inside a command, in a test that patches the
product, after any other write, where something was undone, where the database is not what it was, and again every
two minutes, since what is written again says the hour it was told at.
REUSE_MARKET_TEST_RETELL=no plays everything, always.
"""

from __future__ import annotations

import functools
import io
import itertools
import os
import pickle
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask import Flask, has_app_context
from sqlalchemy import event

from reuse_market.documents import rendering
from reuse_market.kernel import clock, db, files
from reuse_market.notices import settings as mail_settings

RETELL_SETTING = "REUSE_MARKET_TEST_RETELL"
P = ParamSpec("P")
R = TypeVar("R")

_READS = re.compile(
    r"\s*(SELECT|PRAGMA|BEGIN|SHOW|SET|VALUES|WITH(?!.*\b(INSERT|UPDATE|DELETE)\b))", re.I | re.S
)
_COUNTS_ON = re.compile(r"\b(nextval|setval)\b", re.I)  # read, yet they change what comes next
_SIGNED = re.compile(r"\s*INSERT INTO (checkpoint|log_key)\b", re.I)  # by the key of one test's folder
_MARK = sa.text(
    "SELECT (SELECT max(id) FROM event), (SELECT max(id) FROM organisation), (SELECT max(id) FROM unit)"
)
MOST = 400  # calls kept, those used last: tests that begin alike follow one another
FRESH_S = 120  # seconds: what is written again says the hour it was told at, and codes and turns run out
_points = itertools.count(1)


@dataclass
class Told:
    """One call of a builder: what it wrote and gave, the point where it leaves the database."""

    began: Any
    at: float = field(default_factory=time.monotonic)
    writes: list[tuple[str, Any, bool]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    given: bytes = b""
    ended: Any = None
    point: int = field(default_factory=lambda: next(_points))


class Teller:
    """Follows what is written into the test's database."""

    def __init__(self) -> None:
        self.database: db.Database | None = None
        self.point: int | None = None  # None: something has been written that no builder tells
        self.kept: dict[Any, Told] = {}
        self.telling: Told | None = None
        self.pending: list[tuple[str, Any, bool]] = []
        self.thread = 0
        self.counts = {"told": 0, "again": 0, "played": 0}

    def begin(self, database: db.Database, *, fresh: bool) -> None:
        """A test begins on this database, `fresh` where it holds the first rows and nothing else."""
        self.database, self.telling, self.pending = database, None, []
        self.thread = threading.get_ident()
        self.point = 0 if fresh and os.environ.get(RETELL_SETTING) != "no" else None
        if self.point is not None:
            event.listen(database.engine, "before_cursor_execute", self._sent)
            for moment, heard in (
                ("commit", self._kept),
                ("rollback", self._undone),
                ("rollback_savepoint", self._undone),
            ):
                if not event.contains(database.engine, moment, heard):
                    event.listen(database.engine, moment, heard)

    def end(self) -> None:
        """The test is over."""
        self.database = self.point = None

    def call(self, build: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the builder gives, told, written again, or simply played."""
        key = self._key(build, args, kwargs)
        if key is None:
            self.counts["played"] += 1
            return build(*args, **kwargs)
        began = _mark()
        told = self.kept.pop(key, None)
        if told is None or time.monotonic() - told.at > FRESH_S:
            return self._tell(key, Told(began), build, *args, **kwargs)
        self.kept[key] = told
        if told.began != began:  # somebody wrote through another door
            self.point = None
            return build(*args, **kwargs)
        return self._again(told, _worlds((args, kwargs)))

    def _key(self, build: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if (
            self.point is None
            or self.telling is not None
            or db._database is not self.database
            or db.in_command()
        ):
            return None
        try:
            said = _said((args, kwargs))
        except TypeError:
            return None
        mails = mail_settings._settings
        around = (
            mails and (mails.base_url, mails.sender, mails.phone),
            rendering._base_url,
            files._root is None,
        )
        when = (clock._fixed.get(), clock.today(), has_app_context())
        return db.database().is_sqlite, self.point, build.__module__, build.__qualname__, said, around, when

    def _tell(self, key: Any, told: Told, build: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        chance = random.getstate()
        self.telling = told
        try:
            value = build(*args, **kwargs)
        except BaseException:
            self.point = None if told.writes or self.pending else self.point
            raise
        finally:
            self.telling, self.pending = None, []
            random.setstate(chance)  # the test draws the same whether its world was told or written again
        try:
            told.given = _pickled(value, _worlds((args, kwargs)))
        except (TypeError, AttributeError, pickle.PicklingError):
            self.point = None
        if self.point is not None:
            told.ended = _mark()
            self.kept[key] = told
            if len(self.kept) > MOST:
                del self.kept[next(iter(self.kept))]
            self.point = told.point
            self.counts["told"] += 1
        return value

    def _again(self, told: Told, worlds: list[Any]) -> Any:
        for sha256, data in told.contents.items():
            path = files.path_of(sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _write(told.writes)
        if _mark() != told.ended:
            raise AssertionError("what was written again is not what had been told")
        self.point = told.point
        self.counts["again"] += 1
        value = _given(told.given, worlds)
        db.session().rollback()  # the rows given are read anew when looked at
        return value

    def storing(self, store: Callable[..., str]) -> Callable[..., str]:
        """Stands for the files' own way to put a content: what a builder puts is kept too."""

        def run(*args: Any, **kwargs: Any) -> str:
            sha256 = store(*args, **kwargs)
            if self.telling is not None:
                self.telling.contents[sha256] = files.path_of(sha256).read_bytes()
            return sha256

        return run

    def _sent(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if self.point is None:
            return
        if _READS.match(statement):
            if _COUNTS_ON.search(statement):
                self.point = None
        elif self.telling is None or threading.get_ident() != self.thread or _SIGNED.match(statement):
            self.point = None
        else:
            # Rows inserted together are one statement, whatever SQLAlchemy calls it.
            self.pending.append((statement, parameters, many and _several(parameters)))

    def _kept(self, _connection: Any) -> None:
        if self.telling is not None:
            self.telling.writes += self.pending
        self.pending = []

    def _undone(self, *_: Any) -> None:
        if self.pending:  # keys it has used up stay so
            self.point = None
        self.pending = []


teller = Teller()


def retold(build: Callable[P, R]) -> Callable[P, R]:
    """Mark a builder: all that it does is written in the database and the files, and what it gives pickles."""

    @functools.wraps(build)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return teller.call(build, *args, **kwargs)

    return run


@db.command
def _write(writes: list[tuple[str, Any, bool]]) -> None:
    driver: Any = db.session().connection().connection.driver_connection
    if db.database().is_sqlite:
        _run(driver.cursor(), writes)
    else:
        with driver.pipeline(), driver.cursor() as cursor:
            _run(cursor, writes)


def _run(cursor: Any, writes: list[tuple[str, Any, bool]]) -> None:
    for statement, parameters, many in writes:
        (cursor.executemany if many else cursor.execute)(statement, parameters)


def _several(parameters: Any) -> bool:
    return isinstance(parameters, list) and isinstance(parameters[0], list | tuple | dict)


def _mark() -> Any:
    """Where the database stands, roughly (any act writes an event). No reading is left open, as after a command."""
    current = db.session()
    current.rollback()
    found = tuple(current.execute(_MARK).one())
    current.rollback()
    return found


def _said(value: Any) -> Any:
    """The value as a key of a dictionary. TypeError for what cannot be told by its value."""
    if value is None or isinstance(value, str | int | bytes | date | Path):
        return type(value).__name__, value
    if isinstance(value, list | tuple):
        return tuple(map(_said, value))
    if isinstance(value, dict):
        return tuple((_said(name), _said(of)) for name, of in value.items())
    if isinstance(value, set | frozenset):
        return frozenset(map(_said, value))
    if isinstance(value, db.Base):
        return type(value).__name__, sa.inspect(value).identity
    if isinstance(value, Flask):  # one a worker, pointed at the test's database
        return "app"
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, tuple(_said(getattr(value, one.name)) for one in fields(value))
    raise TypeError(type(value).__name__)


def _worlds(value: Any) -> list[Any]:
    """What remembers its parties among the arguments: a builder may add some."""
    if isinstance(value, list | tuple):
        return [world for one in value for world in _worlds(one)]
    if isinstance(value, dict):
        return _worlds(list(value.values()))
    if not is_dataclass(value) or isinstance(value, type):
        return []
    return (
        [value] if hasattr(value, "parties") else _worlds([getattr(value, one.name) for one in fields(value)])
    )


class _Pickler(pickle.Pickler):
    """Rows are named by their key, and read again; the worlds of the arguments stay what they are."""

    def __init__(self, out: io.BytesIO, worlds: list[Any]) -> None:
        super().__init__(out)
        self.worlds = {id(world): number for number, world in enumerate(worlds)}

    def persistent_id(self, value: Any) -> Any:
        """The name of what is not copied."""
        if isinstance(value, db.Base):
            return type(value), sa.inspect(value).identity
        return self.worlds.get(id(value))


class _Unpickler(pickle.Unpickler):
    def __init__(self, given: io.BytesIO, worlds: list[Any]) -> None:
        super().__init__(given)
        self.worlds = worlds

    def persistent_load(self, name: Any) -> Any:
        """What the name stands for, in this test."""
        return self.worlds[name] if isinstance(name, int) else db.session().get(*name)


def _pickled(value: Any, worlds: list[Any]) -> bytes:
    out = io.BytesIO()
    _Pickler(out, worlds).dump((value, [world.parties for world in worlds]))
    return out.getvalue()


def _given(pickled: bytes, worlds: list[Any]) -> Any:
    value, parties = _Unpickler(io.BytesIO(pickled), worlds).load()
    for world, known in zip(worlds, parties, strict=True):
        world.parties.update(known)
    return value
