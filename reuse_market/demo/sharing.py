"""A lot whose requests are over: two actors asked for more than there is, and a proposal of share waits."""

from __future__ import annotations

from reuse_market.claims import services as claims
from reuse_market.claims.sharing import proposing
from reuse_market.demo.acting import Act, Actors, Told, drafted, published, terms
from reuse_market.lots import services as lots


def acts(actors: Actors, told: Told) -> list[Act]:
    """Published, asked for twice, closed."""
    return [
        Act(-14, lambda: told.update(shared=_publish(actors))),
        Act(-10, lambda: _ask(actors, told["shared"])),
        Act(-1, proposing.close_due),
    ]


def _publish(actors: Actors) -> str:
    holder = actors["holder"]
    lot = drafted(holder, "30 postes et 40 stations à partager")
    lots.add_counted_line(
        lot.id, actor=holder, kind="desktop", units=30, label="Poste fixe i5", works="works"
    )
    lots.add_counted_line(lot.id, actor=holder, kind="dock", units=40, label="Station d’accueil USB-C")
    return published(lot, holder, terms("gift", "free", "at_closing", 12, 60, cap_per_actor=50))


def _ask(actors: Actors, lot: str) -> None:
    for login, wanted, minimum in (
        ("reuse-actor", {1: 30, 2: 10}, None),
        ("reuse-actor-2", {1: 20, 2: 40}, 12),
    ):
        claims.submit_claim(
            lot, wanted, actor=actors[login], proposal="free", minimum=minimum, committed=True
        )  # fmt: skip
