"""Sessions and commands. The only module that commits or rolls back.

A *scope* holds one session per thread (request, job, command line). Reads open it lazily; `@command`
turns it into a write: the outermost command begins and commits, inner ones join, any exception rolls all
back. SQLite writers start with BEGIN IMMEDIATE after letting go of the read snapshot, so a loser waits
instead of failing; PostgreSQL runs READ COMMITTED and verbs lock the head row they change.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.util import identity_key

from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_

P = ParamSpec("P")
R = TypeVar("R")
B = TypeVar("B", bound="Base")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
RETRIES = 8
BUSY_MS = 15_000
IDLE_S = 1.0  # a connection unused for longer is tried before it serves: the server may have restarted
LOCKED = "locked rows"
OUTSIDE = "rows were changed outside a command"


class Base(DeclarativeBase):
    """Base of every table of every room."""

    metadata = sa.MetaData(naming_convention=NAMING)


class Database:
    """An engine with the settings this product relies on."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = sa.make_url(url)
        options: dict[str, Any] = {}
        if self.url.get_backend_name() == "sqlite":
            options["connect_args"] = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
        else:
            options |= {"pool_size": pool_size, "max_overflow": 20}
        self.engine = sa.create_engine(self.url, **options)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)
        else:
            event.listen(self.engine, "checkin", _note_use)
            event.listen(self.engine, "checkout", self._try_idle)

    def _try_idle(self, connection: Any, record: Any, _proxy: Any) -> None:
        used = record.info.get("used_at")
        if used is None or time.monotonic() - used < IDLE_S:
            return
        try:
            self.engine.dialect.do_ping(connection)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool drops its old connections and tries again


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


class _Scope:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.session = Session(database.engine, expire_on_commit=True, autoflush=True)
        event.listen(self.session, "before_flush", _refuse_outside)
        event.listen(self.session, "do_orm_execute", _refuse_outside)
        event.listen(self.session, "after_transaction_end", self._forget)
        self.kept: dict[Any, Any] = {}

    def _forget(self, _session: Session, ended: SessionTransaction) -> None:
        if ended.parent is None:  # a flush is a part of it: what is locked stays so
            self.kept.clear()


def _refuse_outside(subject: Session | ORMExecuteState, *_: Any) -> None:
    """A write outside a command would be thrown away in silence: say it instead."""
    writes = (
        True if isinstance(subject, Session) else subject.is_insert or subject.is_update or subject.is_delete
    )
    if writes and not _writing.get():
        raise RuntimeError(OUTSIDE)


endings: list[Callable[[], None]] = []  # run inside the outermost command, last (kernel.ending)
_database: Database | None = None
_scope: ContextVar[_Scope | None] = ContextVar("scope", default=None)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def connect(url: str, *, pool_size: int = 10) -> Database:
    """Make `url` this process's database and return it."""
    global _database
    disconnect()
    _database = Database(url, pool_size=pool_size)
    return _database


def disconnect() -> None:
    """Close this thread's scope and every pooled connection."""
    global _database
    release()
    if _database is not None:
        _database.engine.dispose()
    _database = None


def database() -> Database:
    """The connected database; RuntimeError before `connect`."""
    if _database is None:
        raise RuntimeError("no database connected")
    return _database


def session() -> Session:
    """This thread's session, opened on first use. Read with it; write inside a `@command`."""
    scope = _scope.get()
    if scope is None or scope.database is not _database:
        scope = _Scope(database())
        _scope.set(scope)
    return scope.session


def kept() -> dict[Any, Any]:
    """What this thread's transaction knows for sure, emptied when it ends: rows locked, heads of streams."""
    session()
    scope = _scope.get()
    assert scope is not None
    return scope.kept


def release() -> None:
    """End this thread's scope: roll back what was read, give the connection back."""
    scope = _scope.get()
    if scope is not None:
        scope.session.close()
    _scope.set(None)


@contextmanager
def scope() -> Iterator[Session]:
    """A scope for a thread, a job or a script: released at the end."""
    try:
        yield session()
    finally:
        release()


def in_command() -> bool:
    """True inside a command: used by code that must never run outside one."""
    return _writing.get()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside are a writer's: SQLite locks at once. For commands and migrations."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def command(verb: Callable[P, R]) -> Callable[P, R]:
    """Mark a verb as a write: one transaction around the outermost call, joined by inner ones."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            return verb(*args, **kwargs)
        return _outermost(verb, *args, **kwargs)

    run.is_command = True  # type: ignore[attr-defined]
    return run


def _outermost(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    give_up = time.monotonic() + BUSY_MS / 1000  # SQLite waits that long by itself: once is enough
    for attempt in range(RETRIES):
        try:
            return _once(verb, *args, **kwargs)
        except DBAPIError as error:
            last = attempt == RETRIES - 1 or time.monotonic() > give_up
            if not _is_transient(error) or last:
                conflict = _as_conflict(error)
                if conflict is None:
                    raise
                raise conflict from error
            time.sleep(random.uniform(0, 0.02) * (attempt + 1))  # noqa: S311 – spreads rivals, no secret
    raise AssertionError("unreachable")


def _once(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    current = session()
    refresh(current)
    try:
        with writing():
            result = verb(*args, **kwargs)
            for ending in endings:
                ending()
            current.commit()
            return result
    except BaseException:
        current.rollback()
        raise


def refresh(current: Session) -> None:
    """The write sees fresh rows, whatever was read before it.

    SQLite reads from a snapshot until the transaction ends. PostgreSQL sees what is committed with each
    statement: its transaction goes on, unless a statement of it has failed or its reader wanted one snapshot.
    """
    if current.new or current.dirty or current.deleted:
        raise RuntimeError(OUTSIDE)
    if current.in_transaction() and not database().is_sqlite and _goes_on(current):
        current.expire_all()
    else:
        current.rollback()
    kept().clear()  # also of an act undone before its first statement: no transaction has ended to say so


def _goes_on(current: Session) -> bool:
    if not current.is_active:
        return False
    connection = current.connection()
    if connection.invalidated or "isolation_level" in connection.get_execution_options():
        return False
    driver: Any = connection.connection.driver_connection
    return driver.info.transaction_status.name in ("IDLE", "INTRANS")


def _is_transient(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in {"40001", "40P01", "55P03"} or "database is locked" in str(error.orig)


def _as_conflict(error: DBAPIError) -> Conflict | None:
    """Losers of a unique index or of an endless lock get a clean conflict, never a 500. None for the rest."""
    text = str(error.orig)
    unique = getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint" in text
    if unique or _is_transient(error):
        return Conflict(N_("Somebody else was quicker. Look at the page again, then retry."), code="raced")
    return None


def lock(row_class: type[Base], *criteria: sa.ColumnExpressionArgument[bool]) -> Any:
    """Load one row and lock it until commit (PostgreSQL FOR UPDATE; SQLite's writer is alone anyway).

    Returns the row, freshly read, or None.
    """
    statement = (
        sa.select(row_class).where(*criteria).with_for_update().execution_options(populate_existing=True)
    )
    found = session().scalars(statement).one_or_none()
    if found is not None:
        kept().setdefault(LOCKED, set()).add(sa.inspect(found).identity_key)
    return found


def hold(row_class: type[B], row_id: int) -> B | None:
    """`lock` by primary key; of a row that this command has locked already nothing is asked again."""
    if identity_key(row_class, row_id) in kept().get(LOCKED, ()):
        return session().get(row_class, row_id)
    found: B | None = lock(row_class, sa.inspect(row_class).primary_key[0] == row_id)
    return found
