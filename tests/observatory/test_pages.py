"""Public pages: open to all, without a cookie, saying nothing private and inventing nothing."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.factory import create_app
from reuse_market.observatory import queries
from reuse_market.reservations import services as reservations
from reuse_market.web.headers import CSP
from tests.lots.visiting import Visitor
from tests.support.lives import Life, reserve
from tests.support.world import World, ready_units

INFORMATION = ["/plan", "/aide", "/accessibilite", "/ecoconception", "/donnees", "/donnees-personnelles"]
PAGES = ["/", "/carte", "/carte?state=forecast", "/previsions", "/annuaire", "/u", *INFORMATION]


def test_open_to_all_without_a_cookie(visitor: Visitor) -> None:
    for page in PAGES:
        visitor.open(page)
        assert "Set-Cookie" not in visitor.page.headers, page
        assert visitor.page.headers["Content-Security-Policy"].startswith(CSP.split(";")[0]), page
        assert len(visitor.tree.xpath("//h1")) == 1, page
        assert not visitor.tree.xpath("//*[@style] | //script[not(@src)] | //style"), page


def test_nothing_is_asked_from_another_site(visitor: Visitor) -> None:
    for page in PAGES:
        sources = visitor.open(page).tree.xpath("//@src | //link/@href | //form/@action")
        assert all(source.startswith("/") for source in sources), page


def test_nothing_private_before_signing_in(visitor: Visitor, life: Life) -> None:
    secrets = (
        "Entreprise Exemple",
        "Acheteur Exemple",
        "rue de l’Exemple",
        "Personne",
        "04 00 00",
        "@test.example",
    )
    said = {page: visitor.open(page).page.text for page in PAGES}
    assert [(page, secret) for page, text in said.items() for secret in secrets if secret in text] == []


def test_each_page_speaks_english_too(visitor: Visitor, life: Life) -> None:
    for page in PAGES:
        visitor.open(f"{page}{'&' if '?' in page else '?'}lang=en")
        assert visitor.tree.get("lang") == "en"
        main = visitor.tree.xpath("//main")[0].text_content()
        assert [word for word in ("appareils", "Où est", "détenteurs", "Vous ") if word in main] == [], page


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
        assert visitor.client.get(door.xpath("string(.//a/@href)").partition("#")[0]).status_code in (
            200,
            302,
        )


def test_the_figures_are_counted(life: Life) -> None:
    found = queries.figures()
    assert (found.lots, found.to_collect, found.ready, found.provided, found.recycled) == (2, 3, 2, 1, 0)


def test_devices_of_associations_are_counted_apart(world: World) -> None:

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
    decide_on_organisation(
        suspended.organisation_id, "suspend", actor=world.operator().actor, reason="Exemple"
    )
    visitor.open("/annuaire")
    rows = visitor.tree.xpath("//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert cells == [["Atelier B Exemple", "Grenoble", "acteur du réemploi"]]


FIRST = {
    "operator": "/console", "holder": "/mes-lots", "reuse_actor": "/lots", "buyer": "/catalogue",
    "recipient": "/catalogue", "auditor": "/audit",
}  # fmt: skip


def test_the_first_screen_of_each_role(app: Flask, world: World) -> None:
    found = {}
    for role in FIRST:
        party = world.party(f"Quelqu’un {role}", role)
        answer = Visitor(app.test_client(), party).client.get("/mon-espace")
        found[role] = answer.location if answer.status_code == 302 else answer.status_code
    assert found == FIRST


def test_phone_and_address_only_when_there_are_some(app: Flask, world: World) -> None:
    told = replace(app.config["SETTINGS"], support_phone="04 00 00 00 00", support_email="aide@parc.example")
    silent = Visitor(app.test_client())
    open_house = Visitor(create_app(told).test_client())
    for page in ("/aide", "/accessibilite", "/donnees-personnelles", "/"):
        links = "//a[starts-with(@href, 'tel:') or starts-with(@href, 'mailto:')]"
        assert not silent.open(page).tree.xpath(links), page
        found = {link.get("href") for link in open_house.open(page).tree.xpath(links)}
        assert found == {"tel:0400000000", "mailto:aide@parc.example"}, page


def test_the_accessibility_statement_says_what_is(visitor: Visitor) -> None:
    said = visitor.open("/accessibilite").tree.xpath("//main")[0].text_content()
    assert "non conforme" in visitor.tree.xpath("string(//h1)")
    assert "pas encore été audité" in said
    assert "%" not in said


def test_other_addresses_do_not_exist(visitor: Visitor) -> None:
    """The visitor asserts the status."""
    for page in ("/aides", "/plan/", "/mon-espace/x", "/observatory"):
        visitor.open(page, 404)
