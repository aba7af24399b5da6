"""A company sells telephones with an erasure mandate, keeps a gift some days for public bodies, and announces a
renewal to come that others follow."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.claims import services as claims
from reuse_market.demo.acting import Act, Actors, Told, all_of, award, drafted, published, terms
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services as lot_services

SOLD = "15 téléphones d’astreinte"
KEPT = "18 écrans 27 pouces, aux organismes publics d’abord"
DAYS_KEPT = 20
ANNOUNCED = "Renouvellement à venir : 60 portables et 25 écrans"


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    return [
        Act(-10, lambda: told.update(phones=_publish_phones(actors["holder"]))),
        Act(-9, lambda: _sell(actors, told["phones"])),
        Act(-3, lambda: _keep(actors["holder"]), 11),
        Act(-2, lambda: told.update(to_come=_announce(actors["holder"])), 15),
        Act(-1, lambda: _follow(actors, told["to_come"]), 15),
    ]


def _publish_phones(holder: Actor) -> str:
    lot = drafted(holder, SOLD)
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="smartphone", units=15, label="Téléphone 6 pouces", works="works",
        locks_released="yes",
    )  # fmt: skip
    return published(
        lot,
        holder,
        terms("sale", "fixed", "holder_choice", 20, 50, price_cents=300_00, erasure_policy="purge"),
    )


def _sell(actors: Actors, lot: str) -> None:
    """Awarded at its price; the erasure mandate is issued, for the reuse actor erases (GDPR, article 28)."""
    claim = claims.submit_claim(
        lot, all_of(lot), actor=actors["reuse-actor"], proposal="pay", committed=True
    ).reference
    award(claim, actors["holder"])


def _keep(holder: Actor) -> None:
    """A gift that only public bodies may ask for, for some days."""
    lot = drafted(holder, KEPT)
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="monitor", units=18, label="Écran 27 pouces", works="works"
    )
    values = terms("gift", "free", "holder_choice", 30, 60, erased_by="holder", public_first_days=DAYS_KEPT)
    published(lot, holder, values)


def _announce(holder: Actor) -> str:
    """A lot to come, in four months: counted, without a device yet."""
    site, soon = accounts.base_site(holder.organisation_id or 0), clock.in_days(120)
    expected = (
        lot_services.Expected("laptop", 60, "Portables 14 pouces, processeur de 10e génération"),
        lot_services.Expected("monitor", 25),
    )
    values = {
        "title": ANNOUNCED, "site_id": site.id if site else None, "expected_month": soon, "regime": "gift",
        "note": "Effacement par nos soins. Les quantités peuvent encore bouger un peu.",
    }  # fmt: skip
    lot = lot_services.draft_plan(expected, values, actor=holder)
    lot_services.set_lines(
        lot.id, [1], {"charger": "yes", "windows_11": "yes", "lock_mdm": "yes"}, actor=holder
    )
    return lot_services.announce_lot(lot.id, actor=holder).reference


def _follow(actors: Actors, lot: str) -> None:
    """A reuse actor and a recipient would like devices of it."""
    claims.register_interest(
        lot, 40, "Pour notre atelier : nous gardons une place.", actor=actors["reuse-actor"]
    )
    claims.register_interest(lot, 8, "Pour une salle informatique.", actor=actors["recipient"])
