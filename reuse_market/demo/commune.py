"""A commune parts with its laptops: a transfer, a free transfer, sales; and drafts that the law refuses."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
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
    pickup_agreed,
    published,
    terms,
    valued,
)
from reuse_market.demo.files import plain_pdf
from reuse_market.demo.inventory import town_csv
from reuse_market.erasure import bulk
from reuse_market.erasure.services import Proof
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import erasing
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import queries as lots
from reuse_market.lots import services as lot_services

TRANSFER = "8 portables et 10 écrans pour une autre collectivité"
FREE = "10 portables pour une association"
TOO_DEAR = "2 portables récents"
AS_A_GIFT = "6 imprimantes à donner"
TOO_CHEAP = "5 ordinateurs fixes à vendre"


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    return [
        Act(-40, lambda: _import(actors["public-holder"])),
        Act(-26, lambda: told.update(transfer=_publish_transfer(actors["public-holder"]))),
        Act(-25, lambda: _erase_all(actors["public-holder"], told["transfer"])),
        Act(-24, lambda: told.update(town=_to_another_body(actors, told["transfer"]))),
        Act(-20, lambda: _collect(told["town"], actors["obliged-buyer"], actors["public-holder"]), 9),
        Act(-15, lambda: told.update(free=_publish_free(actors["public-holder"]))),
        Act(-14, lambda: _erase(actors["public-holder"], told["free"], 5)),
        Act(-13, lambda: told.update(entraide=_ask(actors, told["free"]))),
        Act(-11, lambda: award(told["entraide"], actors["public-holder"])),
        Act(-2, lambda: pickup_agreed(told["entraide"], actors["recipient-2"], actors["public-holder"], 4)),
        Act(-1, lambda: _drafts(actors["public-holder"]), 15),
    ]


def _import(holder: Actor) -> None:
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(
        town_csv(), "parc-communal.csv", actor=holder, site_id=site.id if site else None
    )
    import_id = staged.id
    fleets.confirm_mapping(import_id, actor=holder)
    fleets.apply_import(import_id, actor=holder)


def _publish_transfer(holder: Actor) -> str:
    """Eight laptops and ten screens at 120 €, erased by the commune, for a public body (CG3P L3212-2 11°)."""
    lot = drafted(holder, TRANSFER)
    lot_services.add_units(lot.id, in_use(holder, ("laptop",))[:8], actor=holder)
    lot_services.add_counted_line(
        lot.id, actor=holder, kind="monitor", units=10, label="Écran 24 pouces", works="works"
    )
    valued(lot, holder, 120_00)
    values = terms("public_transfer", "free", "holder_choice", 20, 60, erased_by="holder")
    return _decided(published(lot, holder, values), holder)


def _publish_free(holder: Actor) -> str:
    """Ten laptops at 90 € for an association that the law lists (CG3P L3212-2 3°)."""
    lot = drafted(holder, FREE)
    lot_services.add_units(lot.id, in_use(holder, ("laptop",))[:10], actor=holder)
    valued(lot, holder, 90_00, how="depreciation")
    values = terms("free_transfer", "free", "holder_choice", 30, 60, erased_by="holder")
    return _decided(published(lot, holder, values), holder)


def _decided(lot: str, holder: Actor) -> str:
    """The annex to the commune's decision is issued with the publication."""
    lot_papers.issue_annex(lot, actor=holder)
    return lot


def _erase(holder: Actor, lot: str, count: int | None = None) -> None:
    """One report for `count` laptops of the lot, all by default."""
    found = lots.get(lot)
    assert found is not None
    ids = erasing.lacking_ids(erasing.standings(found), kind="laptop", count=count)
    proof = Proof(
        method="purge", technique="nvme_format", tool="nvme-cli", tool_version="2.4", result="ok",
        verified=True, errors=0, hidden_areas="none", erased_at=clock.now(),
        operator_name="Technicien de la commune (démo)", validator_name="Responsable du parc (démo)",
    )  # fmt: skip
    report = plain_pdf(f"Rapport d'effacement (demonstration) : {len(ids)} portables")
    bulk.record_for_many(ids, bulk.Report(proof, "nvme"), actor=holder, file=report)


def _erase_all(holder: Actor, lot: str) -> None:
    """The laptops by one report; the screens, attested to hold no storage."""
    _erase(holder, lot)
    found = lots.get(lot)
    assert found is not None
    screens = erasing.lacking_ids(erasing.standings(found), kind="monitor")
    bulk.count_for_many(screens, (), "model", actor=holder)


def _to_another_body(actors: Actors, lot: str) -> str:
    """A public body takes the whole lot as it is: awarded, papers issued, a slot agreed."""
    taker, holder = actors["obliged-buyer"], actors["public-holder"]
    claim = claims.submit_claim(
        lot, all_of(lot), actor=taker, proposal="free", capacity="recipient",
        message="Pour les écoles de la commune.",
    ).reference  # fmt: skip
    award(claim, holder)
    return pickup_agreed(claim, taker, holder, 4)


def _collect(pickup: str, driver: Actor, holder: Actor) -> None:
    collection.check_off_rest(pickup, actor=driver)
    handed_over(pickup, driver, holder)


def _ask(actors: Actors, lot: str) -> str:
    """An association of general interest undertakes in writing and asks for six laptops."""
    return str(
        claims.submit_claim(
            lot, {1: 6}, actor=actors["recipient-2"], proposal="free", capacity="recipient", undertaken=True,
            message="Pour équiper les personnes que nous accompagnons.",
        ).reference
    )  # fmt: skip


def _drafts(holder: Actor) -> None:
    """Three drafts that cannot be published as they stand; their review says why and what is possible."""
    recent = drafted(holder, TOO_DEAR)
    lot_services.add_units(recent.id, in_use(holder, ("laptop",))[-2:], actor=holder)
    valued(recent, holder, 450_00)
    values = terms("public_transfer", "free", "holder_choice", 20, 60, erased_by="holder")
    lot_services.set_conditions(recent.id, values, actor=holder)

    given = drafted(holder, AS_A_GIFT)
    lot_services.add_counted_line(given.id, actor=holder, kind="printer", units=6, label="Imprimante laser")
    values = terms("gift", "free", "holder_choice", 20, 60)
    del values["regime"], values["price_kind"]  # what the form refuses with its article is never kept
    lot_services.set_conditions(given.id, values, actor=holder)

    cheap = drafted(holder, TOO_CHEAP)
    lot_services.add_counted_line(cheap.id, actor=holder, kind="desktop", units=5, label="Ordinateur fixe")
    valued(cheap, holder, 100_00)
    values = terms("sale", "fixed", "holder_choice", 20, 60, price_cents=200_00)
    lot_services.set_conditions(cheap.id, values, actor=holder)
