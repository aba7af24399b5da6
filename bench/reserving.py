"""What a reservation costs beside what no shop can do without: a guarded update, one insert, a durable commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, Timing, measure, timed
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.reservations import services as reservations
from tests.support.world import Party, World, ready_units

RUNS, ROUNDS = 20, 3
SHARE = Goal("ratio", ">=", 0.30)


@measure("reserve", size=1)
def reserve(size: int) -> Iterator[Figure]:
    """Reserve `size` ready units of an identical group, one client, against the floor with the same driver."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend) as database, db.scope():
            yield _reserved(database, backend, size)


def _reserved(database: db.Database, backend: str, size: int) -> Figure:
    """The best of three rounds of each, in turns: the machine's other work falls on both alike."""
    world = World.begin()
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, (RUNS + 1) * ROUNDS * size + 5)
    key = catalogue.groups(Filters(), buyer.actor)[0].key
    db.release()
    floor = _Floor(database, (RUNS + 1) * ROUNDS * size)
    bare, found = [], []
    db.expect_act(True)  # as of a request that acts
    try:
        for _ in range(ROUNDS):
            bare.append(timed(lambda: floor.take(size), runs=RUNS))
            found.append(timed(lambda: _placed(key, size, buyer), runs=RUNS))
    finally:
        db.expect_act(False)
        floor.close()
    best, least = min(found, key=_wall), min(bare, key=_wall)
    against = "guarded UPDATE and INSERT, durable, by the driver alone"
    return Figure(f"reserve.{backend}", 1 / best.wall_s, "1/s", against, 1 / least.wall_s, SHARE, best)


def _wall(timing: Timing) -> float:
    return timing.wall_s


def _placed(key: str, size: int, buyer: Party) -> None:
    reservations.place_reservation(key, size, actor=buyer.actor)


class _Floor:
    """Two bare tables, one connection of the driver, no ORM and nothing compiled."""

    def __init__(self, database: db.Database, units: int) -> None:
        self.engine, self.lite = sa.create_engine(database.url), database.is_sqlite
        self.proxy = self.engine.raw_connection()
        self.driver = cast(Any, self.proxy.driver_connection)
        if self.lite:
            self.driver.isolation_level = None
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self.driver.execute(f"PRAGMA {pragma}")
        self.next = 1
        self._run("CREATE TABLE floor_unit (id INTEGER PRIMARY KEY, state VARCHAR(10))")
        self._run("CREATE TABLE floor_hold (unit_id INTEGER, reference VARCHAR(20))")
        for number in range(1, units + 1):
            self._run("INSERT INTO floor_unit VALUES (?, 'ready')", number)
        self.driver.commit()

    def take(self, size: int) -> None:
        """Take the next units nobody has taken, write who holds them, commit to the disk."""
        if self.lite:
            self.driver.execute("BEGIN IMMEDIATE")
        for number in range(self.next, self.next + size):
            told = self._run(
                "UPDATE floor_unit SET state = 'held' WHERE id = ? AND state = 'ready' RETURNING id", number
            )
            assert told.fetchall()
            self._run("INSERT INTO floor_hold VALUES (?, ?)", number, f"RES-{number}")
        self.driver.commit()
        self.next += size

    def _run(self, statement: str, *values: object) -> Any:
        return self.driver.execute(statement if self.lite else statement.replace("?", "%s"), values)

    def close(self) -> None:
        """Give the connection back."""
        self.proxy.close()
        self.engine.dispose()
