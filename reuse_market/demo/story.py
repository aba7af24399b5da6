"""The story of the demonstration: one lot from its inventory to its beneficiaries, and lots at every stage."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import queries as claimed
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.collection.driving import give_link
from reuse_market.demo import (
    admissions,
    alike,
    asking,
    bench,
    collecting,
    commune,
    company,
    driving,
    fairness,
    ledger,
    needing,
    proving,
    reen,
    renewals,
    returning,
    sealed,
    sharing,
    showing,
    solidarity,
    sorting,
    waiting,
)
from reuse_market.demo.acting import (
    Act,
    Actors,
    Told,
    award,
    drafted,
    handed_over,
    in_use,
    instant,
    laptops_of,
    pickup_agreed,
    published,
    terms,
)
from reuse_market.demo.inventory import renewal_csv, renewed_csv
from reuse_market.demo.workshop import work_through
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, ending
from reuse_market.lots import queries as lots
from reuse_market.lots import services as lot_services
from reuse_market.reservations import baskets, extending
from reuse_market.reservations import services as reservations
from reuse_market.units import labels
from reuse_market.units import queries as units

WALKED = "Renouvellement : 32 portables et 20 écrans"


def tell(actors: Actors, password: str) -> str:
    """Run the whole story, oldest act first. Returns the lot that went the whole way."""
    told: Told = {}
    chapters = [_acts(actors, told)]
    told_by = (
        commune, company, solidarity, sorting, renewals, sealed, sharing,
        driving, collecting, alike, asking, waiting, needing, ledger, fairness, returning, showing, proving,
    )  # fmt: skip
    chapters += [chapter.acts(actors, told) for chapter in told_by]
    chapters += [
        admissions.acts(actors, told, password),
        bench.acts(actors, told, password),
        reen.acts(actors, told),
    ]
    for act in sorted((act for chapter in chapters for act in chapter), key=lambda act: (act.day, act.hour)):
        with clock.frozen(instant(act.day, act.hour)):
            act.run()
            ending.settle()  # the whole story is one command: what an act has made ready is in the window at once
    collecting.today(actors, told)
    renewals.count()
    return str(told["walked"])


def _acts(actors: Actors, told: Told) -> list[Act]:
    """The walked lot from its inventory to its beneficiaries, and lots at other stages."""
    return [
        Act(-62, lambda: _import(actors)),
        Act(-60, lambda: told.update(walked=_publish_renewal(actors))),
        Act(-55, lambda: told.update(pickup=_award_and_agree(actors, told["walked"]))),
        Act(-48, lambda: _collect(actors, told["pickup"])),
        Act(-44, lambda: work_through(actors["reuse-actor"], told["pickup"])),
        Act(-20, lambda: _sell(actors)),
        Act(-12, lambda: told.update(screens=_screens(actors))),
        Act(-6, lambda: told.update(tablets=_first_come(actors))),
        Act(-4, lambda: told.update(reserved=_reserve(actors))),
        Act(-1, lambda: extending.extend_reservation(told["reserved"], actor=actors["recipient"]), 18),
        Act(-1, lambda: _basket(actors), 19),
        Act(-3, lambda: _propose(actors, told["screens"])),
        Act(-2, lambda: _today(actors, told["walked"])),
        Act(-1, lambda: _draft(actors)),
        Act(-1, lambda: _import_again(actors), 17),
    ]


def _import(actors: Actors) -> None:
    holder = actors["holder"]
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(
        renewal_csv(), "parc-renouvellement.csv", actor=holder, site_id=site.id if site else None
    )
    import_id = staged.id
    fleets.confirm_mapping(import_id, actor=holder)
    fleets.apply_import(import_id, actor=holder)


def _import_again(actors: Actors) -> None:
    """The same inventory some weeks later, read and not applied yet: what changed waits to be checked."""
    holder = actors["holder"]
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(
        renewed_csv(), "parc-a-ce-jour.csv", actor=holder, site_id=site.id if site else None
    )
    fleets.confirm_mapping(staged.id, actor=holder)


def _publish_renewal(actors: Actors) -> str:
    """The walked lot: 32 laptops and 20 screens given by a company; the 8 desktops stay in its fleet."""
    holder = actors["holder"]
    ids = in_use(holder, ("laptop", "monitor"))
    lot = drafted(holder, WALKED)
    lot_services.add_units(lot.id, ids, actor=holder)
    lot_services.set_lines(
        lot.id, [1, 2], {"works": "works", "charger": "yes", "locks_released": "yes"}, actor=holder
    )
    return published(lot, holder, terms("gift", "free", "holder_choice", 20, 60))


def _award_and_agree(actors: Actors, lot: str) -> str:
    """The workshop asks for the laptops and half of the screens; another actor for the other half."""
    holder, actor, other = actors["holder"], actors["reuse-actor"], actors["reuse-actor-2"]
    laptops, screens = _line_numbers(lot)
    mine = claims.submit_claim(
        lot, {laptops: 32, screens: 10}, actor=actor, proposal="free", committed=True,
        message="Nous passons avec un fourgon à hayon.",
    ).reference  # fmt: skip
    theirs = claims.submit_claim(lot, {screens: 10}, actor=other, proposal="free", committed=True).reference
    award(mine, holder)
    award(theirs, holder)
    pickup = collection.propose_pickup(
        mine, actor=actor, day=clock.in_days(7), from_time="09:00", to_time="11:00", note="Deux personnes."
    ).reference
    collection.agree_pickup(pickup, actor=holder)
    give_link(pickup, "Lou Exemple (démo)", email="lou@demo.example", actor=actor)
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
    handed_over(pickup, driver, holder)


def _sell(actors: Actors) -> None:
    """A buyer reserves 10 laptops, receives them and signs."""
    seller, buyer = actors["reuse-actor"], actors["buyer"]
    sold = reservations.place_reservation(
        laptops_of(seller, buyer), 10, actor=buyer, order_number="BC-EXEMPLE-17"
    ).reference
    reservations.confirm_reservation(sold, actor=seller)
    reservations.prepare_reservation(sold, actor=seller)
    reservations.sign_as_beneficiary(sold, actor=buyer, name="Accueil (démo)")


def _reserve(actors: Actors) -> str:
    """An association has reserved 5; the seller has confirmed."""
    seller, recipient = actors["reuse-actor"], actors["recipient"]
    given = reservations.place_reservation(
        laptops_of(seller, recipient), 5, actor=recipient, delivery="deliver"
    ).reference
    reservations.confirm_reservation(given, actor=seller)
    return given


def _basket(actors: Actors) -> None:
    """A buyer takes a laptop and two screens in one go: two reservations, one basket."""
    seller, buyer = actors["reuse-actor"], actors["buyer"]
    screens = catalogue.groups(catalogue.Filters(kind="monitor", sort="units"), buyer)
    paid = next(one.key for one in screens if seller.is_org(one.seller_id) and one.price_cents)
    baskets.place_many([(laptops_of(seller, buyer), 1), (paid, 2)], actor=buyer, order_number="BC-EXEMPLE-21")


def _screens(actors: Actors) -> str:
    """A public body sells 80 screens counted by hand."""
    holder = actors["public-holder"]
    lot = drafted(holder, "80 écrans de bureau")
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="monitor", units=80, label="Écran 22 à 24 pouces", works="untested"
    )
    return published(lot, holder, terms("sale", "proposals", "holder_choice", 26, 50))


def _propose(actors: Actors, lot: str) -> None:
    """An actor's proposal on the screens waits for its answer."""
    claims.submit_claim(
        lot, {1: 50}, actor=actors["reuse-actor-2"], proposal="pay", amount_cents=25_000, committed=True,
        message="Nous passons chez vous un mardi, si cela vous va.",
    )  # fmt: skip


def _first_come(actors: Actors) -> str:
    """A lot that the first to ask takes."""
    holder = actors["holder"]
    lot = drafted(holder, "24 tablettes et 12 stations d’accueil")
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
    return published(lot, holder, terms("gift", "free", "first_come", 16, 40))


def _today(actors: Actors, lot: str) -> None:
    """The other actor's pick-up of screens is agreed for these days: a driver can try the phone page."""
    other, holder = actors["reuse-actor-2"], actors["holder"]
    found = lots.get(lot)
    assert found is not None
    mine = next(c for c in claimed.of_lot(found.id) if c.organisation_id == other.organisation_id)
    pickup_agreed(mine.reference, other, holder, 2)


def _draft(actors: Actors) -> None:
    """A lot the holder has not finished: what a draft looks like."""
    holder = actors["holder"]
    lot = drafted(holder, "8 ordinateurs fixes")
    lot_services.add_units(lot.id, in_use(holder, ("desktop",)), actor=holder)
