"""What a lot of 1,000 fleet devices costs, from their ticks to its publication, beside the import of 1,000 rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.databases import connected
from bench.importing import BACKENDS, bring_in, inventory
from bench.measuring import Figure, Goal, measure, once
from reuse_market.kernel import clock, db
from reuse_market.lots import services as lots
from reuse_market.units import queries as units
from tests.support.world import Party, World

AS_AN_IMPORT = Goal("ratio", "<=", 2)


@measure("lot-of-1000", size=1_000)
def lot(size: int) -> Iterator[Figure]:
    """A draft of all the devices just imported, its terms, its publication; 120 configurations among them."""
    with tempfile.TemporaryDirectory() as name:
        file, first = inventory(Path(name), size), inventory(Path(name), 50)
        for backend in BACKENDS:
            with connected(backend), db.scope():
                world = World.begin()
                for warming in (world.holder("Autre Exemple"),):  # statements are compiled once, in both
                    bring_in(first, warming)
                    _publish(warming)
                holder = world.holder()
                imported = once(lambda: bring_in(file, holder))  # noqa: B023 – called now
                made = once(lambda: _publish(holder))  # noqa: B023 – called now
                yield Figure(
                    f"lot-of-1000.{backend}", made.wall_s, "s", "the import of the same 1,000 rows",
                    imported.wall_s, AS_AN_IMPORT, made,
                )  # fmt: skip


def _publish(holder: Party) -> None:
    ids = units.owned_ids(holder.organisation_id, state="in_use")
    draft = lots.draft_from_units(ids, actor=holder.actor, site_id=holder.site_id)
    lots.set_conditions(draft.id, _terms(), actor=holder.actor)
    published = lots.publish_lot(draft.id, actor=holder.actor)
    assert len(units.engaged_ids("lot", published.reference)) == len(ids)


def _terms() -> dict[str, Any]:
    today = clock.today()
    return {
        "regime": "gift", "price_kind": "free", "award_mode": "holder_choice", "erased_by": "reuse_actor",
        "erasure_policy": "clear", "available_from": today, "available_until": today + timedelta(days=60),
        "claims_until": today + timedelta(days=30),
    }  # fmt: skip
