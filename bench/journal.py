"""What the journal costs at its size: verifying all of it, appending, one act with its event, one unit's life."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template_string

from bench.databases import connected
from bench.journal_filling import fill
from bench.measuring import Figure, Goal, Timing, measure, once, timed
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import services as reservations
from reuse_market.traceability import checkpoints, journal, keys, log, queries, verify
from reuse_market.traceability import payload as p
from reuse_market.traceability.models import Event
from tests.support.world import World, ready_units

SMALL = 10_000
ACTS = 200
REAL_ACTS = 20
APART_FROM = 20_000  # so that a small journal is read by two processes as well
ACTOR = Actor(organisation_id=7, person_id=3)
PAGE = """<!doctype html><title>Events</title><table>{% for row in rows %}
<tr><td>{{ row.id }}</td><td>{{ row.type }}</td><td>{{ row.stream }}</td><td>{{ row.hash }}</td></tr>
{% endfor %}</table>"""
_numbers = count(1)


@measure("journal", size=60_000)
def journals(size: int) -> Iterator[Figure]:
    """Every figure on a journal of `size` events (20 a unit), appending also on one of 10,000."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend), tempfile.TemporaryDirectory() as folder:
            keys.configure(Path(folder) / "signing.key", origin="bench.example/log", own=True)
            fill(1, SMALL)
            db.release()
            small = timed(_append_some, runs=3)
            fill(SMALL + 10_000, size - SMALL)
            checkpoints.make("bench")
            db.release()
            yield from _verified(backend)
            large = timed(_append_some, runs=3)
            yield Figure(
                f"journal.append.{backend}", large.wall_s / ACTS, "s", f"the same at {SMALL} events",
                small.wall_s / ACTS, Goal("ratio", "<=", 1.3), large,
            )  # fmt: skip
            yield _acted(backend)
            yield _history(backend)
            yield from _proven(backend)
            yield _reserved(backend)


def _verified(backend: str) -> Iterator[Figure]:
    """Events a second: the whole of `journal verify`, against hashing what is stored and nothing else.

    By one process, which is the floor's own measure, and by two; processor time counts the other process too.
    """
    events = log.size()
    db.release()
    runs = [once(_hash_all) for _ in range(3)]
    floor = Timing(min(run.wall_s for run in runs), min(run.cpu_s for run in runs))
    for processes, goal in ((1, None), (2, Goal("ratio", ">=", 0.6))):
        full = min((_verify(processes) for _ in range(2)), key=lambda run: run.wall_s)
        yield Figure(
            f"journal.verify.{backend}.{processes}", events / full.wall_s, "events/s",
            "read and hash the stored bytes", events / floor.wall_s, goal, full,
        )  # fmt: skip
    alone = _verify(1)
    yield Figure(
        f"journal.verify_cpu.{backend}", 1e6 * alone.cpu_s / events, "us/event",
        "read and hash the stored bytes", 1e6 * floor.cpu_s / events, None, alone,
    )  # fmt: skip


def _verify(processes: int) -> Timing:
    db.release()
    before = sum(os.times()[:4])
    run = once(lambda: _sound(processes))
    return Timing(run.wall_s, sum(os.times()[:4]) - before)


def _sound(processes: int) -> None:
    assert verify.verify_chains(processes=processes, apart_from=APART_FROM) == []


def _hash_all() -> None:
    with verify.looking() as look:
        look.cursor.execute("SELECT payload, hash FROM event ORDER BY id")
        while rows := look.cursor.fetchmany(5_000):
            assert all(p.digest(stored) == kept for stored, kept in rows)


@db.command
def _append() -> None:
    journal.append(journal.Act(ACTOR), f"lot/LOT-NEW-{next(_numbers) % 10}", "lot.published", facts={"n": 1})


def _append_some() -> None:
    for _ in range(ACTS):
        _append()
    log.sequence_all()


