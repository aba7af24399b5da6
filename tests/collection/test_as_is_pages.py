"""The pages of a direct claim and of its pick-up, as each side reads them, in French."""

from __future__ import annotations

import pytest

from reuse_market.claims import queries as claims
from reuse_market.collection import queries
from reuse_market.kernel import clock, db
from tests.lots.visiting import Visitor
from tests.support import direct as build
from tests.support import world as chain
from tests.support.world import World


@pytest.fixture
def world(app):
    yield World.begin()
    db.release()


def main(visitor):
    return " ".join(" ".join(visitor.tree.xpath("//main//text()")).split()).replace("\u00a0", " ")


def test_a_commune_takes_as_they_are(app, world):
    giver, town = world.public_holder(), build.town(world)
    lot = build.lot_as_is(giver, "public_transfer", numbered=1, counted=1).reference
    db.release()
    visitor = Visitor(app.test_client(), town)
    visitor.open(f"/lots/{lot}").follow("Demander des appareils en l’état")
    said = main(visitor)
    assert "personne ne les teste ni ne les répare" in said
    assert "Convention de cession" in said or "convention de cession" in said
    assert "Engagement de réemploi" not in said
    assert not visitor.tree.xpath("//input[@type='checkbox']")
    visitor.press("Envoyer la demande")
    [view] = claims.mine(town.organisation_id)
    assert (view.capacity, view.stage) == ("recipient", "submitted")
    db.release()
    said = main(visitor.open(f"/demandes/{view.reference}"))
    assert "Son propre usage, en l’état" in said
    assert "reconditionn" not in said.lower()
    holder = Visitor(app.test_client(), giver)
    holder.open(f"/demandes/{view.reference}").press("Retenir cette demande")
    day = {"day": clock.today().isoformat(), "from_time": "09:00", "to_time": "11:00"}
    visitor.open(f"/demandes/{view.reference}/enlevement").press("Proposer ce créneau", **day)
    [pickup] = queries.of_claim(view.id)
    db.release()
    here = f"/enlevements/{pickup.reference}"
    assert "2 appareils sans preuve d’effacement" in main(visitor.open(here))
    said = main(holder.open(here))
    assert "un appareil sans preuve reste chez vous" in said
    assert holder.tree.xpath(f"//main//a[@href='/lots/{lot}/effacement']")
    holder.press("Accepter ce créneau")
    visitor.open(f"{here}/pointage/tout").press("Oui, tout est là")
    visitor.open(f"{here}/remise").press("Signer pour ces appareils", 409)
    assert "n’ont pas de preuve d’effacement suffisante" in main(visitor)
    db.release()
    build.prove(giver, [unit.unit_id for unit in queries.sheet(queries.get(pickup.reference))])
    db.release()
    assert "prouvé l’effacement de chaque appareil" in main(holder.open(here))
    visitor.open(f"{here}/remise").press("Signer pour ces appareils")
    [unit, *_] = queries.sheet(queries.get(pickup.reference))
    code = unit.code
    db.release()
    said = main(visitor.open(f"/u/{code}"))
    assert "Remis en l’état" in said
    assert "reconditionn" not in said.lower()
    assert "Enlèvements" in visitor.tree.text_content()


def test_what_a_refusal_and_a_wait_say(app, world):
    giver, association = world.public_holder(), world.recipient()
    gone = build.lot_as_is(giver, "public_transfer").reference
    kept = build.lot_as_is(giver, "sale", price_kind="proposals", public_first_days=7).reference
    db.release()
    visitor = Visitor(app.test_client(), association)
    said = main(visitor.open(f"/lots/{gone}/prendre"))
    assert "L3212-2 11°" in said
    assert not visitor.tree.xpath("//main//form")
    assert "Réservé aux organismes publics jusqu’au" in main(visitor.open(f"/lots/{kept}"))
    said = main(visitor.open(f"/lots/{kept}/prendre"))
    assert "Priorité aux organismes publics" in said
    assert not visitor.tree.xpath("//main//form")
    Visitor(app.test_client(), world.buyer()).open(f"/lots/{kept}/prendre", status=403)


def test_who_may_do_both_chooses_and_ticks_what_is_due(app, world):
    both = world.party("Atelier ESUS", "reuse_actor", "recipient", legal_kind="association")
    build.qualified(world, both, "reuse_body_esus")
    lot = build.lot_as_is(world.public_holder(), "free_transfer").reference
    db.release()
    visitor = Visitor(app.test_client(), both)
    visitor.open(f"/lots/{lot}").follow("Prendre tout ou partie du lot")
    assert {box.get("name") for box in visitor.tree.xpath("//main//input[@type='checkbox']")} == {
        "committed",
        "undertaken",
    }
    visitor.follow("Pour notre propre usage")
    assert [box.get("name") for box in visitor.tree.xpath("//main//input[@type='checkbox']")] == [
        "undertaken"
    ]
    visitor.press("Envoyer la demande", 422)
    assert "Cochez l’engagement écrit" in main(visitor)
    visitor.press("Envoyer la demande", undertaken="y")
    [view] = claims.mine(both.organisation_id)
    assert (view.capacity, view.undertaking_version) == ("recipient", "statutory-2026-01")
    said = main(visitor.open(f"/demandes/{view.reference}"))
    assert "Nous n’utilisons ces appareils que pour l’objet inscrit dans nos statuts." in said


def test_a_reuse_actor_still_takes_an_extra(app, world):
    """The short cut changes nothing for a workshop."""
    holder, actor = world.holder(), world.reuse_actor()
    pickup = chain.agreed_pickup(
        chain.awarded_claim(chain.published_lot(holder), holder, actor), holder, actor
    )
    reference = pickup.reference
    db.release()
    visitor = Visitor(app.test_client(), actor)
    said = main(visitor.open(f"/enlevements/{reference}/pointage/probleme"))
    assert "en trop" in said
    assert "effacement" not in main(visitor.open(f"/enlevements/{reference}"))
