"""A workshop of general interest sells what a commune gave it, under the solidarity cap; vouchers; a quote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel.support import Translations

from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.demo.acting import (
    Act,
    Actors,
    Told,
    all_of,
    award,
    drafted,
    handed_over,
    in_use,
    laptops_of,
    pickup_agreed,
    published,
    terms,
    valued,
)
from reuse_market.demo.workshop import make_ready
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services as lot_services
from reuse_market.refurbishing import services as refurbishing
from reuse_market.reservations import counter, quotes, vouchers
from reuse_market.reservations import services as reservations
from reuse_market.units import labels
from reuse_market.units import queries as units
from reuse_market.web import catalogues

GIVEN = "12 portables pour un atelier d’intérêt général"
READY, PRICE = 10, 90_00


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    town, workshop, prescriber = actors["public-holder"], actors["reuse-actor-2"], actors["recipient"]
    return [
        Act(-38, lambda: told.update(given=_publish(town))),
        Act(-36, lambda: told.update(rig=_take(workshop, town, told["given"]))),
        Act(-32, lambda: _collect(told["rig"], workshop, town), 9),
        Act(-30, lambda: _prepare(workshop, told)),
        Act(-28, lambda: _quote(actors)),
        Act(-22, lambda: told.update(late=_voucher(prescriber, 8).id)),
        Act(-13, lambda: vouchers.expire_voucher(told["late"]), 6),
        Act(-16, lambda: _sell(actors)),
        Act(-8, lambda: told.update(shown=_voucher(prescriber, 60, cap_cents=150_00).code)),
        Act(-7, lambda: _at_the_counter(workshop, told)),
        Act(-5, lambda: _voucher(prescriber, 60, cap_cents=120_00)),
    ]


def _publish(holder: Actor) -> str:
    """Twelve laptops at 110 €, given to be reconditioned (CG3P L3212-2 3°)."""
    lot = drafted(holder, GIVEN)
    lot_services.add_units(lot.id, in_use(holder, ("laptop",))[:12], actor=holder)
    valued(lot, holder, 110_00)
    return published(lot, holder, terms("free_transfer", "free", "holder_choice", 20, 60))


def _take(taker: Actor, holder: Actor, lot: str) -> str:
    """Asked with the reuse commitment and the written undertaking; awarded; a slot agreed."""
    claim = claims.submit_claim(
        lot, all_of(lot), actor=taker, proposal="free", committed=True, undertaken=True
    ).reference
    award(claim, holder)
    return pickup_agreed(claim, taker, holder, 4)


def _collect(pickup: str, driver: Actor, holder: Actor) -> None:
    collection.check_off_rest(pickup, actor=driver)
    handed_over(pickup, driver, holder)


def _prepare(workshop: Actor, told: Told) -> None:
    """Ten of them ready at 90 € before tax; two wait on the bench."""
    ids = units.past_ids("pickup", told["rig"], outcome="taken")
    refurbishing.receive_units(ids, actor=workshop)
    make_ready(ids[:READY], workshop, price_cents=PRICE, grade="B", first=500, os="Ubuntu 24.04 LTS")
    told["ready"] = list(ids[:READY])


def _sell(actors: Actors) -> None:
    """Sold at the solidarity price to an association that works for people in precarious situations."""
    seller, buyer = actors["reuse-actor-2"], actors["recipient"]
    sold = reservations.place_reservation(laptops_of(seller, buyer), 4, actor=buyer).reference
    reservations.confirm_reservation(sold, actor=seller)
    reservations.prepare_reservation(sold, actor=seller)
    reservations.sign_as_beneficiary(sold, actor=buyer, name="Accueil (démo)", undertaken=True)


def _voucher(prescriber: Actor, days: int, **limits: Any) -> Any:
    return vouchers.issue_voucher(clock.in_days(days), actor=prescriber, kind="laptop", **limits)


def _at_the_counter(seller: Actor, told: Told) -> None:
    """The bearer of a voucher pays 100 € at the counter; nobody asks who they are."""
    ready = [unit.id for unit in units.by_ids(told["ready"]) if unit.state == "ready"]
    labels.ensure_labels(ready[:1], actor=seller)
    counter.sell_on_voucher(ready[0], told["shown"], 100_00, actor=seller)


def _quote(actors: Actors) -> None:
    """What six laptops would cost a body that must buy reused equipment."""
    buyer = actors["obliged-buyer"]
    key = laptops_of(actors["reuse-actor"], buyer)
    quotes.quote_group(key, 6, actor=buyer, lang="fr", say=french())


def french() -> Callable[[str], str]:
    """What words a msgid in French, outside any page."""
    found = Translations.load(str(catalogues.ROOT / "translations"), ["fr"])
    return lambda text: str(found.gettext(text))
