"""Parties, and units in a given state: made by `create`, which is how units are born."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from reuse_market.kernel import db
from reuse_market.traceability import journal
from reuse_market.units.services import Move, Opening, act, create
from tests.support.world import World

EARLIER = datetime(2026, 1, 5, tzinfo=UTC)
GATED = ("ready", "held")
Born = Callable[..., list[int]]


@pytest.fixture
def world(database: db.Database) -> World:
    """Reference rows and territory; three parties."""
    made = World.begin()
    made.holder()
    made.reuse_actor()
    made.buyer()
    return made


@pytest.fixture
def born(world: World) -> Born:
    """`born(state, count=1, opens=(), **columns)`: ids; owner and custodian are the holder unless said."""
    holder = world.holder()

    @db.command
    def make(state: str, count: int = 1, opens: tuple[Opening, ...] = (), **columns: Any) -> list[int]:
        doing = journal.Act(holder.actor)
        owner = columns.pop("owner_id", holder.organisation_id)
        custodian = columns.pop("custodian_id", owner)
        stream = columns.pop("stream", "fleet/1")
        said = {"doing": doing, "stream": stream, "event_type": "fleet.imported"}
        gates = {"erased_at": EARLIER, "tested_at": EARLIER} if state in GATED else {}
        return create(
            [{"kind": "laptop"} | gates | columns] * count, state=state, owner_id=owner,
            custodian_id=custodian, origin="import", opens=opens, **said,
        )  # fmt: skip

    return make


__all__ = ["EARLIER", "Born", "Move", "act"]
