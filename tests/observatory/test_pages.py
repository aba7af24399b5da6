"""Public pages: open to all, without a cookie, saying nothing private and inventing nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from reuse_market.accounts import services
from reuse_market.factory import create_app
from reuse_market.observatory import queries
from reuse_market.web.headers import CSP
from tests.lots.visiting import Visitor
from tests.support.lives import Life, whole_life
from tests.support.world import World

INFORMATION = ["/plan", "/aide", "/accessibilite", "/ecoconception", "/donnees", "/donnees-personnelles"]
PAGES = ["/", "/carte", "/annuaire", "/u", *INFORMATION]


@pytest.fixture
def life(world: World) -> Life:
    return whole_life(world)


@pytest.mark.parametrize("page", PAGES)
def test_open_to_all_without_a_cookie(visitor: Visitor, page: str) -> None:
    visitor.open(page)
    assert "Set-Cookie" not in visitor.page.headers
    assert visitor.page.headers["Content-Security-Policy"].startswith(CSP.split(";")[0])
    assert len(visitor.tree.xpath("//h1")) == 1
    assert not visitor.tree.xpath("//*[@style] | //script[not(@src)] | //style")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_asked_from_another_site(visitor: Visitor, page: str) -> None:
    visitor.open(page)
    sources = visitor.tree.xpath("//@src | //link/@href | //form/@action")
    assert all(source.startswith("/") for source in sources)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_private_before_signing_in(visitor: Visitor, life: Life, page: str) -> None:
    said = visitor.open(page).page.text
    for secret in ("Entreprise Exemple", "Acheteur Exemple", "rue de l’Exemple", "Personne", "04 00 00", "@test.example"):
        assert secret not in said


@pytest.mark.parametrize("page", PAGES)
def test_each_page_speaks_english_too(visitor: Visitor, life: Life, page: str) -> None:
    visitor.open(f"{page}?lang=en")
    assert visitor.tree.get("lang") == "en"
    main = visitor.tree.xpath("//main")[0].text_content()
    for french in ("appareils", "Où est", "détenteurs", "Vous "):
        assert french not in main


def test_every_link_of_the_site_map_leads_somewhere(visitor: Visitor) -> None:
    links = visitor.open("/plan").tree.xpath("//main//a/@href") + visitor.tree.xpath("//footer//a/@href")
    assert len(links) > 15
    for link in links:
        visitor.open(link)


def test_four_doors_with_a_number_each(visitor: Visitor, life: Life) -> None:
    visitor.open("/")
    doors = visitor.tree.xpath("//section[@class='door']")
    assert [" ".join(door.xpath("string(.//h3)").split()) for door in doors] == [
        "Je donne ou cède", "Je collecte", "J’achète", "Je demande pour une association",
    ]  # fmt: skip
    assert [door.xpath("string(.//p)").split()[0] for door in doors] == ["1", "3", "2", "0"]
    for door in doors:
        assert visitor.client.get(door.xpath("string(.//a/@href)").partition("#")[0]).status_code in (200, 302)


def test_the_figures_are_counted(life: Life) -> None:
    found = queries.figures()
    assert (found.lots, found.to_collect, found.ready, found.provided, found.recycled) == (2, 3, 2, 1, 0)


def test_devices_of_associations_are_counted_apart(world: World) -> None:
    from reuse_market.reservations import services as reservations
    from tests.support.lives import reserve
    from tests.support.world import ready_units

    actor = world.reuse_actor()
    ready_units(actor, 2)
    for party in (world.recipient(), world.buyer()):
        reference = reserve(party, 1)
        reservations.confirm_reservation(reference, actor=actor.actor)
        reservations.sign_as_beneficiary(reference, actor=party.actor, name="Personne Exemple")
    assert (queries.figures().provided, queries.figures().to_recipients) == (2, 1)


def test_the_directory_lists_admitted_reuse_actors_only(visitor: Visitor, world: World) -> None:
    world.holder()
    world.reuse_actor("Atelier B Exemple")
    suspended = world.reuse_actor("Atelier A Exemple")
    services.decide_on_organisation(suspended.organisation_id, "suspend", actor=world.operator().actor)
    visitor.open("/annuaire")
    rows = visitor.tree.xpath("//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert cells == [["Atelier B Exemple", "Grenoble", "acteur du réemploi"]]


FIRST = {
    "operator": "/console", "holder": "/mes-lots", "reuse_actor": "/lots", "buyer": "/catalogue",
    "recipient": "/catalogue",
}  # fmt: skip


@pytest.mark.parametrize("role", FIRST)
def test_the_first_screen_of_each_role(app: Flask, world: World, role: str) -> None:
    party = world.party("Quelqu’un Exemple", role)
    answer = Visitor(app.test_client(), party).client.get("/mon-espace")
    assert (answer.status_code, answer.location) == (302, FIRST[role])


@pytest.mark.parametrize("page", ["/aide", "/accessibilite", "/donnees-personnelles", "/"])
def test_phone_and_address_only_when_there_are_some(app: Flask, world: World, page: str) -> None:
    silent = Visitor(app.test_client()).open(page)
    assert not silent.tree.xpath("//a[starts-with(@href, 'tel:') or starts-with(@href, 'mailto:')]")
    told = replace(app.config["SETTINGS"], support_phone="04 00 00 00 00", support_email="aide@parc.example")
    open_house = Visitor(create_app(told).test_client()).open(page)
    assert open_house.tree.xpath("//a[@href='tel:0400000000']")
    assert open_house.tree.xpath("//a[@href='mailto:aide@parc.example']")


def test_the_accessibility_statement_says_what_is(visitor: Visitor) -> None:
    said = visitor.open("/accessibilite").tree.xpath("//main")[0].text_content()
    assert "non conforme" in visitor.tree.xpath("string(//h1)")
    assert "pas encore été audité" in said
    assert "%" not in said


@pytest.mark.parametrize("page", ["/aides", "/plan/", "/mon-espace/x", "/observatory"])
def test_other_addresses_do_not_exist(visitor: Visitor, page: str) -> None:
    visitor.open(page, 404)
