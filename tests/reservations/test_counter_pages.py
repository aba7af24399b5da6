"""Vouchers, the counter and quotes through the real application: pages, then the API."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import tokens
from reuse_market.accounts.models import Organisation, Person
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import services, tickets
from reuse_market.reservations.counter import PEOPLE
from reuse_market.units import codes, labels
from tests.reservations.solidarity import given, seller, voucher
from tests.support.world import PASSWORD, Party, World, ready_units

SignIn = Callable[[Party], FlaskClient]


@pytest.fixture
def world(app: Flask, world: World) -> World:
    """A world behind the application, which connects first."""
    return world


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    def sign(party: Party) -> FlaskClient:
        client, origin = app.test_client(), {"Origin": "http://localhost"}
        answer = client.post("/connexion", data={"email": party.email, "password": PASSWORD}, headers=origin)
        assert answer.status_code == 302, answer.text
        return client

    return sign


def words(page: str) -> str:
    """What a page says, on one line."""
    said = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", said)


def send(client: FlaskClient, page: str, address: str, **typed: object):
    """Post to `address` with the token of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None, page
    return client.post(address, data={"csrf_token": token[1]} | typed)


@db.command
def _speak(party: Party, lang: str) -> None:
    db.session().get_one(Person, party.person_id).language = lang


def test_an_association_issues_prints_and_cancels(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.recipient())
    assert "Aucun bon pour l’instant" in words(client.get("/bons").text)
    ends_on = (clock.today() + timedelta(days=20)).isoformat()
    wrong = send(client, "/bons/nouveau", "/bons/nouveau", kind="", cap_cents="", ends_on="2020-01-01")
    assert wrong.status_code == 422
    assert "Choisissez un jour entre aujourd’hui et le" in words(wrong.text)
    made = send(client, "/bons/nouveau", "/bons/nouveau", kind="laptop", cap_cents="90", ends_on=ends_on)
    page = made.headers["Location"]
    [ticket] = tickets.listed(world.recipient().actor)
    code = f"{ticket.voucher.code[:3]} {ticket.voucher.code[3:]}"
    assert code in words(client.get(page).text)
    card = words(client.get(f"{page}/carte").text)
    assert code in card
    assert "90,00 €, TVA comprise" in card
    shown = words(client.get("/bons?state=issued&kind=laptop").text)
    assert ticket.voucher.reference in shown
    assert ticket.voucher.reference not in words(client.get("/bons?state=used").text)
    operator = sign_in(world.operator())
    assert operator.get(page).status_code == 200
    assert code not in words(operator.get(page).text)
    assert operator.get(f"{page}/carte").status_code == 404
    assert sign_in(world.recipient("Autre Association")).get(page).status_code == 404
    assert sign_in(world.buyer()).get("/bons").status_code == 403
    assert send(client, page, f"{page}/annuler").status_code == 302
    assert "Annulé" in words(client.get(page).text)
    assert send(client, "/bons/nouveau", f"{page}/annuler").status_code == 409
    assert client.get(f"{page}/carte").status_code == 404


def test_a_sale_at_the_counter(world: World, sign_in: SignIn) -> None:
    selling = seller(world)
    [unit_id] = given(world, selling, price_cents=15_000)
    code = labels.codes_of([unit_id])[unit_id]
    made = voucher(world.recipient(), cap_cents=9_000)
    ticket, reference = made.code, made.reference
    client = sign_in(selling)
    assert client.get("/guichet").status_code == 200
    assert client.get("/guichet?code=AAAAAAA").status_code == 422
    page = client.get(f"/guichet?code={code}").headers["Location"]
    shown = words(client.get(page).text)
    assert "au plus 180,00 €, TVA comprise" in shown
    assert "avec son chargeur" in shown
    dear = send(client, page, page, voucher=ticket, price_cents="91")
    assert dear.status_code == 422
    assert "90 € du bon d’orientation" in words(dear.text)
    assert f'value="{ticket}"' in dear.text  # nothing typed is lost
    sold = send(client, page, page, voucher=ticket.lower(), price_cents="90")
    assert sold.status_code == 302
    told = words(client.get(sold.headers["Location"]).text)
    assert "Vendu sur un bon d’orientation le" in told
    assert f"Une personne, sur le bon d’orientation {reference}" in told
    assert client.get(page).status_code == 422  # it is no longer on sale
    overseer = world.operator()
    for lang, who in (("fr", "Personnes orientées par un bon;"), ("en", "People sent with a voucher;")):
        _speak(overseer, lang)
        assert who in sign_in(overseer).get("/repartition.csv").text, lang
    people = db.session().scalar(sa.select(Organisation.id).where(Organisation.name == PEOPLE))
    for lang, who in (("fr", "Personnes orientées par un bon"), ("en", "People sent with a voucher")):
        _speak(overseer, lang)
        page = sign_in(overseer).get(f"/console/organismes/{people}").text
        assert re.search(rf"<h1[^>]*>\s*{who}", page), lang
    pdf = client.get(sold.headers["Location"] + "/bon.pdf")
    assert pdf.data.startswith(b"%PDF")
    english = client.get(sold.headers["Location"] + "/bon.pdf?lang=en")
    assert english.data.startswith(b"%PDF")
    assert reconcile() == []


