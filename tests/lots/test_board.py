"""The board: filters one by one, what is new to whom, its address shared, its empty state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from reuse_market.accounts import services as accounts
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import VISITOR
from reuse_market.lots import board, services
from reuse_market.lots.board_filters import NAMES, BoardFilters, filters_of
from reuse_market.lots.forms import BoardForm
from tests.lots.conftest import draft, terms
from tests.lots.visiting import Visitor
from tests.support.world import Party, World

FITS = [  # address → which of the three lots
    ("", "tower yard bare"),
    ("works=y", "tower"),
    ("works=y&kind=monitor", ""),
    ("charger=y", "yard"),
    ("works=y&charger=y", ""),
    ("windows_11=y", "tower"),
    ("locks_released=y", "yard"),
    ("works=y&units=3", "tower"),
    ("works=y&units=4", ""),
    ("tail_lift=no", "yard"),
    ("tail_lift=yes", "tower"),
    ("tail_lift=nonsense", "tower yard bare"),
    ("dock=y", "yard"),
    ("dock=y&tail_lift=yes", ""),
    ("new=y", "bare"),
    ("regime=sale", "tower yard bare"),
    ("regime=gift", ""),
    ("units=nonsense", "tower yard bare"),
]


def lot(holder: Party, title: str, *, site: dict[str, str], line: dict[str, Any]) -> str:
    """A published lot of three laptops (line 1, in this condition) and two monitors, at a site with this access."""
    place = {"name": title, "postcode": "38000", "commune_name": "Grenoble"} | site
    kept = accounts.save_site(holder.organisation_id, place, actor=holder.actor)
    made = draft(holder)
    services.set_line(made.id, 1, line, actor=holder.actor)
    services.set_conditions(made.id, terms(kept.id) | {"title": title}, actor=holder.actor)
    return services.publish_lot(made.id, actor=holder.actor).reference


@pytest.fixture
def three(world: World) -> tuple[World, Any]:
    """Three lots; the reader looked after the first two."""
    holder = world.holder()
    start = clock.now() - timedelta(hours=3)
    with clock.frozen(start):
        lot(holder, "tower", site={"needs_tail_lift": "yes"}, line={"works": "works", "windows_11": "yes"})
        lot(holder, "yard", site={"needs_tail_lift": "no", "has_dock": "yes"},
            line={"charger": "yes", "locks_released": "yes"})  # fmt: skip
    with clock.frozen(start + timedelta(hours=2)):
        lot(holder, "bare", site={}, line={"works": "broken"})
    return world, start + timedelta(hours=1)


def asked(address: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in address.split("&") if pair)


def test_each_filter(three: tuple[World, Any]) -> None:
    world, since = three
    me = world.reuse_actor().actor
    for address, expected in FITS:
        found = board.board(me, filters_of(asked(address)), since=since)
        assert {card.title for card in found.cards} == set(expected.split()), address
        assert found.total == len(expected.split()), address
    everything = board.board(me, BoardFilters(), since=since)
    assert everything.new == 1
    assert {card.title: (card.is_new, card.access) for card in everything.cards} == {
        "tower": (False, ("yes", "unknown")), "yard": (False, ("no", "yes")), "bare": (True, ("unknown", "unknown")),
    }  # fmt: skip


def test_how_one_gets_in_is_told_to_reuse_actors_alone(three: tuple[World, Any]) -> None:
    world, _since = three
    for reader in (VISITOR, world.buyer().actor, world.recipient().actor):
        assert {card.access for card in board.board(reader, BoardFilters()).cards} == {None}
    assert filters_of({"tail_lift": "no", "dock": "y"}, access=False) == BoardFilters()


def test_the_form_and_the_address_know_the_same_names(app: Flask) -> None:
    with app.test_request_context("/lots"):
        assert {field.name for field in BoardForm.from_query()} == set(NAMES)


def test_new_since_my_last_visit_and_an_address_to_share(three: tuple[World, Any], app: Flask) -> None:
    world, since = three
    holder, taker = world.holder(), world.reuse_actor()
    db.release()
    with clock.frozen(since):
        me = Visitor(app.test_client(), taker).open("/lots")
        assert "depuis votre dernière visite" not in me.text  # the first visit: nothing to compare with
    with clock.frozen(since + timedelta(hours=2)):
        me = Visitor(app.test_client(), taker).open("/lots")
        assert "1 nouveau lot depuis votre dernière visite" in me.text
        me.open("/lots?new=y&kind=laptop")
        assert "1 lot." in me.text
        assert "bare" in me.text
        assert "tower" not in me.text
        me.follow("Être prévenu de nouveaux lots comme ceux-ci")
        assert me.url == "/recherches/nouvelle?room=lots&new=y&kind=laptop"
        me.press("Enregistrer la recherche", name="Mes portables", cadence="daily")
        assert me.url.endswith("/recherches")
        assert "Mes portables" in me.text
        me.open("/lots?works=y&charger=y")
        assert "Aucun lot ne correspond" in me.text
        assert "Être prévenu par courriel" in me.text
    visitor = Visitor(app.test_client())
    visitor.open(
        "/lots?dock=y&tail_lift=no&new=y&entitled=y"
    )  # an address of somebody else: what it may know counts
    assert "3 lots" in visitor.text
    for hidden in ("Hayon", "dernière visite", "Être prévenu"):
        assert hidden not in visitor.text
    assert "Set-Cookie" not in visitor.client.get("/lots").headers
    assert holder is not None


def test_pages_keep_the_filters(world: World, app: Flask) -> None:
    holder = world.holder()
    for n in range(board.SIZE + 1):
        lot(holder, f"Lot {n}", site={}, line={"works": "works"})
    db.release()
    visitor = Visitor(app.test_client()).open("/lots?works=y")
    assert "11 lots" in visitor.text
    [following] = visitor.tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
    assert "works=y" in following
    assert visitor.open(following).text.count("LOT-") >= 1
