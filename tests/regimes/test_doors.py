"""The three doors where the law is asked: publish, award, provide. Each lets one case in and refuses one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.claims import services as claims
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Invalid
from reuse_market.lots import services as lots
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Cell
from reuse_market.reservations import services as reservations
from tests.lots.visiting import Visitor
from tests.support import world as chain
from tests.support.world import Party, World, decided

GIFT = {"regime": "gift", "price_kind": "free"}
SOURCE = "Essai des portes, décision du 1er janvier"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """Reference rows and the law, behind the application."""
    yield World.begin()
    db.release()


def forbid(world: World, regime: str, giver: str, recipient: str, act: str) -> None:
    """A rule recorded today refuses what the first rows allow."""
    admin = world.party("Administration Exemple", "administrator", legal_kind="local_authority")
    regimes.add_rule(
        Cell(regime, "private", giver, recipient, act), outcome="refused", article="art. R1 de l’essai",
        source=SOURCE, confidence="S", valid_from=clock.today(), instead=["lend"], actor=admin.actor,
    )  # fmt: skip


def draft(holder: Party, **changes: Any) -> Any:
    lot = lots.draft_lot(actor=holder.actor, title="Écrans de l’essai")
    lots.add_counted_line(lot.id, actor=holder.actor, kind="monitor", units=2, label="Écrans 24 pouces")
    return lots.set_conditions(lot.id, chain.conditions(holder, **changes), actor=holder.actor)


def test_the_terms_of_a_lot_ask_the_law(world: World) -> None:
    assert draft(world.holder(), **GIFT).regime == "gift"
    assert draft(world.public_holder()).regime == "sale"
    with pytest.raises(Invalid, match="L3211-18") as refused:
        draft(world.public_holder(), **GIFT)
    assert (refused.value.field, refused.value.code) == ("regime", "regime.public_gives_by_law")
    assert "Lend the devices." in refused.value.instead
    state = world.party("Préfecture Exemple", "holder", legal_kind="state")
    with pytest.raises(Invalid, match="R3211-35"):
        draft(state)
    for regime in ("free_transfer", "public_transfer"):
        assert draft(world.public_holder(), regime=regime, price_kind="free").regime == regime
        assert draft(state, regime=regime, price_kind="free").regime == regime
        with pytest.raises(Invalid, match="L3212-2"):
            draft(world.holder(), regime=regime, price_kind="free")


def test_publishing_asks_the_law_again(world: World, app: Flask) -> None:
    holder = world.holder()
    lot, other = draft(holder, **GIFT), draft(holder)
    reference, other_id = lot.reference, other.id
    forbid(world, "gift", "company", "anyone", "publish")
    with pytest.raises(Invalid, match="R1 de l’essai") as refused:
        lots.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert refused.value.field == "regime"
    assert lots.publish_lot(other_id, actor=holder.actor, decision=decided()).state == "published"
    me = Visitor(app.test_client(), holder).open(f"/lots/{reference}/relire")
    assert not me.tree.xpath("//button[contains(., 'Publier le lot')]")
    assert "art. R1 de l’essai" in me.text
    assert "Ce qui est possible" in me.text
    assert "Prêtez" in me.text


def test_the_page_of_the_terms_says_what_a_public_body_may_not_choose(world: World, app: Flask) -> None:
    reference = draft(world.public_holder()).reference
    me = Visitor(app.test_client(), world.public_holder()).open(f"/lots/{reference}/conditions")
    assert "L3211-18" in me.text
    assert "Ce qui est possible" in me.text
    assert set(me.tree.xpath("//input[@name='terms']/@value")) == {
        "fixed", "proposals", "free_transfer", "public_transfer",
    }  # fmt: skip
    db.release()
    state = world.party("Préfecture Exemple", "holder", legal_kind="state")
    empty = lots.draft_lot(actor=state.actor, title="Écrans de l’État").reference
    me = Visitor(app.test_client(), state).open(f"/lots/{empty}/conditions")
    assert "R3211-35" in me.text
    assert set(me.tree.xpath("//input[@name='terms']/@value")) == {"free_transfer", "public_transfer"}


def test_asking_for_a_lot_asks_the_law(world: World, app: Flask) -> None:
    holder, nobody = world.holder(), world.party("Collecte Exemple", "reuse_actor", legal_kind="other")
    lot = chain.published_lot(holder, numbered=0)
    reference = lot.reference
    assert chain.submitted_claim(lot, world.reuse_actor()).state == "submitted"
    with pytest.raises(Invalid, match="legal standing") as refused:
        chain.submitted_claim(lot, nobody)
    assert (refused.value.field, refused.value.code) == ("lines", "regime.evidence_recipient")
    me = Visitor(app.test_client(), nobody).open(f"/lots/{reference}/prendre")
    assert "Ce qui est possible" in me.text
    assert not me.tree.xpath("//main//button")
    token = me.tree.xpath("//input[@name='csrf_token']/@value")[0]
    sent = {"line_1": "1", "proposal": "free", "committed": "1", "csrf_token": token}
    told = me.client.post(f"/lots/{reference}/prendre", data=sent, headers={"Origin": "http://localhost"})
    assert told.status_code == 422
    assert "Ce qui est possible" in told.text


def test_awarding_asks_the_law_again(world: World, app: Flask) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, numbered=0, counted=4)
    first = chain.submitted_claim(lot, actor, {1: 2}).reference
    second = chain.submitted_claim(lot, world.party("Réemploi Exemple", "reuse_actor"), {1: 2}).reference
    forbid(world, "sale", "company", "association_other", "award")
    with pytest.raises(Invalid, match="R1 de l’essai") as refused:
        claims.award_claim(first, actor=holder.actor)
    assert refused.value.field == "lines"
    assert claims.award_claim(second, actor=holder.actor).state == "awarded"
    me = Visitor(app.test_client(), holder).open(f"/demandes/{first}")
    me.press("Retenir cette demande", 422)
    assert "art. R1 de l’essai" in me.text


def ready(world: World, seller: Party, **origin: Any) -> str:
    """The key of the one group of laptops of this seller."""
    chain.ready_units(seller, 3, **origin)
    [group] = catalogue.groups(Filters(), world.buyer().actor)
    return group.key


@pytest.mark.parametrize(("regime", "price"), [("sale", 15_000), ("sale", 0), ("gift", 15_000), ("gift", 0)])
def test_what_was_sold_or_given_by_a_company_passes_on(world: World, regime: str, price: int) -> None:
    key = ready(world, world.reuse_actor(), regime=regime, price_cents=price)
    made = reservations.place_reservation(key, 1, actor=world.buyer().actor)
    reservations.confirm_reservation(made.reference, actor=world.reuse_actor().actor)
    done = reservations.sign_as_beneficiary(made.reference, actor=world.buyer().actor, name="Lou Modèle")
    assert done.state == "provided"


def test_what_a_public_body_gave_is_not_reserved_for_money(world: World, app: Flask) -> None:
    seller, operator = world.reuse_actor(), world.operator()
    regimes.qualify(
        seller.organisation_id, "association_rup", evidence="Décret du 1er janvier", actor=operator.actor
    )
    key = ready(world, seller, regime="free_transfer", holder=world.public_holder())
    buyer = world.buyer()
    with pytest.raises(Invalid, match="L3212-2 3°") as refused:
        reservations.place_reservation(key, 1, actor=buyer.actor)
    assert (refused.value.field, refused.value.code) == ("units", "regime.solidarity_buyer")
    me = Visitor(app.test_client(), buyer).open(f"/catalogue/{key}/reserver")
    sent = dict(me.tree.xpath("//main//form")[-1].form_values()) | {"units": "1", "step": "reserve"}
    told = me.client.post(f"/catalogue/{key}/reserver", data=sent, headers={"Origin": "http://localhost"})
    assert told.status_code == 422
    assert "L3212-2 3°" in told.text


def test_signing_asks_the_law_again(world: World, app: Flask) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    key = ready(world, seller)
    reference = reservations.place_reservation(key, 1, actor=buyer.actor).reference
    reservations.confirm_reservation(reference, actor=seller.actor)
    forbid(world, "sale", "association_other", "company", "resell")
    with pytest.raises(Invalid, match="R1 de l’essai"):
        reservations.sign_as_beneficiary(reference, actor=buyer.actor, name="Lou Modèle")
    me = Visitor(app.test_client(), buyer).open(f"/reservations/{reference}/reception")
    form = me.tree.xpath("//main//form")[-1]
    sent = dict(form.form_values()) | {"name": "Lou Modèle"}
    for box in form.xpath(".//input[@type='checkbox']"):
        sent[box.get("name")] = box.get("value")
    told = me.client.post(me.url, data=sent, headers={"Origin": "http://localhost"})
    assert told.status_code == 422
    assert "art. R1 de l’essai" in told.text
