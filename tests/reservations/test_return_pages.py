"""Handover and returns through the pages and the API."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts.models import Person
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as bench
from reuse_market.reservations import services
from reuse_market.units import labels
from tests.reservations.test_counter_pages import SignIn, send, words
from tests.reservations.test_returns import held
from tests.support.world import PASSWORD, Party, World, ready_units


@pytest.fixture
def world(app: Flask, world: World) -> World:
    """A world behind the application, which connects first."""
    return world


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A client of the application, signed in as this party."""

    def sign(party: Party) -> FlaskClient:
        client, origin = app.test_client(), {"Origin": "http://localhost"}
        client.post("/connexion", data={"email": party.email, "password": PASSWORD}, headers=origin)
        return client

    return sign


@db.command
def _speak(party: Party, lang: str) -> None:
    db.session().get_one(Person, party.person_id).language = lang


def _confirmed(world: World, count: int = 1) -> str:
    buyer, seller = world.buyer(), world.reuse_actor()
    ready_units(seller, count)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    made = services.place_reservation(group.key, count, actor=buyer.actor).reference
    services.confirm_reservation(made, actor=seller.actor)
    return made


def test_from_the_kit_to_a_repair_by_pages(world: World, sign_in: SignIn, app: Flask) -> None:
    buyer, seller = sign_in(world.buyer()), sign_in(world.reuse_actor())
    reference = _confirmed(world)
    at, day = f"/reservations/{reference}", clock.in_days(3)
    wrong = send(seller, *[f"{at}/transport"] * 2, delivery="carrier", carrier="", day="", place="")
    assert wrong.status_code == 422
    assert "Dites qui transporte les appareils." in words(wrong.text)
    told = {
        "delivery": "carrier",
        "carrier": "Transporteur Exemple",
        "day": day.isoformat(),
        "place": "Quai B",
    }
    assert send(seller, *[f"{at}/transport"] * 2, **told).status_code == 302
    page = words(buyer.get(at).text)
    assert "Transporteur Exemple" in page
    assert "Quai B" in page
    half = send(seller, at, f"{at}/preparer", kit_charger="in")
    assert half.status_code == 422
    kit = {"kit_charger": "in", "kit_os": "not_supplied", "kit_mouse": "none_left", "kit_bag": "not_supplied"}
    assert send(seller, at, f"{at}/preparer", **kit).status_code == 302
    services.sign_as_beneficiary(reference, actor=world.buyer().actor, name="Accueil Exemple")
    auditor = sign_in(world.party("Contrôle Exemple", "auditor"))
    assert auditor.get(at).status_code == 200  # reads all,
    assert auditor.get(f"{at}/retour").status_code == 403  # and is not asked for what it may not send
    db.release()
    for lang, said in (
        (
            "fr",
            (
                "Fourni avec chaque appareil : chargeur",
                "souris (il n’en reste plus)",
                "En cas de panne",
            ),
        ),
        ("en", ("Supplied with each device: charger", "mouse (none is left)", "If a device breaks")),
    ):
        _speak(world.buyer(), lang)
        shown = words(buyer.get(at).text) + words(buyer.get(f"{at}/imprimer").text)
        assert [part for part in said if part not in shown] == [], lang
    _speak(world.buyer(), "fr")
    [unit_id] = held(reference)
    code = labels.codes_of([unit_id])[unit_id]
    passport = words(app.test_client().get(f"/u/{code}").text)
    assert "En cas de panne" in passport
    assert "04 00 00 00 00" in passport
    assert "Atelier Exemple" not in passport
    empty = send(buyer, *[f"{at}/retour"] * 2, units=[], reason="battery", wish="repair", words="")
    assert (empty.status_code, "Choisissez au moins un appareil." in words(empty.text)) == (422, True)
    asked = send(
        buyer, *[f"{at}/retour"] * 2, units=[str(unit_id)], reason="battery", wish="repair", words="S’éteint"
    )
    back = asked.headers["Location"]
    assert "Atelier Exemple doit répondre" in words(buyer.get(back).text)
    assert "Sous garantie jusqu’au" in words(buyer.get(back).text)
    assert send(seller, back, f"{back}/refuser", **{"refuse-answer": ""}).status_code == 422
    assert send(seller, back, f"{back}/accepter", remedy="repair", answer="Mardi").status_code == 302
    assert send(seller, back, f"{back}/recevoir").status_code == 302
    refused = send(seller, back, f"{back}/regler", remedy="repair")
    assert (refused.status_code, "Testez d’abord de nouveau" in words(refused.text)) == (409, True)
    bench.record_tests([unit_id], actor=world.reuse_actor().actor, batteries={unit_id: 90})
    db.release()
    assert send(seller, back, f"{back}/regler", remedy="repair").status_code == 302
    assert "Réparés, testés et rendus à Acheteur Exemple" in words(buyer.get(back).text)
    assert "RET-" in buyer.get("/retours?onglet=termines").text
    _speak(world.buyer(), "en")
    assert "Repaired, tested and handed back" in words(buyer.get(back).text)
    db.release()
    assert reconcile() == []
