"""The story of the demonstration: one lot from its inventory to its beneficiaries, and lots at every stage."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import signatures
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import queries as claimed
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.demo.inventory import renewal_csv
from reuse_market.demo.workshop import work_through
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import queries as lots
from reuse_market.lots import services as lot_services
from reuse_market.reservations import services as reservations
from reuse_market.units import labels
from reuse_market.units import queries as units

Actors = dict[str, Actor]


def tell(actors: Actors) -> None:
    """Run the whole story, oldest act first."""
    _on(-62, lambda: _import(actors))
    walked = _on(-60, lambda: _publish_renewal(actors))
    pickup = _on(-55, lambda: _award_and_agree(actors, walked))
    _on(-48, lambda: _collect(actors, pickup))
    _on(-44, lambda: work_through(actors["reuse-actor"], pickup))
    _on(-20, lambda: _sell(actors))
    screens = _on(-12, lambda: _screens(actors))
    _on(-6, lambda: _first_come(actors))
    _on(-4, lambda: _reserve(actors))
    _on(-3, lambda: _propose(actors, screens))
    _on(-2, lambda: _today(actors, walked))
    _on(-1, lambda: _draft(actors))


def _on(days: int, act: Any, hour: int = 10) -> Any:
    with clock.frozen(_at(days, hour)):
        return act()


def _at(days: int, hour: int) -> datetime:
    return clock.at_paris(clock.in_days(days), hour)


def _import(actors: Actors) -> None:
    holder = actors["holder"]
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(
        renewal_csv(), "parc-renouvellement.csv", actor=holder, site_id=site.id if site else None
    )
    import_id = staged.id
    fleets.confirm_mapping(import_id, actor=holder)
    fleets.apply_import(import_id, actor=holder)


def _publish_renewal(actors: Actors) -> str:
    """The walked lot: 32 laptops and 20 screens given by a company; the 8 desktops stay in its fleet."""
    holder = actors["holder"]
    ids = units_in_use(holder, ("laptop", "monitor"))
    lot = _drafted(holder, "Renouvellement : 32 portables et 20 écrans")
    lot_services.add_units(lot.id, ids, actor=holder)
    lot_services.set_lines(
        lot.id, [1, 2], {"works": "works", "charger": "yes", "locks_released": "yes"}, actor=holder
    )
    lot_services.set_conditions(lot.id, _terms("gift", "free", "holder_choice", 20, 60), actor=holder)
    reference = lot.reference
    lot_services.publish_lot(lot.id, actor=holder)
    return reference


def units_in_use(holder: Actor, kinds: tuple[str, ...]) -> list[int]:
    """The holder's units still in use, of these kinds."""
    return units.owned_ids(holder.organisation_id or 0, state="in_use", kinds=kinds)


def _award_and_agree(actors: Actors, lot: str) -> str:
    """The workshop asks for the laptops and half of the screens; another actor for the other half."""
    holder, actor, other = actors["holder"], actors["reuse-actor"], actors["reuse-actor-2"]
    laptops, screens = _line_numbers(lot)
    mine = claims.submit_claim(
        lot, {laptops: 32, screens: 10}, actor=actor, proposal="free", committed=True,
        message="Nous passons avec un fourgon à hayon.",
    ).reference  # fmt: skip
    theirs = claims.submit_claim(lot, {screens: 10}, actor=other, proposal="free", committed=True).reference
    claims.award_claim(mine, actor=holder)
    claims.award_claim(theirs, actor=holder)
    pickup = collection.propose_pickup(
        mine, actor=actor, day=clock.in_days(7), from_time="09:00", to_time="11:00", note="Deux personnes."
    ).reference
    collection.agree_pickup(pickup, actor=holder)
    return pickup


def _line_numbers(lot: str) -> tuple[int, int]:
    found = lots.get(lot)
    assert found is not None
    by_kind = {line.kind: line.number for line in lots.lines(found.id)}
    return by_kind["laptop"], by_kind["monitor"]


def _collect(actors: Actors, pickup: str) -> None:
    """One laptop is missing, a screen comes in addition; both sides sign."""
    driver, holder = actors["reuse-actor"], actors["holder"]
    ids = units.engaged_ids("pickup", pickup)
    code = labels.codes_of(ids[:1])[ids[0]]
    collection.check_off(pickup, code, outcome="missing", reason="kept_by_holder", actor=driver)
    collection.add_extra(
        pickup, "monitor", label="Écran 22 pouces", reason="not_declared", note="Posé à côté.", actor=driver
    )
    collection.check_off_rest(pickup, actor=driver)
    collection.sign_as_driver(
        pickup, actor=driver, plate="AA-123-BB", driver_name="Équipe de collecte (démo)"
    )
    kept = signatures.current_code(f"pickup/{pickup}")
    assert kept is not None
    assert holder.organisation_id == kept.organisation_id
    collection.sign_as_holder(pickup, "Accueil (démo)", kept.code, actor=driver)


