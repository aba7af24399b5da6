"""What stands under serial keys, asked for very many at once; plain rows, for files hold hundreds of thousands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.fleets.staging import KEY_LENGTH
from reuse_market.kernel.db import database, session
from reuse_market.units.models import Engagement, Unit

GONE_FOR_GOOD = ("merged", "recycled", "parts")
COMPARED = (
    "asset_tag", "holder_key", "kind", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os", "bought_on",
)  # fmt: skip
_COLUMNS = ("id", "serial_key", "owner_id", "state", "serial", "model_id", "site_id", *COMPARED)
_PAGE = 5_000


class Held(NamedTuple):
    """A device of the holder as a file is held against it: `values` in the order of COMPARED, days in ISO."""

    unit_id: int
    mine: bool
    serial: str | None
    model_id: int | None
    site_id: int | None
    values: tuple[Any, ...]


def under(holder_id: int, keys: Sequence[str]) -> tuple[dict[str, Held], set[str]]:
    """Of these serial keys: those the holder has, or has given through a lot; and those alive elsewhere.

    Keys as stored, cut to the column's length. Whose the others are is not told.
    """
    held: dict[str, Held] = {}
    others: dict[str, list[Any]] = {}
    alive: set[str] = set()
    for row in _rows(keys):
        if row[2] == holder_id and row[3] not in GONE_FOR_GOOD:
            held[row[1]] = _held(row, mine=True)
        else:
            others.setdefault(row[1], []).append(row)
            if row[2] != holder_id and row[3] not in GONE_FOR_GOOD:
                alive.add(row[1])
    if others:
        given = _given(holder_id, [row[0] for rows in others.values() for row in rows])
        for key, rows in others.items():
            for row in rows:
                if row[0] in given and key not in held:
                    held[key] = _held(row, mine=False)
    return held, alive - held.keys()


def is_new_here(holder_id: int) -> bool:
    """Whether the holder has no device and has given none: nothing of a file can be known."""
    own = sa.exists().where(Unit.owner_id == holder_id)
    given = sa.exists().where(Engagement.kind == "lot", Engagement.party_id == holder_id)
    return not session().scalar(sa.select(sa.or_(own, given)))


def in_use(holder_id: int) -> Iterator[Any]:
    """Rows (id, serial_key, serial, asset_tag) of the holder's identified devices in use, read by pages."""
    last = 0
    while True:
        statement = (
            sa.select(Unit.id, Unit.serial_key, Unit.serial, Unit.asset_tag)
            .where(Unit.owner_id == holder_id, Unit.state == "in_use", Unit.id > last)
            .where(Unit.serial_key.is_not(None))
            .order_by(Unit.id)
            .limit(_PAGE)
        )
        rows = session().execute(statement).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


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
        yield from (_held(row, mine=True) for row in rows)
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
    yield from (_held(row, mine=True) for row in session().execute(statement.order_by(Unit.id)))


def key_of(serial_key: str) -> str:
    """A serial key as stored: cut to the column's length."""
    return serial_key[:KEY_LENGTH]


def _rows(keys: Sequence[str]) -> Sequence[Any]:
    """One statement whatever the number of keys, in the order of ids; no object is made of a row."""
    sqlite = database().is_sqlite
    chosen = "IN (SELECT value FROM json_each(:keys))" if sqlite else "= ANY(:keys)"
    statement = sa.text(f"SELECT {', '.join(_COLUMNS)} FROM unit WHERE serial_key {chosen} ORDER BY id")  # noqa: S608
    given = json.dumps(list(keys)) if sqlite else list(keys)
    return session().execute(statement, {"keys": given}).all() if keys else []


def _held(row: Any, *, mine: bool) -> Held:
    values = tuple(row[7:])
    bought = values[-1]
    if bought is not None and not isinstance(bought, str):
        values = (*values[:-1], bought.isoformat())
    return Held(row[0], mine, row[4], row[5], row[6], values)


def _given(holder_id: int, ids: Sequence[int]) -> set[int]:
    statement = sa.select(Engagement.unit_id).where(
        Engagement.kind == "lot", Engagement.party_id == holder_id, Engagement.unit_id.in_(ids)
    )
    return set(session().scalars(statement))
