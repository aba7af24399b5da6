"""Engines: the settings of SQLite and PostgreSQL that this product relies on."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError

BUSY_MS = 15_000
IDLE_S = 1.0  # a connection unused for longer is tried before it serves: the server may have restarted
OUTDATED = "0A000"  # SQLSTATE of "cached plan must not change result type"
PREPARED = 200  # statements that a PostgreSQL connection keeps prepared, the last used ones

writers: ContextVar[bool] = ContextVar(
    "writers", default=False
)  # whether transactions begun now are a writer's

acts: ContextVar[bool] = ContextVar("acts", default=False)  # whether who asks is here to act, not to read


class Database:
    """An engine with the settings this product relies on."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = sa.make_url(url)
        options: dict[str, Any] = {}
        if self.url.get_backend_name() == "sqlite":
            options["connect_args"] = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
        else:
            options |= {"pool_size": pool_size, "max_overflow": 20, "pool_use_lifo": True}
        self.engine = sa.create_engine(self.url, **options)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)
        else:
            event.listen(self.engine, "connect", _prepare_more)
            event.listen(self.engine, "begin", _begin_act)
            event.listen(self.engine, "checkin", _note_use)
            event.listen(self.engine, "checkout", self._try_idle)
            event.listen(self.engine, "handle_error", _forget_outdated)
            _keep_prepared(self.engine.dialect)

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


def _prepare_more(connection: Any, _record: Any) -> None:
    """Parsed once, planned for the values of each reading: at 10⁶ units the plan that fits any filter took twice as
    long to find a page as the plan for these (4.2 ms, 2.4 ms).
    """
    connection.prepared_max = PREPARED
    connection.pgconn.exec_(b"SET plan_cache_mode = force_custom_plan")  # outside any transaction: it stays


def _begin_act(connection: sa.Connection) -> None:
    """Who acts asks for few rows, by their keys: planning that anew was half of what a verb cost the server.

    There PostgreSQL may keep plans that fit any value, where they cost no more by its own reckoning. It is told with
    the BEGIN that the driver would send: no round trip more. Jobs and imports, by whom tables grow, plan each time.
    """
    if acts.get() and "isolation_level" not in connection.get_execution_options():
        driver: Any = connection.connection.driver_connection
        driver.pgconn.exec_(b"BEGIN; SET LOCAL plan_cache_mode = auto")


def _keep_prepared(dialect: Any) -> None:
    """Reading ends by a ROLLBACK, at which psycopg forgets (and drops) all that it had prepared, in case a table was
    made in it. None is: it is told behind its back, and statements are parsed once a connection.

    After a failed statement psycopg undoes by itself, and forgets.
    """
    undo = dialect.do_rollback

    def end(connection: Any) -> None:
        driver = connection.driver_connection
        if driver.info.transaction_status.name == "INTRANS":
            driver.pgconn.exec_(b"ROLLBACK")
        undo(connection)  # nothing is left to undo then

    dialect.do_rollback = end


def _forget_outdated(context: Any) -> None:
    """A migration gave a column another type: what was prepared before cannot be answered, on any connection.

    The pool begins anew, so that one reading fails and no other; a command starts over by itself.
    """
    if getattr(context.original_exception, "sqlstate", None) == OUTDATED:
        context.is_disconnect = True


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writers.get() else "BEGIN")
