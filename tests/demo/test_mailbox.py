"""The demonstration's mailbox: there in demo mode only, and a mail's HTML can do nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from reuse_market.factory import create_app
from reuse_market.kernel import clock, db
from reuse_market.notices.models import Message
from reuse_market.notices.services import post, queue
from tests.lots.visiting import Visitor
from tests.support.world import World

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PAGES = ["/demo/courrier", "/demo/courrier/1", "/demo/courrier/1/html"]


@pytest.fixture
def world(app: Flask) -> World:
    return World.begin()


@pytest.fixture
def demo(app: Flask, world: World) -> Visitor:
    """A visitor of the demonstration."""
    return Visitor(create_app(replace(app.config["SETTINGS"], demo=True)).test_client())


@db.command
def write(address: str = "holder@demo.example", title: str = "Portables", after: int = 0) -> int:
    """A message, so many minutes after noon."""
    facts = {
        "actor_name": "Atelier Exemple", "units": 3, "lot_ref": "LOT-2026-0001", "lot_title": title,
        "url": "/demandes/DEM-2026-0001",
    }  # fmt: skip
    with clock.frozen(NOON + timedelta(minutes=after)):
        message = queue("claim_received", address, "fr", facts, "claim/DEM-2026-0001")
    post()  # a mail is written at the end of its act
    return message.id


@pytest.mark.parametrize("page", PAGES)
def test_it_does_not_exist_outside_the_demonstration(app: Flask, world: World, page: str) -> None:
    """The visitor asserts the status: 404."""
    write()
    Visitor(app.test_client()).open(page, 404)


def test_newest_first(demo: Visitor) -> None:
    for number in (1, 3, 2):
        write(f"n{number}@demo.example", after=number)
    demo.open("/demo/courrier")
    assert demo.tree.xpath("//tbody/tr/td[1]//text()") == [
        "n3@demo.example",
        "n2@demo.example",
        "n1@demo.example",
    ]
    assert "Set-Cookie" not in demo.page.headers


def test_by_address(demo: Visitor) -> None:
    write("un@demo.example")
    write("deux@demo.example")
    demo.open("/demo/courrier").press("Filtrer", adresse="UN@demo.example")
    assert len(demo.tree.xpath("//tbody/tr")) == 1
    assert (
        "Aucun courriel à cette adresse" in demo.open("/demo/courrier?adresse=trois@demo.example").page.text
    )


def test_an_empty_mailbox(demo: Visitor) -> None:
    assert "Aucun courriel pour l’instant" in demo.open("/demo/courrier").page.text


def test_many_messages(demo: Visitor) -> None:
    for number in range(27):
        write(after=number)
    assert len(demo.open("/demo/courrier").tree.xpath("//tbody/tr")) == 25
    demo.follow("Afficher la suite")
    assert len(demo.tree.xpath("//tbody/tr")) == 2
    assert len(demo.open("/demo/courrier?cursor=-5").tree.xpath("//tbody/tr")) == 25


def test_one_message_as_text_with_its_links(demo: Visitor) -> None:
    write(title="Portables <b>gras</b>")
    demo.open("/demo/courrier/1")
    assert "Portables <b>gras</b>" in demo.tree.xpath("string(//pre)")
    links = demo.tree.xpath("//main//ul//a/@href")
    assert links[0] == "http://127.0.0.1:8000/demandes/DEM-2026-0001"


def test_its_html_is_shut_in(demo: Visitor) -> None:
    message_id = write()

    @db.command
    def poison() -> None:
        kept = db.session().get_one(Message, message_id)
        kept.write()
        kept.written_html = (
            "<script>document.title = 'ran'</script><form action='/deconnexion' method='post'></form>"
        )

    poison()
    policy = demo.open(f"/demo/courrier/{message_id}/html").page.headers["Content-Security-Policy"]
    words = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert words["default-src"] == ["'none'"]
    assert words["form-action"] == ["'none'"]
    assert "allow-scripts" not in words["sandbox"]
    assert "allow-same-origin" not in words["sandbox"]
    assert "script-src" not in words


@pytest.mark.parametrize("page", ["/demo/courrier/99", "/demo/courrier/99/html"])
def test_a_message_that_is_not_there(demo: Visitor, page: str) -> None:
    """The visitor asserts the status: 404."""
    demo.open(page, 404)
