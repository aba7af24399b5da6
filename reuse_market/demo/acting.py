"""What the chapters of the story share: when an act happens, a draft, its terms, its lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import signatures
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import papers as claim_papers
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.fleets.decisions import must_decide
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import queries as lots
from reuse_market.lots import services as lot_services
from reuse_market.lots.models import Lot
from reuse_market.units import queries as units

Actors = dict[str, Actor]
Told = dict[str, Any]  # references that later acts of a chapter need


class Act(NamedTuple):
    """One act of the story: so many days from today (negative: past), at an hour of Paris."""

    day: int
    run: Callable[[], object]
    hour: int = 10


def instant(days: int, hour: int) -> datetime:
    """The instant of an act."""
    return clock.at_paris(clock.in_days(days), hour)


def drafted(holder: Actor, title: str) -> Lot:
    """A draft at the holder's own site."""
    site = accounts.base_site(holder.organisation_id or 0)
    return lot_services.draft_lot(actor=holder, title=title, site_id=site.id if site else None)


def terms(
    regime: str, price: str, award: str, claims_days: int, until_days: int, **changes: Any
) -> dict[str, Any]:
    """The terms of a lot whose taker erases, unless changed."""
    return {
        "regime": regime, "price_kind": price, "award_mode": award, "erased_by": "reuse_actor",
        "erasure_policy": "clear", "available_from": clock.in_days(2), "claims_until": clock.in_days(claims_days),
        "available_until": clock.in_days(until_days), "note": "Quai B, hayon nécessaire.",
    } | changes  # fmt: skip


def valued(lot: Lot, holder: Actor, cents: int, *, how: str = "market_price", kind: str = "") -> None:
    """Estimate one device of each line of a draft (of one kind if given)."""
    numbers = [line.number for line in lots.lines(lot.id) if kind in ("", line.kind)]
    lot_services.value_lines(lot.id, numbers, value_cents=cents, value_how=how, actor=holder)


def published(lot: Lot, holder: Actor, values: dict[str, Any]) -> str:
    """Set the terms and publish; the lot's reference."""
    lot_services.set_conditions(lot.id, values, actor=holder)
    reference = str(lot.reference)
    lot_services.publish_lot(lot.id, actor=holder, decision=decision_of(holder))
    return reference


def decision_of(holder: Actor) -> Decision:
    """The decision a public holder discards by; a company needs none."""
    if not must_decide(holder.organisation_id or 0):
        return Decision()
    return Decision(clock.today(), f"{clock.today().year}-{clock.today():%m%d}", "Conseil municipal")


def in_use(holder: Actor, kinds: tuple[str, ...]) -> list[int]:
    """The holder's units still in use, of these kinds."""
    return units.owned_ids(holder.organisation_id or 0, state="in_use", kinds=kinds)


def all_of(lot: str) -> dict[int, int]:
    """Every unit of a lot, by line: what a claim asks."""
    found = lots.get(lot)
    assert found is not None
    return {line.number: line.declared for line in lots.lines(found.id)}


def award(claim: str, holder: Actor) -> None:
    """All that was asked is awarded, and the deeds of the award are issued, as the worker would."""
    claims.award_claim(claim, actor=holder)
    claim_papers.issue_deeds(claim, actor=holder)


def pickup_agreed(claim: str, driver: Actor, holder: Actor, days: int) -> str:
    """A slot proposed by who collects and accepted at once; the pick-up's reference."""
    reference = collection.propose_pickup(
        claim, actor=driver, day=clock.in_days(days), from_time="09:00", to_time="11:00"
    ).reference
    collection.agree_pickup(reference, actor=holder)
    return reference


def collected(lot: str, driver: Actor, holder: Actor) -> str:
    """A whole lot claimed for free, awarded and collected in one stroke; the pick-up's reference."""
    claim = claims.submit_claim(lot, all_of(lot), actor=driver, proposal="free", committed=True).reference
    award(claim, holder)
    pickup = pickup_agreed(claim, driver, holder, 2)
    collection.check_off_rest(pickup, actor=driver)
    handed_over(pickup, driver, holder)
    return pickup


def handed_over(pickup: str, driver: Actor, holder: Actor) -> None:
    """Both sides sign: the driver signed in, the holder's contact with the pick-up's code."""
    collection.sign_as_driver(
        pickup, actor=driver, plate="AA-123-BB", driver_name="Équipe de collecte (démo)"
    )
    kept = signatures.current_code(f"pickup/{pickup}")
    assert kept is not None
    assert holder.organisation_id == kept.organisation_id
    collection.sign_as_holder(pickup, "Accueil (démo)", kept.code, actor=driver)


def laptops_of(seller: Actor, actor: Actor) -> str:
    """The key of the seller's biggest group of laptops, as this actor finds it in the catalogue."""
    found = catalogue.groups(catalogue.Filters(kind="laptop", sort="units"), actor)
    return next(group.key for group in found if seller.is_org(group.seller_id))
