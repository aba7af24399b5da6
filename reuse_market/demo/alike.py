"""Chapter: twenty of the same – a bank of desktop computers renewed at once, erased, ready as one identical group."""

from __future__ import annotations

from reuse_market.demo import workshop
from reuse_market.demo.acting import Act, Actors, Told, collected, drafted, published, terms
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services as lots
from reuse_market.refurbishing import services
from reuse_market.units import queries as units

COUNT = 24
TITLE = "24 unités centrales identiques"
MODEL = {
    "maker": "HP", "model": "EliteDesk 800 G5", "ram_mb": 16_384, "storage_mb": 512_000, "cpu": "Core i5-9500",
}  # fmt: skip
SERIALS = 20_000  # their disks are numbered from there, apart from those of the other chapters


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    actor = actors["reuse-actor-2"]
    return [
        Act(-11, lambda: told.update(alike=_collected(actors["holder-2"], actor)), 14),
        Act(-9, lambda: told.update(same=_identified(actor, told["alike"])), 14),
        Act(-7, lambda: workshop.make_ready(
            told["same"], actor, price_cents=11_000, grade="A", first=SERIALS, battery=None), 14),
    ]  # fmt: skip


def _collected(holder: Actor, actor: Actor) -> str:
    """Given, awarded and collected in one stroke; the pick-up."""
    lot = drafted(holder, TITLE)
    lots.add_counted_line(
        lot.id, actor=holder, kind="desktop", units=COUNT, label="Unité centrale compacte", works="works"
    )
    reference = published(lot, holder, terms("gift", "free", "holder_choice", 5, 20))
    return collected(reference, actor, holder)


def _identified(actor: Actor, pickup: str) -> list[int]:
    """Taken in, each with its serial and its configuration."""
    ids = sorted(units.past_ids("pickup", pickup, outcome="taken"))
    services.receive_units(ids, actor=actor)
    for number, unit_id in enumerate(ids, 1):
        services.identify_unit(unit_id, {"serial": f"FIXEX{number:03}", **MODEL}, actor=actor)
    return ids
