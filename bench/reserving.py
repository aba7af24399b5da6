"""What a reservation costs beside the one conditional UPDATE that no shop can do without."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, timed
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.reservations import services as reservations
from reuse_market.units.models import Unit
from tests.support.world import World, ready_units

RUNS = 20
TWICE = Goal("ratio", "<=", 2)  # half the rate of the conditional UPDATE at the database's level


@measure("reserve", size=1)
def reserve(size: int) -> Iterator[Figure]:
    """Reserve `size` ready units of an identical group, against UPDATE … WHERE state = 'ready' on as many."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend), db.scope():
            yield _reserved(backend, size)


def _reserved(backend: str, size: int) -> Figure:
    world = World.begin()
    ids = ready_units(world.reuse_actor(), (RUNS + 5) * size * 2)
    buyer = world.buyer()
    key = catalogue.groups(Filters(), buyer.actor)[0].key
    left = iter(ids[-(RUNS + 5) * size :])
    bare = timed(lambda: _claimed([next(left) for _ in range(size)]), runs=RUNS)
    _put_back(ids)
    found = timed(lambda: reservations.place_reservation(key, size, actor=buyer.actor), runs=RUNS)
    against = "conditional UPDATE of the unit alone"
    return Figure(f"reserve.{backend}", found.wall_s, "s", against, bare.wall_s, TWICE, found)


@db.command
def _claimed(ids: list[int]) -> None:
    """What any reservation must at least do: take the units nobody else has taken, and commit."""
    taken = sa.update(Unit).where(Unit.id.in_(ids), Unit.state == "ready").values(version=Unit.version + 1)
    done = db.session().execute(taken.returning(Unit.id).execution_options(synchronize_session=False))
    assert len(done.all()) == len(ids)


@db.command
def _put_back(ids: list[int]) -> None:
    db.session().execute(
        sa.update(Unit).where(Unit.id.in_(ids)).values(version=1).execution_options(synchronize_session=False)
    )
