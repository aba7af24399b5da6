"""The map and its table: counted now, secret under three holders, never an address."""

from __future__ import annotations

import pytest
from lxml import html

from reuse_market.claims import services as claims
from reuse_market.observatory import resource
from reuse_market.observatory.dataset import AVAILABLE
from tests.lots.visiting import Visitor
from tests.support.world import Party, World, published_lot, submitted_claim

SECRET = "moins de 3 détenteurs"


def _table(visitor: Visitor) -> dict[str, list[str]]:
    rows = visitor.tree.xpath("//table/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {row[0]: row[1:] for row in cells}


def _titles(visitor: Visitor) -> dict[str, str]:
    """Commune → what its shape says."""
    found = [one.text for one in visitor.tree.xpath("//svg[@class='carte']//title")]
    return {text.partition("\u00a0:")[0]: text for text in found}


def test_a_commune_of_three_holders_is_told(visitor: Visitor, grenoble: list[Party]) -> None:
    for party in grenoble:
        published_lot(party, numbered=2, counted=3)
    published_lot(grenoble[0], numbered=0, counted=7)
    visitor.open("/carte")
    assert _table(visitor) == {"Grenoble": ["4", "22"]}
    assert _titles(visitor)["Grenoble"] == "Grenoble\u00a0: 22 appareils à enlever"
    assert _titles(visitor)["Meylan"] == "Meylan\u00a0: 0 appareil à enlever"
    assert len(_titles(visitor)) == 49


@pytest.mark.parametrize("holders", [1, 2])
def test_a_commune_of_fewer_is_not(visitor: Visitor, grenoble: list[Party], holders: int) -> None:
    for party in grenoble[:holders]:
        published_lot(party, numbered=0, counted=231)
    for page in ("/carte", "/"):
        visitor.open(page)
        assert _table(visitor) == {"Grenoble": [str(holders), SECRET]}
        assert _titles(visitor)["Grenoble"] == f"Grenoble\u00a0: {SECRET}, nombre non publié"
        name = visitor.tree.xpath("string(//svg[@class='carte']/@aria-label)")
        assert "à enlever\u00a0: 0." in name
    assert [row.units for row in resource.by_commune(AVAILABLE).rows if row.lots] == [None]


def test_a_kind_may_be_secret_where_the_whole_is_not(visitor: Visitor, grenoble: list[Party]) -> None:
    """The monitors of three holders are not told either: less the whole, they would tell the laptops of one."""
    for party in grenoble:
        published_lot(party, numbered=0, counted=3)
    published_lot(grenoble[0], numbered=5, counted=0)
    assert _table(visitor.open("/carte")) == {"Grenoble": ["4", "14"]}
    assert _table(visitor.open("/carte?kind=monitor")) == {"Grenoble": ["3", SECRET]}
    assert _table(visitor.open("/carte?kind=laptop")) == {"Grenoble": ["1", SECRET]}
    assert _table(visitor.open("/carte?kind=server")) == {}
    assert "Aucun lot ouvert ne contient d’appareils de ce type." in visitor.page.text


def test_an_unknown_kind_filters_nothing(visitor: Visitor, grenoble: list[Party]) -> None:
    for party in grenoble:
        published_lot(party)
    for kind in ("nonsense", "", "laptop'--", "é"):
        assert _table(visitor.open(f"/carte?kind={kind}")) == {"Grenoble": ["3", "15"]}


def test_what_is_awarded_is_no_longer_to_collect(
    visitor: Visitor, world: World, grenoble: list[Party]
) -> None:
    lots = [published_lot(party, numbered=0, counted=4) for party in grenoble]
    made = submitted_claim(lots[0], world.reuse_actor(), {1: 1})
    claims.award_claim(made.reference, actor=grenoble[0].actor)
    assert _table(visitor.open("/carte")) == {"Grenoble": ["3", "11"]}


def test_an_empty_territory(visitor: Visitor) -> None:
    assert "Aucun lot n’est ouvert." in visitor.open("/carte").page.text
    assert "Aucun lot n’est ouvert aujourd’hui." in visitor.open("/").page.text


def test_the_source_of_the_outlines_stands_under_the_map(visitor: Visitor) -> None:
    for page in ("/", "/carte"):
        assert "Licence Ouverte" in visitor.open(page).tree.xpath("string(//figcaption)")


def test_a_hostile_name_is_text(visitor: Visitor, world: World) -> None:
    """Organisations' names reach the directory; they are never markup."""
    world.reuse_actor("<script>alert(1)</script> Exemple")
    visitor.open("/annuaire")
    assert "<script>alert" not in visitor.page.text
    assert html.fromstring(visitor.page.text).xpath("//th[@scope='row']/text()") == [
        "<script>alert(1)</script> Exemple"
    ]
