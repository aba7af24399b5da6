"""The holder's pages, pressed through as they are drawn, and what others see of a lot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from reuse_market.kernel import clock, db
from reuse_market.lots import queries, services
from reuse_market.units.models import Unit
from tests.lots import conftest as made
from tests.lots.conftest import fleet
from tests.lots.visiting import Visitor
from tests.support.world import Party, World


class Known(NamedTuple):
    """What stays of a lot once a page has closed the session."""

    id: int
    reference: str


def draft(holder: Party, **details: Any) -> Known:
    lot = made.draft(holder, **details)
    return Known(lot.id, lot.reference)


def published(holder: Party, **details: Any) -> Known:
    lot = made.published(holder, **details)
    return Known(lot.id, lot.reference)


def test_a_lot_from_the_fleet_page_to_the_board(world: World, app: Flask) -> None:
    holder = world.holder()
    fleet(holder, 3, serial_key=None)
    me = Visitor(app.test_client(), holder)
    me.open("/parc").press("Faire un lot", everything="1")
    assert "3 appareils" in me.text
    me.press("Appliquer aux lignes cochées", works="works", locks_released="yes")
    assert "Fonctionne, verrous retirés" in me.text
    me.press(
        "Ajouter cette ligne", **{"add-kind": "monitor", "add-units": "80", "add-label": "Écrans 24 pouces"}
    )
    assert "83 appareils" in me.text
    me.follow("Continuer : les conditions")
    me.press("Relire le lot", 422, terms="fixed", award_mode="first_come", erased_by="reuse_actor",
             erasure_policy="clear")  # fmt: skip
    assert "Indiquez le prix du lot entier" in me.text
    me.press("Relire le lot", title="Portables et écrans, Eybens", price_cents="1 200,50")
    assert "Rien n’est publié tant que" in me.text
    assert "1\u00a0200,50\u00a0€ HT" in me.page.text.replace("&nbsp;", "\u00a0")
    me.press("Publier le lot")
    assert "Le lot est publié" in me.text
    me.follow("Voir le lot")
    assert "reste 83 sur 83" in me.text
    visitor = Visitor(app.test_client()).open("/lots")
    assert "Portables et écrans, Eybens" in visitor.text


def test_a_lot_of_eighty_monitors_without_serials(world: World, app: Flask) -> None:
    me = Visitor(app.test_client(), world.holder()).open("/lots/nouveau")
    me.press("Faire ce lot", 422, **{"add-kind": "monitor", "add-units": "0"})
    assert "Indiquez un nombre entre 1 et" in me.text
    me.press("Faire ce lot", **{"add-kind": "monitor", "add-units": "80"})
    assert "80 appareils" in me.text
    assert "80 écrans" in me.tree.xpath("string(//h1)")


def test_what_a_public_body_is_told_about_gifts(world: World, app: Flask) -> None:
    lot = draft(world.public_holder())
    me = Visitor(app.test_client(), world.public_holder()).open(f"/lots/{lot.reference}/conditions")
    assert "L3211-18" in me.text
    offered = me.tree.xpath("//input[@name='terms']/@value")
    assert offered == ["fixed", "proposals", "free_transfer", "public_transfer"]
    me.press("Relire le lot", 422, terms="gift")


def test_lines_are_changed_and_taken_out(world: World, app: Flask) -> None:
    holder = world.holder()
    lot = draft(holder)
    me = Visitor(app.test_client(), holder).open(f"/lots/{lot.reference}/lignes/2")
    me.press("Enregistrer la ligne", units="7", charger="no", note="Sans pied")
    assert "sans chargeur" in me.text
    assert [line.declared for line in queries.lines(lot.id)] == [3, 7]
    me.press("Retirer Ordinateur portable")
    assert [line.number for line in queries.lines(lot.id)] == [2]
    me.follow("Supprimer ce brouillon").press("Supprimer ce brouillon")
    assert queries.get(lot.reference) is None


def test_withdrawing_asks_why(world: World, app: Flask) -> None:
    holder = world.holder()
    lot = published(holder)
    me = Visitor(app.test_client(), holder).open(f"/lots/{lot.reference}").follow("Retirer le lot")
    me.press("Retirer le lot", 422, reason="")
    me.press("Retirer le lot", reason="Le site ferme")
    assert "Retiré" in me.text
    assert "Ce lot n’est plus publié" in me.open(f"/lots/{lot.reference}/retirer").text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_sees_what_of_a_published_lot(world: World, app: Flask) -> None:
    holder, actor, other = world.holder(), world.reuse_actor(), world.holder("Autre Exemple")
    lot = published(holder)
    url, secret = f"/lots/{lot.reference}", "1 rue de l’Exemple"
    serial = str(db.session().scalars(sa.select(Unit.serial).where(Unit.serial.is_not(None))).first())
    seen = {
        "visitor": Visitor(app.test_client()),
        "actor": Visitor(app.test_client(), actor),
        "other": Visitor(app.test_client(), other),
        "holder": Visitor(app.test_client(), holder),
        "operator": Visitor(app.test_client(), world.operator()),
    }
    names = {who: "Entreprise Exemple" in page.open(url).text for who, page in seen.items()}
    assert names == {"visitor": False, "actor": True, "other": False, "holder": True, "operator": True}
    places = {who: secret in page.open(url).text for who, page in seen.items()}
    assert places == {"visitor": False, "actor": False, "other": False, "holder": True, "operator": True}
    sheets = {who: secret in page.open(url + "/fiche").text for who, page in seen.items()}
    assert sheets == places
    for who, page in seen.items():
        if who in ("holder", "operator"):
            assert serial in page.open(url + "/appareils").text
        elif who == "visitor":
            assert page.client.get(url + "/appareils").status_code == 302
        else:
            page.open(url + "/appareils", status=404)
    assert "de votre base" in seen["actor"].open("/lots").text
    assert seen["visitor"].open(url).client.get_cookie("parc") is None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_draft_is_its_holders_only(world: World, app: Flask) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    lot = draft(holder)
    pages = (
        "",
        "/composer",
        "/conditions",
        "/relire",
        "/supprimer",
        "/retirer",
        "/publie",
        "/lignes/1",
        "/fiche",
    )
    visitor, stranger = Visitor(app.test_client()), Visitor(app.test_client(), other)
    for page in pages:
        stranger.open(f"/lots/{lot.reference}{page}", status=404)
    visitor.open(f"/lots/{lot.reference}", status=404)
    assert lot.reference not in visitor.open("/lots").text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_published_lot_is_no_longer_composed(world: World, app: Flask) -> None:
    holder = world.holder()
    lot = published(holder)
    me = Visitor(app.test_client(), holder)
    for page in ("/composer", "/conditions", "/relire", "/supprimer"):
        assert "ne peut plus être modifié" in me.open(f"/lots/{lot.reference}{page}", status=409).text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_somebody_who_only_prepares_is_told_so(world: World, app: Flask) -> None:
    from reuse_market.accounts.services import add_member, add_person
    from tests.support.world import PASSWORD

    holder = world.holder()
    lot = draft(holder)

    @db.command
    def helper() -> Party:
        person = add_person("Aide Exemple", "aide@test.example", password=PASSWORD)
        add_member(person.id, holder.organisation_id, rights="prepare")
        return Party(holder.organisation_id, person.id, person.email, None, holder.actor)

    me = Visitor(app.test_client(), helper()).open(f"/lots/{lot.reference}/relire")
    assert "Vous pouvez préparer des lots, pas les publier" in me.text
    assert not me.tree.xpath("//main//button")


def statements(app: Flask, who: Visitor, url: str) -> int:
    """How many SQL statements a page takes."""
    seen: list[str] = []
    engine = db.database().engine

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        who.open(url)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return sum(1 for statement in seen if statement.lstrip().upper().startswith(("SELECT", "WITH")))


@pytest.mark.parametrize("path", ["", "/fiche", "/appareils"])
def test_the_lots_pages_read_in_a_constant_number_of_statements(world: World, app: Flask, path: str) -> None:
    holder = world.holder()
    small, big = published(holder, units=1, counted=1), published(holder, units=40, counted=1500)
    me = Visitor(app.test_client(), holder)
    few, many = (statements(app, me, f"/lots/{lot.reference}{path}") for lot in (small, big))
    assert few == many <= 40


def test_the_board_reads_in_a_constant_number_of_statements(world: World, app: Flask) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    published(holder)
    me = Visitor(app.test_client(), actor).open("/lots")  # the first visit also begins “new since your visit”
    one = statements(app, me, "/lots")
    for _ in range(5):
        published(holder)
    assert statements(app, me, "/lots") == one
    assert statements(app, Visitor(app.test_client(), holder), "/mes-lots") < 20


def test_the_holder_reads_whether_requests_are_still_taken(world: World, app: Flask) -> None:
    holder, last = world.holder(), clock.in_days(5)
    published(holder, claims_until=last)
    for day, said in ((last, "Demandes jusqu’au"), (last + timedelta(days=1), "Demandes closes depuis le")):
        with clock.frozen(clock.at_paris(day, 12)):
            page = Visitor(app.test_client(), holder).open("/mes-lots").page.get_data(as_text=True)
        told = [words for words in ("Demandes jusqu’au", "Demandes closes depuis le") if words in page]
        assert told == [said], day


def test_the_board_is_narrowed_and_sorted(world: World, app: Flask) -> None:
    holder, far = world.holder(), world.public_holder()
    late = published(holder, claims_until=clock.in_days(30))
    soon = published(far, units=0, counted=40, claims_until=clock.in_days(5))
    me = Visitor(app.test_client(), world.reuse_actor())

    def found(query: str) -> list[str]:
        tree = html.fromstring(me.open(f"/lots?{query}").page.data)
        return [b.text for b in tree.xpath("//main//article//b[@class='ref']")]

    assert found("") == [soon.reference, late.reference]
    assert found("kind=laptop") == [late.reference]
    assert found("units=10") == [soon.reference]
    assert found("regime=gift") == []
    assert found("regime=sale") == [soon.reference, late.reference]
    assert found("commune=38158") == [late.reference]
    assert found("within=5") == [soon.reference, late.reference]
    assert found("kind=nonsense&units=abc&within=-3&page=99") == []
    services.withdraw_lot(soon.id, actor=far.actor, reason="Erreur")
    assert found("") == [late.reference]
