"""The console's pages: who may open them, what they say, what they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import services
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import session
from reuse_market.notices.lifecycle import workflow as delivery
from reuse_market.notices.models import Message
from reuse_market.notices.services import post, queue
from tests.lots.visiting import Visitor
from tests.support.lives import Life
from tests.support.world import Party, World, published_lot, submitted_claim

PAGES = {
    "/console": {"operator", "auditor"},
    "/console/lots": {"operator", "auditor"},
    "/console/organismes": {"operator", "auditor"},
    "/console/organismes/1": {"operator", "auditor"},
    "/console/organismes/1/suspend": {"operator"},
    "/console/messages": {"operator"},
}
CLAIM = {
    "actor_name": "Atelier Exemple", "units": 3, "lot_ref": "LOT-2026-0001", "lot_title": "Portables",
    "url": "/demandes/DEM-2026-0001",
}  # fmt: skip


def test_who_opens_what(app: Flask, world: World, auditor: Party) -> None:
    world.holder()
    who = {
        "operator": world.operator(), "auditor": auditor, "holder": world.holder(),
        "actor": world.reuse_actor(), "buyer": world.buyer(),
    }  # fmt: skip
    browsers = {name: Visitor(app.test_client(), party).client for name, party in who.items()}
    for page, allowed in PAGES.items():
        answers = {name: browser.get(page).status_code for name, browser in browsers.items()}
        assert answers == {name: 200 if name in allowed else 403 for name in who}, page
        assert app.test_client().get(page).location == f"/connexion?next={page}"


def test_each_line_leads_where_it_says(operator: Visitor, world: World) -> None:
    submitted_claim(published_lot(world.holder()), world.reuse_actor())
    services.register_organisation("Nouvelle Exemple", "school", ["recipient"], actor=Actor())
    operator.open("/console")
    assert operator.tree.xpath("string(//h1)") == "À traiter (2)"
    rows = operator.tree.xpath("//tbody/tr")
    assert [len(row.xpath(".//a")) for row in rows] == [1, 1]
    for link in operator.tree.xpath("//tbody//a/@href"):
        operator.open(link)


def test_an_empty_list_says_so(operator: Visitor) -> None:
    assert "Rien à traiter" in operator.open("/console").page.text


def test_every_page_of_the_chain_opens_to_those_who_oversee(
    app: Flask, operator: Visitor, auditor: Party, life: Life
) -> None:
    """The visitor asserts each status: 200."""
    pages = [
        f"/lots/{life.lot}", f"/lots/{life.open_lot}", f"/demandes/DEM-{clock.today().year}-0001",
        f"/enlevements/{life.pickup}", f"/reservations/{life.held}", f"/reservations/{life.provided}",
    ]  # fmt: skip
    for visitor in (operator, Visitor(app.test_client(), auditor)):
        for page in pages:
            visitor.open(page)


def _row(visitor: Visitor, reference: str) -> list[str]:
    row = next(r for r in visitor.tree.xpath("//tbody/tr") if reference in r.text_content())
    return [cell.text_content().strip() for cell in row.xpath("./td[@class='n']")]


def test_the_columns_of_a_lot_add_up(operator: Visitor, life: Life) -> None:
    operator.open("/console/lots")
    #                               declared extra take awarded kept handed out missing back
    assert _row(operator, life.lot) == ["6", "1", "", "", "6", "", "", "1", ""]
    assert _row(operator, life.open_lot) == ["3", "", "3", "", "", "", "", "", ""]


FILTERS = {
    "": 4, "state=closed": 2, "state=published": 2, "state=nonsense": 4, f"text=lot-{clock.today().year}-0001": 1,
    "text=ENTREPRISE": 3, "text=portables": 3, "text=%25": 0, "text=_": 0, "text=absent": 0, "page=99": 4,
    "page=x": 4,
}  # fmt: skip


def test_filters_of_the_lots(operator: Visitor, life: Life) -> None:
    found = {q: len(operator.open(f"/console/lots?{q}").tree.xpath("//tbody/tr")) for q in FILTERS}
    assert found == FILTERS


def test_lots_come_twenty_five_at_a_time_in_few_reads(operator: Visitor, world: World) -> None:
    for _ in range(27):
        published_lot(world.holder(), numbered=0, counted=1)
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(db.database().engine, "before_cursor_execute", note)
    try:
        operator.open("/console/lots")
    finally:
        sa.event.remove(db.database().engine, "before_cursor_execute", note)
    assert len(operator.tree.xpath("//tbody/tr")) == 25
    assert len(seen) <= 12
    assert "1 à 25 sur 27" in operator.page.text
    assert len(operator.open("/console/lots?page=2").tree.xpath("//tbody/tr")) == 2


def test_filters_of_the_organisations(operator: Visitor, life: Life) -> None:
    services.register_organisation("Nouvelle Exemple", "school", ["recipient"], actor=Actor())
    names = operator.open("/console/organismes").tree.xpath("//tbody/tr/th//a/text()")
    assert names[0] == "Nouvelle Exemple"  # to verify first
    assert names[1:] == sorted(names[1:])
    for query, expected in (
        ("role=holder", 1),
        ("state=to_verify", 1),
        ("text=ATELIER", 1),
        ("role=x", len(names)),
    ):
        assert len(operator.open(f"/console/organismes?{query}").tree.xpath("//tbody/tr")) == expected
    assert "Aucun organisme ne correspond" in operator.open("/console/organismes?text=absent").page.text


def test_an_organisation_as_the_operator_sees_it(operator: Visitor, life: Life) -> None:
    operator.open(f"/console/organismes/{life.workshop.organisation_id}")
    said = " ".join(operator.tree.xpath("//main")[0].text_content().split())
    for words in (
        "acteur du réemploi",
        "peut engager l’organisme",
        "1 rue de l’Exemple",
        life.workshop.email,
        "prêt",
    ):
        assert words in said
    total = operator.tree.xpath("string(//tfoot//td)")
    assert int(total) == 6 + 4  # collected, and what is ready or held


def test_an_unknown_organisation(operator: Visitor) -> None:
    """The visitor asserts the status."""
    operator.open("/console/organismes/404", 404)
    operator.open("/console/organismes/404/suspend", 404)


def test_an_auditor_decides_on_nothing(app: Flask, world: World, auditor: Party) -> None:
    visitor = Visitor(app.test_client(), auditor)
    page = f"/console/organismes/{world.holder().organisation_id}"
    visitor.open(page)
    assert "Suspendre" not in visitor.page.text
    assert "Corriger" not in visitor.page.text
    token = visitor.tree.xpath("//input[@name='csrf_token']/@value")[0]
    assert visitor.client.post(f"{page}/suspend", data={"csrf_token": token}).status_code == 403


@db.command
def _give_up(address: str) -> int:
    """A message whose server refuses it for good."""
    message = queue("claim_received", address, "fr", CLAIM, "claim/DEM-2026-0001")
    post()  # a mail is written at the end of its act
    delivery.fire("give_up", message, SYSTEM, tries=8, last_error="550 no such mailbox")
    return message.id


def test_undelivered_messages_give_their_link(operator: Visitor, world: World) -> None:
    message_id = _give_up("personne@test.example")
    assert "Courriels non remis (1)" in operator.open("/console").page.text
    operator.open("/console/messages")
    assert operator.tree.xpath("//input[@readonly]/@value") == [
        "http://127.0.0.1:8000/demandes/DEM-2026-0001"
    ]
    assert "550 no such mailbox" in operator.page.text
    operator.press("Renvoyer le courriel personne@test.example")
    session().expire_all()
    assert session().get_one(Message, message_id).state == "queued"


def test_an_administrator_may_send_again_too(app: Flask, world: World) -> None:
    """The visitor asserts the statuses."""
    _give_up("personne@test.example")
    party = world.party("Administration Exemple", "administrator")
    Visitor(app.test_client(), party).open("/console/messages").press(
        "Renvoyer le courriel personne@test.example"
    )


def test_what_is_late_says_so(operator: Visitor, world: World) -> None:
    with clock.frozen(datetime.now(UTC) - timedelta(days=8)):
        submitted_claim(published_lot(world.holder()), world.reuse_actor())
    assert "en retard" in operator.open("/console").page.text


def test_the_menu_marks_one_entry(operator: Visitor, world: World, app: Flask) -> None:
    buyer = Visitor(app.test_client(), world.buyer())
    town = Visitor(app.test_client(), world.public_holder())
    for reader, page, label in (
        (operator, "/console", "À traiter"),
        (operator, "/console/lots", "Tous les lots"),
        (operator, "/console/messages", "À traiter"),
        (operator, "/reen", "Organismes"),
        (town, "/reen", "Mon parc"),
        (buyer, "/attente", "Réservations"),
    ):
        reader.open(page)
        marked = reader.tree.xpath("//nav[@aria-label='Menu principal']//a[@aria-current]")
        assert [one.text_content() for one in marked] == [label]
    assert (
        buyer.tree.xpath("//nav[@aria-label='Menu principal']//a")[0].text_content()
        == "Appareils disponibles"
    )
