"""The pages and the API of fairness and of a purchase, through the real application."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import evidence
from reuse_market.catalogue import queries as catalogue
from reuse_market.demo.parties import siret
from reuse_market.kernel import clock, db
from reuse_market.refurbishing.models import SolidarityShare
from reuse_market.reservations import services
from reuse_market.reservations.models import UnitCeiling
from tests.reservations.test_counter_pages import Program, SignIn, send, words
from tests.support.world import PASSWORD, Party, World, ready_units

PAYS = siret(41)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


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
def _row(model: Any, **values: Any) -> None:
    told = {"valid_from": date(2020, 1, 1), "source": "charte d’essai, article 3", "confidence": "D"}
    db.session().add(model(**{**told, **values}))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_rules_are_published_from_the_rows_in_force(
    world: World, sign_in: SignIn, app: Flask, lang: str
) -> None:
    visitor = app.test_client()
    empty = words(visitor.get(f"/regles-de-partage?lang={lang}").text)
    assert {"fr": "La charte ne garde aucune part", "en": "The charter keeps no share"}[lang] in empty
    _row(SolidarityShare, kind="laptop", percent=25, days=12)
    _row(UnitCeiling, role="recipient", kind="*", units=7)
    _row(UnitCeiling, role="recipient", kind="laptop", units=9, valid_from=clock.in_days(40))
    told = words(visitor.get(f"/regles-de-partage?lang={lang}").text)
    for said in {
        "fr": ("Ordinateurs portables : 25 % de ce qui devient prêt", "pendant 12 jours", "Un plafond par structure",
               "Ce qui change bientôt", "charte d’essai"),
        "en": ("Laptops: 25 % of what becomes ready", "for 12 days", "Ceilings over 12 months", "What changes soon"),
    }[lang]:  # fmt: skip
        assert said in told, said


def test_kept_units_ceilings_and_exceptions_on_the_pages(world: World, sign_in: SignIn, app: Flask) -> None:
    _row(UnitCeiling, role="recipient", kind="laptop", units=2)
    town, selling, recipient, operator = (
        world.public_holder(), world.reuse_actor(), world.recipient(), world.operator()
    )  # fmt: skip
    ready_units(selling, 1, holder=town)
    client, page = sign_in(town), "/lots/LOT-2026-9999/part-solidaire"
    assert send(client, page, page, percent="150", days="10").status_code == 422
    assert send(client, page, page, percent="100", days="10").status_code == 302
    assert "100 % de chaque type rendu prêt" in words(client.get("/lots/LOT-2026-9999").text)
    assert sign_in(world.holder()).get(page).status_code == 404
    ready_units(selling, 4, holder=town)
    kept = next(
        g for g in catalogue.groups(catalogue.Filters(), recipient.actor) if g.open_to == "recipients"
    )
    told = words(sign_in(recipient).get(f"/catalogue/{kept.key}").text)
    assert "Gardé pour les associations jusqu’au" in told
    assert "Votre structure peut prendre encore 2 appareils de ce type (2 au plus sur 12 mois)." in told
    program = Program(app, recipient)
    refused = program.post(f"/offers/{kept.key}:reserve", units=3)
    assert refused.status_code == 422, refused.text
    assert "fairness.ceiling" in refused.text
    early = Program(app, town).post(f"/offers/{kept.key}:reserve", units=1)
    assert early.status_code == 409, early.text
    assert "fairness.kept-for-recipients" in early.text
    reserved = program.post(f"/offers/{kept.key}:reserve", units=2).json["reference"]
    services.confirm_reservation(reserved, actor=selling.actor)
    services.sign_as_beneficiary(reserved, actor=recipient.actor, name="Personne Exemple")
    desk = sign_in(operator)
    listed = words(desk.get("/repartition?text=association").text)
    assert "Association Exemple Ordinateurs portables 2" in listed.replace("ordinateurs", "Ordinateurs")
    assert "Association Exemple" in desk.get("/repartition.csv").text
    assert "Rien ne correspond" in words(desk.get("/repartition?text=zzz").text)
    form = f"/repartition/{recipient.organisation_id}/derogation"
    typed = {"kind": "laptop", "units": "1", "until": clock.in_days(20).isoformat(), "reason": ""}
    assert send(desk, form, form, **typed).status_code == 422
    assert send(desk, form, form, **{**typed, "reason": "jardin numérique"}).status_code == 302
    given = Program(app, operator).post(
        f"/organisations/{recipient.organisation_id}:grant-exception", kind="laptop", units=1,
        until=clock.in_days(5).isoformat(), reason="urgence",
    )  # fmt: skip
    assert given.status_code == 201, given.text
    assert [row["units"] for row in Program(app, operator).get("/allotments").json["items"]] == [2]
    assert Program(app, recipient).get("/allotments").status_code == 403
    assert program.post(f"/offers/{kept.key}:reserve", units=2).status_code == 201


def test_a_quote_is_tried_taken_and_ordered_on_the_pages(world: World, sign_in: SignIn, app: Flask) -> None:
    selling, town = world.reuse_actor(), world.public_holder()
    ready_units(selling, 50)
    shown_id = evidence.add_evidence(
        selling.organisation_id, "attestation_social", PDF, actor=selling.actor, until=clock.in_days(60)
    ).id
    [group] = catalogue.groups(catalogue.Filters(), town.actor)
    client, page = sign_in(town), f"/catalogue/{group.key}"
    quote = send(client, page, f"{page}/devis", units="40").location
    told = words(client.get(quote).text)
    for said in (
        "Attestation sociale (URSSAF ou MSA)", "non fournie à ce jour", "En réserver un pour l’essayer d’abord",
        "60 000,00 € HT pour un besoin homogène", "source secondaire", "Total HT 6 000,00 €",
        "L’attestation sociale se demande à partir de 5 000,00 € HT.", "L8222-1",
    ):  # fmt: skip
        assert said in told, said
    assert client.get(f"{quote}/attestations/{shown_id}").data == PDF
    assert sign_in(world.buyer()).get(f"{quote}/attestations/{shown_id}").status_code == 404
    tried = send(client, quote, f"{quote}/essayer", delivery="collect")
    assert tried.status_code == 302
    assert "Réserver les 39 autres à ce prix" in words(client.get(quote).text)
    program, number = Program(app, town), quote.rsplit("/", 1)[-1]
    shown = program.get(f"/quotes/{number}").json
    assert (shown["state"], shown["rest"], shown["actions"]) == ("open", 39, ["take", "decline"])
    assert shown["need"]["cents"] == 15_000
    assert (shown["social_from"]["cents"], shown["social_from"]["confidence"]) == (500_000, "S")
    taken = program.post(f"/quotes/{number}:take")
    assert taken.status_code == 200, taken.text
    assert send(client, quote, f"{quote}/refuser").status_code in (200, 409)
    assert client.get(f"{quote}/refuser").location == quote  # taken: there is nothing to decline
    other = send(client, page, f"{page}/devis", units="2").location
    asked = words(client.get(f"{other}/refuser").text)
    assert "Atelier Exemple reçoit un e-mail." in asked
    assert Program(app, town).get(f"/quotes/{other.rsplit('/', 1)[-1]}").json["state"] == "open"  # not yet
    assert send(client, f"{other}/refuser", f"{other}/refuser").location == other
    assert "Refusé" in words(client.get(other).text)
    booked = f"/reservations/{taken.json['taken']}"
    assert "order" in program.get(booked).json["actions"]
    form = f"{booked}/commande/nouvelle"
    assert send(client, form, form, siret="12345678901234").status_code == 422
    done = send(
        client,
        form,
        form,
        siret=f"{PAYS[:9]} {PAYS[9:]}",
        service_code="INFO",
        commitment="EJ-7",
        buyer_reference="",
    )
    assert done.status_code == 302, done.text
    order = words(client.get(f"{booked}/commande").text)
    for said in ("Bon de commande BC-", PAYS, "INFO", "EJ-7", "À reporter sur la facture"):
        assert said in order, said
    assert sign_in(selling).get(f"{booked}/commande").status_code == 200
    again = program.post(f"{booked}:order", siret=PAYS, commitment="EJ-8")
    assert again.status_code == 201, again.text
    assert client.get(again.json["links"]["pdf"]).mimetype == "application/pdf"
    assert "Commande" in words(client.get(booked).text) or "Bon de commande" in words(client.get(booked).text)
