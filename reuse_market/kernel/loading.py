"""Very many rows into one table in the transaction at hand: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import database, in_command, session

Range = list[int]
_ESCAPED = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def fresh_ids(table: str, count: int) -> list[Range]:
    """As many ids of `table` as asked, nobody else's ever: sorted ranges [first, last]."""
    if database().is_sqlite:  # its writer is alone until it commits, and gives max + 1 as well
        last = session().execute(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one()  # noqa: S608
        return [[last + 1, last + count]]
    taken = sa.text(
        "SELECT min(id), max(id) FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS apart FROM "
        "(SELECT nextval(pg_get_serial_sequence(:t, 'id')) AS id FROM generate_series(1, :n)) AS given) AS runs "
        "GROUP BY apart ORDER BY 1"
    )
    return [[first, last] for first, last in session().execute(taken, {"t": table, "n": count})]


def members(ranges: Iterable[Sequence[int]]) -> Iterator[int]:
    """The ids of ranges, in order."""
    for first, last in ranges:
        yield from range(first, last + 1)


class Loader:
    """Writes rows made of their own values and of values they share with others.

    A row is `(id, *own, place)`: `place` is that of its shared values in the list given with it. Values are
    texts, integers or None. Nothing is committed: it joins the command around it. CHECK constraints are the
    caller's to keep: SQLite, which builds their lists anew for each row, would take twice as long.
    """

    def __init__(self, table: str, own: Sequence[str], shared: Sequence[str]) -> None:
        if not in_command():
            raise RuntimeError("rows are loaded only inside a command")
        session().flush()
        self._driver: Any = session().connection().connection.driver_connection
        self._columns = ("id", *own, *shared)
        self._table = table
        self._write: Callable[..., None] = self._insert if database().is_sqlite else self._copy

    def write(self, rows: Iterable[tuple[Any, ...]], shared: Sequence[tuple[Any, ...]]) -> None:
        """Write rows in their order."""
        self._write(rows, shared)

    def _insert(self, rows: Iterable[tuple[Any, ...]], shared: Sequence[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(self._columns))
        statement = f"INSERT INTO {self._table} ({_names(self._columns)}) VALUES ({marks})"  # noqa: S608 – ours
        self._driver.execute("PRAGMA ignore_check_constraints = ON")
        try:
            self._driver.executemany(statement, (row[:-1] + shared[row[-1]] for row in rows))
        finally:
            self._driver.execute("PRAGMA ignore_check_constraints = OFF")

    def _copy(self, rows: Iterable[tuple[Any, ...]], shared: Sequence[tuple[Any, ...]]) -> None:
        texts = [_line(values) for values in shared]
        statement = f"COPY {self._table} ({_names(self._columns)}) FROM STDIN"
        with self._driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join(f"{_line(row[:-1])}\t{texts[row[-1]]}\n" for row in rows))


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _line(values: Sequence[Any]) -> str:
    """Values as a line of COPY's text format, without its end."""
    return "\t".join([_text(value) for value in values])


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    text = str(value)
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text) if _ESCAPED.search(text) else text
