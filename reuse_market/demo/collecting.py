"""Chapter: what an actor's week of collecting looks like – hours, a protocol, a grouped day, a carrier, a late
drop-out, a note that waits for its second signature, and a pick-up that is being checked off today."""

from __future__ import annotations

from datetime import timedelta

from reuse_market.accounts import capacities, digests, hours, searches
from reuse_market.accounts import queries as accounts
from reuse_market.claims import services as claims
from reuse_market.collection import countersigning, queries
from reuse_market.collection import services as collection
from reuse_market.collection.arrivals import coming, days, protocols, reminders
from reuse_market.collection.services import photos
from reuse_market.collection.services.gesture import Gesture
from reuse_market.demo.acting import Act, Actors, Told, all_of, award, drafted, published, terms
from reuse_market.demo.files import plain_picture
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services as lots

OPEN = [[["09:00", "12:00"], ["14:00", "17:00"]]] * 5 + [[], []]
KINDS = ("laptop", "desktop", "monitor", "dock")


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    return [
        Act(-9, lambda: _say_what_is_known(actors)),
        Act(-6, lambda: told.update(today=_agree_today(actors)), 11),
        Act(-5, lambda: _sign_protocol(actors, told["today"]), 11),
        Act(-5, lambda: told.update(school=_agreed(actors, "public-holder", "9 écrans d’une école", 9, 4)), 12),
        Act(-4, lambda: told.update(late=_ask_twice(actors)), 11),
        Act(-3, lambda: _by_carrier(actors), 12),
        Act(-2, lambda: _grouped_day(actors), 11),
        Act(-2, reminders.remind_due, 15),
        Act(-1, lambda: _signed_by_one(actors, told["school"]), 11),
        Act(-1, digests.send_due, 12),
        Act(-1, lambda: _drop_out(actors, told["late"]), 16),
    ]  # fmt: skip


def today(actors: Actors, told: Told) -> None:
    """The driver is at the door: some are checked off, a picture shows one that is broken."""
    driver, reference = actors["reuse-actor"], told["today"]
    collection.check_off_line(reference, 1, 5, actor=driver)
    broken = Gesture()
    collection.check_off_line(
        reference, 1, 1, outcome="refused", reason="other", note="Écran fendu", gesture=broken, actor=driver
    )
    photos.add_photo(reference, plain_picture(), batch=broken.batch, actor=driver)
    reminders.remind_due()


def _say_what_is_known(actors: Actors) -> None:
    """Opening hours on both sides; what the workshop can take, and what it looks for."""
    for login in ("holder", "reuse-actor"):
        site = accounts.base_site(actors[login].organisation_id or 0)
        assert site is not None
        hours.set_hours(site.id, OPEN, actor=actors[login])
    taker = actors["reuse-actor"]
    declared = capacities.Declared(60, KINDS, "any", 30, (), 5)
    capacities.declare_capacity(taker.organisation_id or 0, declared, actor=taker)
    searches.save_search("lots", "Portables de l’agglomération", "kind=laptop", "weekly", actor=taker)
    searches.save_search("lots", "Tout ce qui fonctionne", "works=y", "never", actor=taker)


def _awarded(actors: Actors, login: str, title: str, units: int, taker: Actor, kind: str = "monitor") -> str:
    """A gift, or a sale by a public body, asked for as a whole and awarded; the claim's reference."""
    reference = _published(actors, login, title, units, kind)
    claim = _asked(reference, taker, login == "public-holder")
    award(claim, actors[login])
    return claim


def _published(actors: Actors, login: str, title: str, units: int, kind: str) -> str:
    holder, sells = actors[login], login == "public-holder"
    lot = drafted(holder, title)
    words = {"monitor": "Écran 24 pouces", "laptop": "Portable 14 pouces", "desk_phone": "Téléphone de bureau",
             "desktop": "Ordinateur fixe"}  # fmt: skip
    lots.add_counted_line(lot.id, actor=holder, kind=kind, units=units, label=words[kind], works="works")
    how = ("sale", "proposals") if sells else ("gift", "free")
    return published(lot, holder, terms(*how, "holder_choice", 12, 40))


def _asked(lot: str, taker: Actor, pays: bool) -> str:
    offer = {"proposal": "pay", "amount_cents": 12_000} if pays else {"proposal": "free"}
    made = claims.submit_claim(lot, all_of(lot), actor=taker, committed=True, **offer)
    return str(made.reference)


