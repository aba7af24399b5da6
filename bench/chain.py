"""What the chain costs: 10,000 units published, awarded and collected, one act each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, Timing, measure, once
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.kernel import clock, db
from reuse_market.lots import services as lots
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import create, criterion
from tests.support.world import World

WITHIN = Goal("ratio", "<=", 10)


@measure("chain", size=10_000)
def chain(size: int) -> Iterator[Figure]:
    """Publish, award and collect `size` units of one line, each against a bare UPDATE of the same rows."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend):
            yield from _walk(backend, size)


def _walk(backend: str, size: int) -> Iterator[Figure]:
    world = World.begin()
    holder, taker = world.holder(), world.reuse_actor()
    ids = create(
        [{"kind": "laptop"}] * size,
        doing=journal.Act(holder.actor),
        stream=f"fleet/{holder.organisation_id}",
        event_type="fleet.imported",
        state="discarded",
        owner_id=holder.organisation_id,
        custodian_id=holder.organisation_id,
        origin="import",
    )
    lot = lots.draft_lot(actor=holder.actor, title="Dix mille portables", site_id=holder.site_id)
    lot_id, reference = lot.id, lot.reference
    lots.add_units(lot_id, ids, actor=holder.actor)
    lots.set_conditions(lot_id, _terms(), actor=holder.actor)
    runs = [once(partial(_bare_update, ids, state)) for state in ("in_use", "discarded") * 2]
    bare = min(runs, key=lambda timing: timing.wall_s)
    yield _figure(f"publish.{backend}", lambda: lots.publish_lot(lot_id, actor=holder.actor), bare)
    made: list[str] = []
    yield _figure(
        f"award.{backend}",
        lambda: made.append(
            claims.submit_claim(
                reference, {1: size}, actor=taker.actor, proposal="free", committed=True
            ).reference
        ),
        bare,
    )
    day = clock.in_days(3)
    pickup = collection.propose_pickup(
        made[0], actor=taker.actor, day=day, from_time="09:00", to_time="11:00", note=""
    ).reference
    collection.agree_pickup(pickup, actor=holder.actor)
    with clock.frozen(clock.at_paris(day, 9, 30)):
        collection.check_off_rest(pickup, actor=taker.actor)
        yield _figure(
            f"collect.{backend}", lambda: collection.sign_as_driver(pickup, actor=taker.actor), bare
        )


def _figure(name: str, act: Callable[[], Any], bare: Timing) -> Figure:
    timing = once(act)
    return Figure(name, timing.wall_s, "s", "bare UPDATE of the same rows", bare.wall_s, WITHIN, timing)


@db.command
def _bare_update(ids: list[int], state: str) -> None:
    """What no life-cycle can avoid: the new state of these rows, its indexes, one commit."""
    statement = sa.update(Unit).where(criterion(ids)).values(state=state, version=Unit.version + 1)
    db.session().execute(statement.execution_options(synchronize_session=False))


def _terms() -> dict[str, Any]:
    today = clock.today()
    return {
        "regime": "gift", "price_kind": "free", "award_mode": "first_come", "erased_by": "reuse_actor",
        "erasure_policy": "clear", "available_from": today, "available_until": today + timedelta(days=60),
        "claims_until": today + timedelta(days=30),
    }  # fmt: skip
