"""A pick-up in sealed containers: one held less than signed for, and the holder has not answered yet."""

from __future__ import annotations

from reuse_market.claims import services as claims
from reuse_market.collection.containers import counting
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.containers.services import Sealed
from reuse_market.collection.queries import get
from reuse_market.demo.acting import Act, Actors, Told, drafted, handed_over, pickup_agreed, published, terms
from reuse_market.lots import services as lot_services

DOCKS = "36 stations d’accueil en rolls"


def acts(actors: Actors, told: Told) -> list[Act]:
    """From the lot to the count that differs."""
    return [
        Act(-10, lambda: told.update(docks=_publish(actors))),
        Act(-9, lambda: told.update(rolls=_agree(actors, told["docks"]))),
        Act(-6, lambda: _collect(actors, told["rolls"])),
        Act(-3, lambda: _count(actors, told["rolls"])),
    ]


def _publish(actors: Actors) -> str:
    holder = actors["holder"]
    lot = drafted(holder, DOCKS)
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="dock", units=36, label="Station USB-C", works="works"
    )
    return published(lot, holder, terms("gift", "free", "first_come", 10, 40))


def _agree(actors: Actors, lot: str) -> str:
    driver, holder = actors["reuse-actor"], actors["holder"]
    claim = claims.submit_claim(lot, {1: 36}, actor=driver, proposal="free", committed=True).reference
    return pickup_agreed(claim, driver, holder, 3)


def _collect(actors: Actors, pickup: str) -> None:
    """Two rolls and a box, signed for as sealed."""
    driver, holder = actors["reuse-actor"], actors["holder"]
    sealed = [
        Sealed("roll", 15, seal="SC-0411", weight_g=32_000), Sealed("roll", 15, seal="SC-0412", weight_g=33_000),
        Sealed("box", 6, weight_g=12_000),
    ]  # fmt: skip
    sealing.note_containers(pickup, sealed, actor=driver)
    handed_over(pickup, driver, holder)


def _count(actors: Actors, pickup: str) -> None:
    """The first roll holds what was said; the second one two less."""
    driver, found = actors["reuse-actor"], get(pickup)
    assert found is not None
    first, second, _box = containers.of_pickup(found.id)
    counting.count_container(first.code, {}, actor=driver)
    counting.count_container(second.code, {1: 13}, actor=driver)
