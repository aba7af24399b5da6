"""A round of the demonstration: one van, two stops the day after tomorrow, each holder told its hour."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.collection.rounds import services as rounds
from reuse_market.collection.rounds import vehicles
from reuse_market.demo.acting import Act, Actors, Told, all_of, award, drafted, published, terms
from reuse_market.kernel import clock
from reuse_market.lots import services as lots


def acts(actors: Actors, told: Told) -> list[Act]:
    """A van is written down, two pick-ups are agreed for one day, a round joins them."""
    return [Act(-5, lambda: _van(actors)), Act(-1, lambda: _round(actors), hour=15)]


def _van(actors: Actors) -> None:
    rounds.add_vehicle(
        "Fourgon blanc (démo)", plate="AA-123-BB", units=90, payload_g=1_100_000, volume_l=11_000, height_cm=260,
        tail_lift="yes", actor=actors["reuse-actor"],
    )  # fmt: skip


def _round(actors: Actors) -> None:
    driver = actors["reuse-actor"]
    pickups = [
        _agreed(actors, "holder", "18 téléphones fixes", "desk_phone", 18, "Téléphone de bureau", ("09:00", "11:00")),
        _agreed(actors, "public-holder", "12 écrans d’une médiathèque", "monitor", 12, "Écran 22 pouces",
                ("10:30", "12:00")),
    ]  # fmt: skip
    depot = accounts.base_site(driver.organisation_id or 0)
    made = rounds.draft_round(
        pickups, actor=driver, day=clock.in_days(3), from_time="08:00", to_time="13:00",
        vehicle_id=_vehicle(driver.organisation_id or 0), depot_site_id=depot.id if depot else None,
        driver_name="Équipe de collecte (démo)", note="Prendre les sangles et deux rolls vides.",
    )  # fmt: skip
    rounds.plan_round(made.reference, actor=driver)


def _agreed(
    actors: Actors, role: str, title: str, kind: str, units: int, label: str, slot: tuple[str, str]
) -> str:
    """A pick-up agreed for the day of the round."""
    holder, driver = actors[role], actors["reuse-actor"]
    lot = drafted(holder, title)
    lots.add_counted_line(lot.id, actor=holder, kind=kind, units=units, label=label, works="works")
    sold = {"sale": ("sale", "proposals"), "gift": ("gift", "free")}[
        "sale" if role == "public-holder" else "gift"
    ]
    reference = published(lot, holder, terms(*sold, "holder_choice", 10, 40))
    paid = {"proposal": "pay", "amount_cents": 10_000} if sold[0] == "sale" else {"proposal": "free"}
    asked = claims.submit_claim(reference, all_of(reference), actor=driver, committed=True, **paid).reference
    award(asked, holder)
    made = collection.propose_pickup(
        asked, actor=driver, day=clock.in_days(3), from_time=slot[0], to_time=slot[1]
    ).reference
    collection.agree_pickup(made, actor=holder)
    return made


def _vehicle(organisation_id: int) -> int:
    return vehicles.of(organisation_id)[0].id