def test_who_may_not_take_a_group_is_told_before_typing(world: World, sign_in: SignIn) -> None:
    given(world, seller(world), 2, price_cents=15_000)
    [group] = catalogue.groups(Filters(), world.buyer().actor)
    refused = words(sign_in(world.buyer()).get(f"/catalogue/{group.key}").text)
    assert "La loi ne permet pas à votre organisme" in refused
    assert "CG3P, art. L3212-2 3°" in refused
    assert "Vérifier la réservation" not in refused
    offered = words(sign_in(world.recipient()).get(f"/catalogue/{group.key}").text)
    assert "Qui peut les prendre :" in offered
    assert "Vérifier la réservation" in offered


def test_a_quote_is_asked_from_the_pages(world: World, sign_in: SignIn) -> None:
    ready_units(world.reuse_actor(), 3)
    buyer = world.buyer()
    [group] = catalogue.groups(Filters(), buyer.actor)
    client, page = sign_in(buyer), f"/catalogue/{group.key}"
    assert send(client, page, f"{page}/devis", units="9").status_code == 422
    made = send(client, page, f"{page}/devis", units="2")
    assert "Réserver ces 2 appareils à ce prix" in words(client.get(made.headers["Location"]).text)
    paper = client.get(made.headers["Location"] + ".pdf")
    assert paper.mimetype == "application/pdf"
    assert len(paper.data) < 150_000
    assert sign_in(world.buyer("Autre Exemple")).get(made.headers["Location"]).status_code == 404
    reference = services.place_reservation(group.key, 2, actor=buyer.actor).reference
    booked = f"/reservations/{reference}"
    assert send(client, booked, f"{booked}/devis").status_code == 302
    assert "Devis DEV-" in words(client.get(booked).text)


class Program:
    """A program that acts for a party."""

    def __init__(self, app: Flask, party: Party) -> None:
        _row, secret = tokens.make_token(party.person_id, party.organisation_id, ["read", "write"])
        self.app, self.headers, self.sent = app, {"Authorization": f"Bearer {secret}"}, 0

    def get(self, path: str):
        return self.app.test_client().get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, **body: object):
        self.sent += 1
        headers = self.headers | {"Idempotency-Key": f"{id(self)}-{self.sent}"}
        return self.app.test_client().post(f"/api/v1{path}", json=body, headers=headers)


def test_the_same_by_the_api(app: Flask, world: World) -> None:
    selling, association = seller(world), world.recipient()
    [unit_id] = given(world, selling, price_cents=15_000)
    prescriber, shop = Program(app, association), Program(app, selling)
    ends_on = (clock.today() + timedelta(days=9)).isoformat()
    made = prescriber.post("/vouchers", kind="laptop", cap_cents=9_000, ends_on=ends_on)
    assert made.status_code == 201, made.text
    code, reference = made.json["code"], made.json["reference"]
    assert made.json["actions"] == ["cancel"]
    assert Program(app, world.operator()).get(f"/vouchers/{reference}").json["code"] is None
    assert shop.get(f"/vouchers/{reference}").status_code == 404
    assert shop.post("/vouchers", ends_on=ends_on).status_code == 403
    wrong = shop.post(f"/units/{unit_id}:sell-on-voucher", voucher=code, price_cents=9_001)
    assert (wrong.status_code, wrong.json["code"]) == (422, "regime.price_above_voucher")
    assert "sell-on-voucher" in shop.get(f"/units/{unit_id}").json["actions"]
    sold = shop.post(f"/units/{unit_id}:sell-on-voucher", voucher=code, price_cents=9_000)
    assert sold.status_code == 201, sold.text
    assert (sold.json["state"], sold.json["act"], sold.json["voucher"]) == (
        "provided", "solidarity_sale", reference,
    )  # fmt: skip
    used = prescriber.get(f"/vouchers/{reference}").json
    assert (used["state"], used["code"], used["actions"]) == ("used", None, [])
    assert [item["reference"] for item in prescriber.get("/vouchers?state=used").json["items"]] == [reference]
    cancelled = prescriber.post(f"/vouchers/{reference}:cancel")
    assert cancelled.status_code == 409


def test_guessing_by_the_api_is_counted(app: Flask, world: World) -> None:
    selling = seller(world)
    [unit_id] = given(world, selling)
    shop = Program(app, selling)
    tried = [
        shop.post(f"/units/{unit_id}:sell-on-voucher", voucher=codes.draw(), price_cents=1).status_code
        for _ in range(11)
    ]
    assert tried == [422] * 10 + [429]


def test_a_quote_by_the_api(app: Flask, world: World) -> None:
    ready_units(world.reuse_actor(), 3)
    buyer = Program(app, world.buyer())
    [offer] = buyer.get("/offers").json["items"]
    assert "quote" in offer["actions"]
    made = buyer.post(f"/offers/{offer['key']}:quote", units=2)
    assert made.status_code == 201, made.text
    assert (made.json["net_cents"], made.json["gross_cents"], made.json["units"]) == (30_000, 36_000, 2)
    placed = buyer.post(f"/offers/{offer['key']}:reserve", units=2).json
    assert "quote" in placed["actions"]
    assert buyer.post(f"/reservations/{placed['reference']}:quote").status_code == 201