def _agreed(actors: Actors, login: str, title: str, units: int, ahead: int) -> str:
    """A pick-up of the workshop agreed so many days ahead."""
    taker = actors["reuse-actor"]
    claim = _awarded(actors, login, title, units, taker)
    made = collection.propose_pickup(
        claim, actor=taker, day=clock.in_days(ahead), from_time="14:00", to_time="16:00"
    ).reference
    collection.agree_pickup(made, actor=actors[login])
    return made


def _agree_today(actors: Actors) -> str:
    return _agreed(actors, "holder", "14 écrans du premier étage", 14, 6)


def _sign_protocol(actors: Actors, reference: str) -> None:
    """The workshop writes its part, the company its own: the loading safety protocol is in force."""
    found = queries.get(reference)
    assert found is not None
    coming.announce(
        reference, driver_name="Équipe de collecte (démo)", plate="AA-123-BB", actor=actors["reuse-actor"]
    )
    protocols.sign(found, "Fourgon à hayon de 3,5 t. Deux personnes, gilets, chaussures de sécurité, diable.",
                   actor=actors["reuse-actor"])  # fmt: skip
    protocols.sign(found, "Vitesse au pas dans la cour. Moteur coupé au quai B. Extincteur et trousse de secours "
                          "à droite de la porte. En cas d’accident : 18.", actor=actors["holder"])  # fmt: skip


def _signed_by_one(actors: Actors, reference: str) -> None:
    """Nobody could sign at the school: the link is sent, the note says that it is not counter-signed."""
    driver = actors["reuse-actor"]
    collection.check_off_rest(reference, actor=driver)
    photos.add_photo(reference, plain_picture(), actor=driver)
    collection.sign_as_driver(
        reference, actor=driver, plate="AA-123-BB", driver_name="Équipe de collecte (démo)"
    )
    with clock.frozen(clock.now() + timedelta(hours=1)):
        countersigning.ask_signature(reference, actor=driver)


def _ask_twice(actors: Actors) -> str:
    """Two actors want the same desktops; one of them obtains them, for the day after tomorrow of that act."""
    first, waits = actors["reuse-actor-2"], actors["reuse-actor"]
    lot = _published(actors, "holder", "10 ordinateurs fixes d’un plateau", 10, "desktop")
    claim = _asked(lot, first, False)
    _asked(lot, waits, False)
    award(claim, actors["holder"])
    made = collection.propose_pickup(
        claim, actor=first, day=clock.in_days(5), from_time="09:00", to_time="11:00"
    ).reference
    collection.agree_pickup(made, actor=actors["holder"])
    return made


def _drop_out(actors: Actors, reference: str) -> None:
    """Too late to plan again: the devices are on the board, and who waited is asked."""
    collection.cancel_pickup(reference, "Fourgon en panne", actor=actors["reuse-actor-2"])


def _by_carrier(actors: Actors) -> None:
    """A carrier brings telephones to the other actor."""
    taker = actors["reuse-actor-2"]
    claim = _awarded(actors, "holder", "25 téléphones à expédier", 25, taker, "desk_phone")
    made = collection.propose_pickup(
        claim, actor=taker, day=clock.in_days(7), from_time="09:00", to_time="12:00", arrival="carrier",
        carrier_name="Transport Exemple", carrier_ref="EXP-0042",
    ).reference  # fmt: skip
    collection.agree_pickup(made, actor=actors["holder"])


def _grouped_day(actors: Actors) -> None:
    """The workshop opens its doors to small holders: two of them have taken a slot."""
    taker = actors["reuse-actor"]
    site = accounts.base_site(taker.organisation_id or 0)
    assert site is not None
    made = days.open_day(
        site.id, clock.in_days(10), [("09:00", "10:00", 2), ("10:00", "11:00", 2), ("11:00", "12:00", 1)],
        actor=taker, note="Entrée par la cour. Un chariot est prêté.", most_units=20,
    )  # fmt: skip
    free = days.slots_of(made)
    for login, slot, units in (("holder-2", free[0], 4), ("holder-3", free[2], 6)):
        claim = _awarded(actors, login, f"{units} portables d’une petite équipe", units, taker, "laptop")
        days.take_slot(claim, slot.id, actor=actors[login])
