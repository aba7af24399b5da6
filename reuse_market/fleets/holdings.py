"""What stands under serial keys, asked for very many at once; plain rows, for files hold hundreds of thousands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.fleets.staging import KEY_LENGTH
from reuse_market.kernel.db import database, session
from reuse_market.kernel.streams import streamed
from reuse_market.units.models import Engagement, Unit

GONE_FOR_GOOD = ("merged", "recycled", "parts")
COMPARED = (
    "asset_tag", "holder_key", "kind", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os", "bought_on",
)  # fmt: skip
_COLUMNS = (
    "id", "serial_key", "owner_id", "state", "serial", "asset_tag", "holder_key", "model_id", "site_id",
    *COMPARED[2:],
)  # fmt: skip
_PAGE = 5_000
_KEY, _STATE = itemgetter(1), itemgetter(3)
_MOST_WHOLE = 150_000  # some 100 MB
_WORTH = 20  # once a twentieth of them is met


class Held(NamedTuple):
    """A device of the holder as a file is held against it, in the order of columns read; the day in ISO."""

    unit_id: int
    serial_key: str | None
    owner_id: int
    state: str
    serial: str | None
    asset_tag: str | None
    holder_key: str | None
    model_id: int | None
    site_id: int | None
    kind: str
    cpu: str | None
    ram_mb: int | None
    storage_mb: int | None
    screen_tenths: int | None
    os: str | None
    bought_on: str | None

    @property
    def mine(self) -> bool:
        """Whether the holder still has it."""
        return True

    @property
    def values(self) -> tuple[Any, ...]:
        """In the order of COMPARED."""
        return self[5:7] + self[9:]


class Given(Held):
    """One that the holder has given through a lot."""

    __slots__ = ()

    @property
    def mine(self) -> bool:
        """No longer."""
        return False


def under(holder_id: int, keys: Sequence[str]) -> tuple[dict[str, Held], set[str]]:
    """Of these serial keys: those the holder has, or has given through a lot; and those alive elsewhere.

    Keys as stored, cut to the column's length. Whose the others are is not told.
    """
    held: dict[str, Held] = {}
    others: dict[str, list[Any]] = {}
    alive: set[str] = set()
    for row in map(Held._make, _rows(keys)):
        key = row.serial_key or ""
        if row[2] == holder_id and row[3] not in GONE_FOR_GOOD:
            held[key] = row
        else:
            others.setdefault(key, []).append(row)
            if row[2] != holder_id and row[3] not in GONE_FOR_GOOD:
                alive.add(key)
    if others:
        given = _given(holder_id, [row[0] for rows in others.values() for row in rows])
        for key, rows in others.items():
            for row in rows:
                if row[0] in given and key not in held:
                    held[key] = Given._make(row)
    return held, alive - held.keys()


class Glimpses:
    """A holder's devices as little as it takes to see that nothing changed, under serial keys.

    One is (id, serial key, inventory number, state, key in the holder's tool, all that is shared, as one text).
    They are looked up as asked, then read whole once a file tells much of them.
    """

    def __init__(self, holder_id: int) -> None:
        self._holder_id = holder_id
        self._count = count_in_use(holder_id)
        self._found = 0
        self._whole: Mapping[str, tuple[Any, ...]] | None = None

    def under(self, keys: Sequence[str]) -> Mapping[str, tuple[Any, ...]]:
        """Serial key → the device, for those the holder has, others perhaps among them."""
        if not self._count:
            return {}
        if self._whole is None:
            told = _glimpses(self._holder_id, keys)
            self._found += len(told)
            if self._count <= _MOST_WHOLE and self._found * _WORTH >= self._count:
                self._whole = _glimpses(self._holder_id)
            return told
        return self._whole


def _glimpses(holder_id: int, keys: Sequence[str] | None = None) -> dict[str, tuple[Any, ...]]:
    """Of the holder's devices: those under these keys, or all; of two under one key, the later."""
    sqlite = database().is_sqlite
    given: tuple[Any, ...] = (
        () if keys is None else ((json.dumps(list(keys)) if sqlite else list(set(keys))),)
    )
    source = "unit" if keys is None else _ASKED[sqlite]
    owner = "owner_id" if keys is None else "+owner_id"  # the index to use is that of serial keys
    statement = (
        f"SELECT id, serial_key, asset_tag, state, holder_key, {_AS_TEXT[sqlite]} FROM {source} "  # noqa: S608
        f"WHERE {owner} = {int(holder_id)} AND serial_key IS NOT NULL AND state NOT IN ({_GONE})"
    )
    found: dict[str, tuple[Any, ...]] = {}
    cursor = session().connection().connection.cursor()
    try:
        for order in ("", " ORDER BY id"):
            cursor.execute(statement + order, given)
            count = 0
            while rows := cursor.fetchmany(_PAGE):
                count += len(rows)
                found.update(zip(map(_KEY, rows), rows, strict=True))
            if count == len(found):
                break
    finally:
        cursor.close()
    return found


def is_new_here(holder_id: int) -> bool:
    """Whether the holder has no device and has given none: nothing of a file can be known."""
    own = sa.exists().where(Unit.owner_id == holder_id)
    given = sa.exists().where(Engagement.kind == "lot", Engagement.party_id == holder_id)
    return not session().scalar(sa.select(sa.or_(own, given)))


def how_many_in_use(rows: Iterable[tuple[Any, ...]]) -> int:
    """Of devices the holder has, or glimpses of them: those in use."""
    return list(map(_STATE, rows)).count("in_use")


def are_all_in_use(holder_id: int, found: int) -> bool:
    """Whether `found` is how many identified devices the holder has in use; most have no other."""
    if found == count_in_use(holder_id):
        return True
    return found == session().scalar(sa.select(sa.func.count()).where(*_identified(holder_id)))


def count_in_use(holder_id: int) -> int:
    """How many devices the holder has in use; told by an index alone."""
    counted = sa.select(sa.func.count()).where(Unit.owner_id == holder_id, Unit.state == "in_use")
    return session().scalar(counted) or 0


@contextmanager
def in_use(holder_id: int) -> Iterator[Iterable[Any]]:
    """Rows (id, serial_key, serial, asset_tag) of the holder's identified devices in use, by id, in a stream."""
    statement = sa.select(Unit.id, Unit.serial_key, Unit.serial, Unit.asset_tag)
    statement = statement.where(*_identified(holder_id)).order_by(Unit.id)
    with streamed(statement, _PAGE) as rows:
        yield rows


def _identified(holder_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Unit.owner_id == holder_id, Unit.state == "in_use", Unit.serial_key.is_not(None)


def without_serial(holder_id: int) -> Iterator[Held]:
    """The holder's devices in use or discarded that have no serial number, by id, read by pages."""
    columns = [getattr(Unit, name) for name in _COLUMNS]
    last = 0
    while True:
        statement = (
            sa.select(*columns)
            .where(Unit.owner_id == holder_id, Unit.state.in_(("in_use", "discarded")), Unit.id > last)
            .where(Unit.serial_key.is_(None))
            .order_by(Unit.id)
            .limit(_PAGE)
        )
        rows = session().execute(statement).all()
        yield from map(_held, rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def once_merged(holder_id: int) -> Iterator[Held]:
    """Devices in use or discarded into which one without serial, of the same inventory number, was merged."""
    columns = [getattr(Unit, name) for name in _COLUMNS]
    numbers = sa.select(Unit.asset_tag).where(
        Unit.owner_id == holder_id,
        Unit.state == "merged",
        Unit.serial_key.is_(None),
        Unit.asset_tag.is_not(None),
    )
    statement = sa.select(*columns).where(
        Unit.owner_id == holder_id, Unit.state.in_(("in_use", "discarded")), Unit.serial_key.is_not(None),
        Unit.asset_tag.in_(numbers),
    )  # fmt: skip
    yield from map(_held, session().execute(statement.order_by(Unit.id)))


def key_of(serial_key: str) -> str:
    """A serial key as stored: cut to the column's length."""
    return serial_key[:KEY_LENGTH]


def _rows(keys: Sequence[str]) -> Sequence[Any]:
    """Plain rows in the order of ids, one statement whatever the number of keys.

    PostgreSQL is made to look up each key in the index: it would read the table whole for many keys, as long
    as it has no statistics of what was just imported.
    """
    if not keys:
        return ()
    sqlite = database().is_sqlite
    columns = f"{', '.join(_COLUMNS[:-1])}, {_DAY[sqlite]}"
    cursor = session().connection().connection.cursor()
    try:
        given = json.dumps(list(keys)) if sqlite else list(set(keys))
        cursor.execute(f"SELECT {columns} FROM {_ASKED[sqlite]} ORDER BY id", (given,))  # noqa: S608
        return cursor.fetchall()
    finally:
        cursor.close()


_GONE = ", ".join(f"'{state}'" for state in GONE_FOR_GOOD)
_ALL = "model_id, site_id, kind, cpu, ram_mb, storage_mb, screen_tenths, os, bought_on"
_AS_TEXT = {True: f"json_array({_ALL})", False: f"json_build_array({_ALL})::text"}  # whether on SQLite
_ASKED = {
    True: "(SELECT * FROM unit WHERE serial_key IN (SELECT value FROM json_each(?))) AS unit",
    False: "unnest(%s::text[]) AS asked (key), "
    "LATERAL (SELECT * FROM unit WHERE serial_key = asked.key OFFSET 0) AS unit",
}
_DAY = {True: "bought_on", False: "to_char(bought_on, 'YYYY-MM-DD')"}


def _held(row: Any) -> Held:
    bought = row[-1]
    return Held._make((*row[:-1], bought.isoformat() if bought is not None else None))


def _given(holder_id: int, ids: Sequence[int]) -> set[int]:
    statement = sa.select(Engagement.unit_id).where(
        Engagement.kind == "lot", Engagement.party_id == holder_id, Engagement.unit_id.in_(ids)
    )
    return set(session().scalars(statement))
