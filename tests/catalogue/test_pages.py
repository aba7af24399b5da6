"""The shop window through the real application."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from reuse_market.catalogue import queries
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db, formats
from reuse_market.kernel.actor import VISITOR
from reuse_market.reservations import services as reservations
from reuse_market.units.queries import by_ids
from tests.support.world import World, collected_units, ready_units

BANNED = ("comme neuf", "à neuf", "état neuf", "reconditionn")


def words(page: str) -> str:
    """What a page says, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


@pytest.fixture
def stock(client: FlaskClient, world: World) -> World:
    """A world behind the application (which connects first), with three groups."""
    ready_units(world.reuse_actor(), 24, storage_mb=256_000)
    ready_units(world.reuse_actor(), 2, model="Portable 850", price_cents=0, battery=71)
    ready_units(world.reuse_actor(), 3, model="Tablette 10", kind="tablet", cpu=None, open_to="recipients")
    return world


def test_a_visitor_finds_a_need_typed_as_it_is_said(stock: World, client: FlaskClient) -> None:
    page = client.get("/catalogue?text=24+×+portable+14″+i5+8+Go")
    assert page.status_code == 200
    text = words(page.text)
    assert "24 appareils dans 1 groupe d’appareils identiques" in text
    assert "Ordinateur portable Exemple Portable 840" in text
    assert "14″, i5-8350U, 8 Go, stockage 256 Go" in text
    assert "180,00 € TTC" in text
    assert "150,00 € HT" in text
    assert (
        "Compris : au moins 24 appareils identiques ; ordinateurs portables ; écran de 14″ ; processeur i5 ;"
        in text
    )
    assert "mémoire de 8 Go ou plus" in text
    assert "Tablette 10" not in text
    assert "Set-Cookie" not in page.headers


def test_the_group_page_says_all_a_buyer_needs(stock: World, client: FlaskClient) -> None:
    [group] = queries.groups(Filters(text="840"), VISITOR)
    text = words(client.get(f"/catalogue/{group.key}?units=10").text)
    for said in (
        "24 disponibles, tous identiques", "150,00 € HT, 180,00 € TTC",
        "Prix pour 10 1 500,00 € HT, 1 800,00 € TTC",
        "B – Bon aspect. Traces d’usage visibles", "82 % de sa capacité", "12 mois à partir de la remise",
        "Atelier Exemple, Grenoble", "Se connecter pour réserver", "D – Aspect très abîmé",
        "TVA à 20 % (CGI art. 278)",
    ):  # fmt: skip
        assert said in text, said
    assert (
        f"next=%2Fcatalogue%2F{group.key}%3Funits%3D10" in client.get(f"/catalogue/{group.key}?units=10").text
    )
    english = words(client.get(f"/catalogue/{group.key}?lang=en").text)
    assert "24 available, all alike" in english
    assert "Sign in to reserve" in english


def test_a_free_group_says_so_and_never_shows_zero_euros(stock: World, client: FlaskClient) -> None:
    [group] = queries.groups(Filters(free=True), VISITOR)
    text = words(client.get(f"/catalogue/{group.key}").text)
    assert "gratuit" in text
    assert "Rien à payer." in text
    assert "0,00 €" not in text
    assert "0,00 €" not in words(client.get("/catalogue").text).replace("180,00 €", "").replace(
        "150,00 €", ""
    )


def test_nothing_forbidden_is_said(stock: World, client: FlaskClient) -> None:
    keys = [g.key for g in queries.groups(Filters(), VISITOR)]
    for address in ("/catalogue", *(f"/catalogue/{key}" for key in keys)):
        text = words(client.get(address).text).lower()
        assert not [word for word in BANNED if word in text], address


def test_no_serial_and_no_address_are_shown(stock: World, client: FlaskClient) -> None:
    ids = ready_units(
        stock.reuse_actor(), 1, model="Portable 860", serial="SERIE-SECRETE", asset_tag="INV-SECRET"
    )
    assert by_ids(ids)[0].serial == "SERIE-SECRETE"
    [group] = queries.groups(Filters(text="860"), VISITOR)
    for address in ("/catalogue", f"/catalogue/{group.key}"):
        text = client.get(address).text
        assert "SECRET" not in text
        assert "rue de l’Exemple" not in text


def test_an_empty_result_says_what_to_do(stock: World, client: FlaskClient) -> None:
    text = client.get("/catalogue?text=introuvable").text
    assert "Aucun groupe ne correspond" in text
    assert "Enlevez un filtre" in text
    assert "/recherches/nouvelle?room=offers&amp;text=introuvable" in text
    assert 'href="/catalogue"' in text
    assert "en atelier" not in text
    collected_units(stock.public_holder(), stock.reuse_actor(), numbered=2, counted=0)
    db.release()
    day = formats.date_long(clock.in_days(45), "fr")  # need.workshop
    said = f"en atelier : ils seront proposés une fois testés et effacés, vers le {day}."
    assert said in words(client.get("/catalogue?text=introuvable").text)


def test_an_empty_window_says_what_to_do(client: FlaskClient, world: World) -> None:
    assert "Aucun appareil n’est prêt aujourd’hui" in client.get("/catalogue").text


BROKEN = [
    "units=abc", "units=0", "most=douze", "grade=Z", "kind=spaceship", "ram=zz", "sort=chance", "page=999",
    "page=-1", "text=" + "x" * 500, "ram=-4", "units=1&units=2",
    "least=5,5,5", "least=1.234,5", "least=%2C5", "storage=9999999", "warranty=9999999",
    "free=peut-être", "text=%25%5C",
]  # fmt: skip


def test_a_broken_address_is_no_fault(stock: World, client: FlaskClient) -> None:
    for query in BROKEN:
        page = client.get(f"/catalogue?{query}")
        assert page.status_code == 200, query
        assert "Appareils disponibles" in page.text


def test_what_was_typed_wrong_is_kept_and_explained(stock: World, client: FlaskClient) -> None:
    text = client.get("/catalogue?units=abc&kind=laptop").text
    assert 'value="abc"' in text
    assert "Indiquez un nombre entre 1 et 500." in text.replace("\u00a0", " ")
    assert "Portable 840" in text  # the other filters hold


def test_pages_of_twenty_five_keep_the_filters(client: FlaskClient, world: World) -> None:
    for n in range(27):
        ready_units(world.reuse_actor(), 1, price_cents=1_000 + n)
    first = client.get("/catalogue?kind=laptop&sort=price").text
    assert "27 appareils dans 27 groupes" in words(first)
    [following] = re.findall(r'href="(/catalogue\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert "kind=laptop&amp;sort=price&amp;" in following
    second = words(client.get(following.replace("&amp;", "&")).text)
    assert "12,31 € TTC" in second  # the dearest
    assert "12,00 € TTC" not in second
    assert "Revenir aux premiers appareils" in second


def test_a_group_that_is_gone_leads_elsewhere(stock: World, client: FlaskClient) -> None:
    [group] = queries.groups(Filters(text="840"), VISITOR)
    reservations.place_reservation(group.key, 24, actor=stock.buyer().actor)
    for key in (group.key, "0" * 16, "nonsense"):
        page = client.get(f"/catalogue/{key}")
        assert page.status_code == 404
        assert "Ces appareils ne sont plus disponibles." in page.text
        assert 'href="/catalogue"' in page.text