def _sell(actors: Actors) -> None:
    """A buyer reserves 10 laptops, receives them and signs."""
    seller, buyer = actors["reuse-actor"], actors["buyer"]
    sold = reservations.place_reservation(
        _laptop_group(buyer), 10, actor=buyer, order_number="BC-EXEMPLE-17"
    ).reference
    reservations.confirm_reservation(sold, actor=seller)
    reservations.prepare_reservation(sold, actor=seller)
    reservations.sign_as_beneficiary(sold, actor=buyer, name="Accueil (démo)")


def _reserve(actors: Actors) -> None:
    """An association has reserved 5; the seller has confirmed."""
    seller, recipient = actors["reuse-actor"], actors["recipient"]
    given = reservations.place_reservation(
        _laptop_group(recipient), 5, actor=recipient, delivery="deliver"
    ).reference
    reservations.confirm_reservation(given, actor=seller)


def _laptop_group(actor: Actor) -> str:
    found = catalogue.groups(catalogue.Filters(kind="laptop", sort="units"), actor)
    return found[0].key


def _screens(actors: Actors) -> str:
    """A public body sells 80 screens counted by hand."""
    holder = actors["public-holder"]
    lot = _drafted(holder, "80 écrans de bureau")
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="monitor", units=80, label="Écran 22 à 24 pouces", works="untested"
    )
    lot_services.set_conditions(lot.id, _terms("sale", "proposals", "holder_choice", 26, 50), actor=holder)
    reference = lot.reference
    lot_services.publish_lot(lot.id, actor=holder)
    return str(reference)


def _propose(actors: Actors, lot: str) -> None:
    """An actor's proposal on the screens waits for its answer."""
    claims.submit_claim(
        lot, {1: 50}, actor=actors["reuse-actor-2"], proposal="pay", amount_cents=25_000, committed=True,
        message="Enlèvement possible le mardi.",
    )  # fmt: skip


def _first_come(actors: Actors) -> None:
    """A lot that the first to ask takes."""
    holder = actors["holder"]
    lot = _drafted(holder, "24 tablettes et 12 stations d’accueil")
    lot_services.add_counted_line(
        lot.id,
        actor=holder,
        kind="tablet",
        units=24,
        label="Tablette 10 pouces",
        works="works",
        charger="yes",
    )
    lot_services.add_counted_line(lot.id, actor=holder, kind="dock", units=12, label="Station USB-C")
    lot_services.set_conditions(lot.id, _terms("gift", "free", "first_come", 16, 40), actor=holder)
    lot_services.publish_lot(lot.id, actor=holder)


def _today(actors: Actors, lot: str) -> None:
    """The other actor's pick-up of screens is agreed for these days: a driver can try the phone page."""
    other, holder = actors["reuse-actor-2"], actors["holder"]
    found = lots.get(lot)
    assert found is not None
    mine = next(c for c in claimed.of_lot(found.id) if c.organisation_id == other.organisation_id)
    pickup = collection.propose_pickup(
        mine.reference, actor=other, day=_day(2), from_time="08:30", to_time="12:00"
    ).reference
    collection.agree_pickup(pickup, actor=holder)


def _day(days: int) -> date:
    return clock.in_days(days)


def _draft(actors: Actors) -> None:
    """A lot the holder has not finished: what a draft looks like."""
    holder = actors["holder"]
    lot = _drafted(holder, "8 ordinateurs fixes")
    lot_services.add_units(lot.id, units_in_use(holder, ("desktop",)), actor=holder)


def _drafted(holder: Actor, title: str) -> Any:
    site = accounts.base_site(holder.organisation_id or 0)
    return lot_services.draft_lot(actor=holder, title=title, site_id=site.id if site else None)


def _terms(regime: str, price: str, award: str, claims_days: int, until_days: int) -> dict[str, Any]:
    return {
        "regime": regime, "price_kind": price, "award_mode": award, "erased_by": "reuse_actor",
        "erasure_policy": "clear", "available_from": clock.in_days(2), "claims_until": clock.in_days(claims_days),
        "available_until": clock.in_days(until_days), "note": "Quai B, hayon nécessaire.",
    }  # fmt: skip
