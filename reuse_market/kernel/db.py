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
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.util import identity_key

from reuse_market.kernel.engines import BUSY_MS, OUTDATED, acts, writers
from reuse_market.kernel.engines import Database as Database
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
LOCKED = "locked rows"
OUTSIDE = "rows were changed outside a command"


class Base(DeclarativeBase):
    """Base of every table of every room."""

    metadata = sa.MetaData(naming_convention=NAMING)


class _Session(Session):
    """The session of a thread. `kept`: what its transaction knows for sure, emptied when it ends."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine, expire_on_commit=True, autoflush=True)
        self.database = database
        self.kept: dict[Any, Any] = {}


def _forget(current: _Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # a flush is a part of it: what is locked stays so
        current.kept.clear()


def _refuse_outside(subject: Session | ORMExecuteState, *_: Any) -> None:
    """A write outside a command would be thrown away in silence: say it instead."""
    writes = (
        True if isinstance(subject, Session) else subject.is_insert or subject.is_update or subject.is_delete
    )
    if writes and not writers.get():
        raise RuntimeError(OUTSIDE)


for _moment in ("before_flush", "do_orm_execute"):  # of all sessions at once: a request makes several
    event.listen(_Session, _moment, _refuse_outside)
event.listen(_Session, "after_transaction_end", _forget)

endings: list[Callable[[], None]] = []  # run inside the outermost command, last (kernel.ending)
_database: Database | None = None
_scope: ContextVar[_Session | None] = ContextVar("scope", default=None)


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
    return _own()


def kept() -> dict[Any, Any]:
    """What this thread's transaction knows for sure, emptied when it ends: rows locked, heads of streams."""
    return _own().kept


def _own() -> _Session:
    current = _scope.get()
    if current is None or current.database is not _database:
        current = _Session(database())
        _scope.set(current)
    return current


def release() -> None:
    """End this thread's scope: roll back what was read, give the connection back."""
    current = _scope.get()
    if current is not None:
        current.close()
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
    return writers.get()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside are a writer's: SQLite locks at once. For commands and migrations."""
    token = writers.set(True)
    try:
        yield
    finally:
        writers.reset(token)


def expect_act(expected: bool) -> None:
    """Say whether who asks from now on, in this thread, is here to act: what is read first is planned as the verb is.

    Nothing depends on it but the time PostgreSQL takes (kernel.engines). The edge says it of every request.
    """
    acts.set(expected)


def command(verb: Callable[P, R]) -> Callable[P, R]:
    """Mark a verb as a write: one transaction around the outermost call, joined by inner ones."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if writers.get():
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
    return state in {"40001", "40P01", "55P03", OUTDATED} or "database is locked" in str(error.orig)


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
