"""Associations and buyers say what they need: one met, one proposed, one nobody answers for, one closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reuse_market.accounts import searches
from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import services as reservations
from reuse_market.reservations.needs import reading
from reuse_market.reservations.needs import services as needs


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    association, buyer, obliged = actors["recipient"], actors["buyer"], actors["obliged-buyer"]
    seller, operator = actors["reuse-actor-2"], actors["operator"]
    return [
        Act(-24, lambda: told.update(idle=_post(association, "tablet", 12, ("elders", "digital")))),
        Act(-15, lambda: told.update(small=_post(association, "laptop", 1, ("jobseekers",), ram_mb=4096))),
        Act(-14, lambda: _serve(told["small"], seller, association)),
        Act(-12, lambda: told.update(over=_post(buyer, "monitor", 8, ()))),
        Act(-6, lambda: needs.close_need(told["over"], "found", actor=buyer)),
        Act(-5, lambda: _watch(association)),
        Act(-4, lambda: told.update(big=_post(obliged, "laptop", 20, ("team",), ram_mb=8192))),
        Act(-2, lambda: _propose(told["big"], operator)),
        Act(-1, lambda: _post(association, "laptop", 6, ("pupils", "families"), max_price_cents=0)),
    ]


def _watch(actor: Actor) -> None:
    """It is told each week of what is new in the window and suits it."""
    asked = "text=portable+8+go&windows_11=y&sort=price"
    searches.save_search("offers", "Portables 8 Go pour nos ateliers", asked, "weekly", actor=actor)


def _post(actor: Actor, kind: str, units: int, publics: tuple[str, ...], **least: Any) -> str:
    until = clock.today() + timedelta(days=90)
    return needs.post_need(
        actor=actor, kind=kind, units=units, publics=publics, wanted_by=until, **least
    ).reference


def _propose(reference: str, actor: Actor) -> str | None:
    """The first supply that fits, as the page proposes it; None when nothing does."""
    found = reading.proposals_for(reading.view(reference, actor), actor).matches
    ready = next((one for one in found if one.supply.source == "ready"), None)
    if ready is None:
        return None
    made = needs.propose_match(reference, "ready", ready.supply.key, min(ready.units, 5), actor=actor)
    return made.reference


def _serve(reference: str, seller: Actor, association: Actor) -> None:
    """Proposed by the workshop, accepted, confirmed and signed for: the need is met."""
    match = _propose(reference, seller)
    if match is None:
        return
    needs.accept_match(match, actor=association)
    held = reading.match_view(match, association).reservation
    reservations.confirm_reservation(held, actor=seller)
    reservations.sign_as_beneficiary(held, actor=association, name="Accueil (démo)", undertaken=True)