def _acted(backend: str) -> Figure:
    """Acts a second: a guarded change with its event, against the same change, one insert and the commit, bare."""
    connection = db.database().engine.connect()
    with db.writing(), connection:
        connection.exec_driver_sql("CREATE TABLE bench_thing (id integer PRIMARY KEY, state text)")
        connection.exec_driver_sql("CREATE TABLE bench_said (id integer PRIMARY KEY, body text)")
        connection.exec_driver_sql("INSERT INTO bench_thing VALUES (1, 'a')")
        connection.commit()
    full = timed(lambda: [_act() for _ in range(ACTS)], runs=3)
    db.release()
    bare = timed(partial(_bare, db.database()), runs=3)
    return Figure(
        f"journal.command.{backend}", ACTS / full.wall_s, "acts/s", "guarded update + one insert + commit",
        ACTS / bare.wall_s, Goal("ratio", ">=", 0.3), full,
    )  # fmt: skip


GUARDED = "UPDATE bench_thing SET state = 'a' WHERE id = 1 AND state = 'a'"


@db.command
def _act() -> None:
    assert db.session().connection().exec_driver_sql(GUARDED).rowcount == 1
    journal.append(journal.Act(ACTOR), "lot/LOT-ACTED", "lot.published", facts={"n": 1})


def _bare(database: db.Database) -> None:
    body = "x" * 500
    with db.writing(), database.engine.connect() as connection:
        for _ in range(ACTS):
            connection.exec_driver_sql(GUARDED)
            said = sa.text("INSERT INTO bench_said (id, body) VALUES (:id, :body)")
            connection.execute(said, {"id": next(_numbers), "body": body})
            connection.commit()


def _history(backend: str) -> Figure:
    """A unit's 20 events, each hashed again and in its place in the log, on a page; against 25 rows on a page."""
    unit = SMALL + 10_000 + 5
    life = queries.verified_life(unit)
    assert len(life) == 20, len(life)
    assert all(event.sound for event in life)
    listed = sa.select(Event.id, Event.type, Event.stream, Event.hash).order_by(Event.id).limit(25)
    floor = _page(lambda: db.session().execute(listed).all())
    full = _page(lambda: queries.verified_life(unit))
    found, against = timed(full, runs=40), timed(floor, runs=40)
    return Figure(
        f"journal.history.{backend}", found.wall_s, "s", "list page of 25 rows", against.wall_s,
        Goal("ratio", "<=", 1.5), found,
    )  # fmt: skip


def _page(rows: Callable[[], Any]) -> Callable[[], object]:
    bare = Flask("floor")

    @bare.get("/")
    def shown() -> str:
        with db.scope():
            return render_template_string(PAGE, rows=rows())

    client = bare.test_client()
    return lambda: client.get("/").get_data()


def _proven(backend: str) -> Iterator[Figure]:
    """One event's inclusion proof at this size, and one checkpoint after 1,000 new events."""
    size = log.size()
    places = iter(range(7, size, max(1, size // 64)))
    proof = timed(lambda: log.inclusion(next(places), size), runs=40)
    yield Figure(f"journal.proof.{backend}", proof.wall_s, "s", timing=proof)
    for _ in range(5):
        _append_many()
    db.release()
    made = once(lambda: checkpoints.make("bench"))
    assert log.size() > size
    yield Figure(f"journal.checkpoint_after_1000.{backend}", made.wall_s, "s", timing=made)


@db.command
def _append_many() -> None:
    parts = [journal.Part([], None, {"n": n}) for n in range(200)]
    journal.append_many(journal.Act(ACTOR), f"lot/LOT-NEW-{next(_numbers) % 10}", "lot.published", parts)


def _reserved(backend: str) -> Figure:
    """Acts a second of a real verb (a device reserved), against the bare change of `journal.command`."""
    world = World.begin()
    ready_units(world.reuse_actor(), REAL_ACTS * 4)
    buyer = world.buyer()
    key = catalogue.groups(Filters(), buyer.actor)[0].key
    before = _said()
    full = timed(
        lambda: [reservations.place_reservation(key, 1, actor=buyer.actor) for _ in range(REAL_ACTS)], runs=3
    )
    assert _said() - before >= 4 * REAL_ACTS  # each act has its event; one run more warms up
    db.release()
    bare = timed(partial(_bare, db.database()), runs=3)
    return Figure(
        f"journal.verb.{backend}", REAL_ACTS / full.wall_s, "acts/s", "guarded update + one insert + commit",
        ACTS / bare.wall_s, timing=full,
    )  # fmt: skip


def _said() -> int:
    db.release()
    return db.session().scalar(sa.select(sa.func.count()).select_from(Event)) or 0
