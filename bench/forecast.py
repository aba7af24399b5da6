"""How well the forecast foretells: simulated fleets under known laws, against the naive age rule; and its speed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, once
from reuse_market.fleets.models import ResourceCell
from reuse_market.fleets.services import resource
from reuse_market.kernel import clock, db
from reuse_market.traceability import journal
from reuse_market.units.services import Move, act, create
from tests.support.fleet_laws import LAWS, scores
from tests.support.world import Party, World

SEED = 50_000
NEAR = Goal("value", "<=", 5)  # percentage points away from 90
BOUNDS = {"age limit": 1.1, "weibull": 1.0, "waves": 1.0}
KINDS = ("laptop", "desktop", "monitor", "smartphone", "tablet", "desk_phone", "printer", "network_device")
QUICK = Goal("value", "<=", 3)
AT_A_TIME = 1000


@measure("forecast", size=200)
def back_test(size: int) -> Iterator[Figure]:
    """`size` holders under each law: what the 90 % interval holds, and the error beside the age rule's."""
    for law in LAWS:
        found = list(scores(law, size, SEED))
        name = law.replace(" ", "-")
        inside, told = sum(one.inside for one in found), sum(one.told for one in found)
        covered = 100 * inside / told
        yield Figure(f"forecast-coverage-{name}", covered, "% of quarters inside the 90 % interval")
        yield Figure(f"forecast-miscoverage-{name}", abs(covered - 90), "points away from 90 %", goal=NEAR)
        yield Figure(
            f"forecast-error-{name}", sum(one.relative_error for one in found) / size,
            "error per device released", "the age rule alone",
            sum(one.relative_naive for one in found) / size, Goal("ratio", "<=", BOUNDS[law]),
        )  # fmt: skip


@measure("forecast-rebuild", size=100_000)
def rebuild(size: int) -> Iterator[Figure]:
    """The forecast and the cells of a holder of `size` devices, a fifth of them discarded over five years."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend), db.scope():
            holder = World.begin().holder()
            _fleet(holder, size)
            found = once(lambda holder=holder: resource.rebuild(holder.organisation_id))  # type: ignore[misc]
            assert db.session().scalar(sa.select(sa.func.count()).select_from(ResourceCell))
            yield Figure(f"forecast-rebuild.{backend}", found.wall_s, "s", goal=QUICK, timing=found)


def _fleet(holder: Party, size: int) -> None:
    """Devices of eight kinds bought over twelve years, a fifth discarded in twenty acts, the journal with it."""
    chance, now = random.Random(7), clock.now()  # noqa: S311 - a measure
    stream = f"fleet/{holder.organisation_id}"
    begun = now - timedelta(days=5 * 365)
    with clock.frozen(begun):
        ids = _imported(holder, size, stream, chance)
    for step in range(20):
        with clock.frozen(begun + timedelta(days=(step + 1) * 90)):
            many = ids[step * size // 100 : (step + 1) * size // 100]
            _discarded(holder, many, stream)


@db.command
def _imported(holder: Party, size: int, stream: str, chance: random.Random) -> list[int]:
    today = clock.today()
    rows = [
        {"kind": chance.choice(KINDS), "site_id": holder.site_id,
         "bought_on": date.fromordinal(today.toordinal() - chance.randrange(2500))}
        for _ in range(size)
    ]  # fmt: skip
    return create(
        rows, doing=journal.Act(holder.actor), stream=stream, event_type="fleet.imported", state="in_use",
        owner_id=holder.organisation_id, custodian_id=holder.organisation_id, origin="import",
    )  # fmt: skip


@db.command
def _discarded(holder: Party, ids: list[int], stream: str) -> None:
    act(Move("discard"), ids, doing=journal.Act(holder.actor), stream=stream)
