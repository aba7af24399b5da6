"""A journal of very many events, written as the verbs write them but in bulk, with its log and a checkpoint."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.db import Base
from reuse_market.traceability import log
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event, EventCommitment, EventUnit, StreamHead

LIFE = 20  # events of one unit's life, each on its own stream
CHUNK = 10_000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def fill(first: int, count: int) -> None:
    """Write events `first` to `first + count` (ids from 1), their pairs, commitments and heads; sequence them."""
    events: list[Row] = []
    for event in _events(first, count):
        events.append(event)
        if len(events) == CHUNK:
            _write(events)
            events = []
    _write(events)
    _go_on()
    log.sequence_all()


def _events(first: int, count: int) -> Iterator[Row]:
    heads: dict[str, Row] = {}
    streams = max(1, count // LIFE)
    for number in range(first, first + count):
        place = (number - first) % streams
        stream = f"lot/LOT-{first}-{place:06d}"
        before = heads.get(stream, {"seq": 0, "hash": p.GENESIS})
        at = BEGIN + timedelta(milliseconds=number)
        mark, key = p.commit_value("3")
        body = {
            "v": p.VERSION, "id": uuid.UUID(int=number).hex, "act_id": uuid.UUID(int=number).hex, "stream": stream,
            "seq": before["seq"] + 1, "prev": before["hash"], "type": "unit.tested",
            "actor": {"organisation": 7, "via": "self"}, "occurred_at": p.stamp(at), "recorded_at": p.stamp(at),
            "units": [[first + place, first + place]], "change": {"tested_at": p.stamp(at)},
            "facts": {"result": "ok", "protocol": "laptop-1", "battery": number % 100},
            "commitments": {"person": mark}, "corrects": None,
        }  # fmt: skip
        stored = p.canonical(body)
        row = {
            "id": number, "uid": body["id"], "stream": stream, "seq": body["seq"], "type": body["type"],
            "act_id": body["act_id"], "organisation_id": 7, "via": "self", "occurred_at": at, "recorded_at": at,
            "payload": stored, "hash": p.digest(stored), "unit": first + place, "key": key,
        }  # fmt: skip
        heads[stream] = row
        yield row


@db.command
def _write(events: list[Row]) -> None:
    heads = {row["stream"]: row for row in events}
    tables: list[tuple[Any, list[Row]]] = [
        (Event, [{k: v for k, v in row.items() if k not in ("unit", "key")} for row in events]),
        (EventUnit, [{"event_id": row["id"], "unit_id": row["unit"]} for row in events]),
        (
            EventCommitment,
            [{"event_id": row["id"], "name": "person", "value": "3", "key": row["key"]} for row in events],
        ),
    ]
    for model, rows in tables:
        _insert(model, rows)
    db.session().execute(sa.delete(StreamHead).where(StreamHead.stream.in_(heads)))
    _insert(
        StreamHead,
        [{k: row[k] for k in ("stream", "seq", "hash", "recorded_at")} for row in heads.values()],
    )


@db.command
def _go_on() -> None:
    """PostgreSQL counts ids apart from the rows: the next one follows those written here."""
    if not db.database().is_sqlite:
        db.session().execute(
            sa.text("SELECT setval(pg_get_serial_sequence('event', 'id'), max(id)) FROM event")
        )


def _insert(model: type[Base], rows: list[Row]) -> None:
    """COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    if db.database().is_sqlite:
        table: Any = model.__table__
        db.session().execute(sa.insert(table), rows)
        return
    driver: Any = db.session().connection().connection.driver_connection
    names = list(rows[0])
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {model.__tablename__} ({', '.join(names)}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row([row[name] for name in names])
