"""Needs are posted, changed, closed, attached; nobody is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.reservations.needs.services import attach_need, change_need, close_need, post_need
from tests.support.world import World


def test_a_need_lives(world: World) -> None:
    association, operator = world.recipient(), world.operator()
    made = post_need(
        actor=association.actor, kind="laptop", units=20, ram_mb=8192, publics=["pupils", "families"],
        wanted_by=clock.today() + timedelta(30), max_price_cents=0, note="Avec chargeur si possible.",
    )  # fmt: skip
    assert (made.reference[:4], made.state, made.source, made.publics) == (
        "BES-",
        "open",
        "account",
        "families,pupils",
    )
    assert made.commune_insee == "38158"
    change_need(made.reference, actor=association.actor, units=25)
    assert (made.units, made.ram_mb, made.publics) == (25, 8192, "families,pupils")
    close_need(made.reference, "found", actor=operator.actor)
    assert (made.state, made.reason) == ("closed", "found")
    with pytest.raises(Conflict):
        change_need(made.reference, actor=association.actor, units=1)


def test_a_request_without_account_is_attached_once(world: World) -> None:
    association, other, operator = world.recipient(), world.buyer(), world.operator()
    made = post_need(actor=Actor(via="link", commits=False), kind="desktop", units=3, publics=["elders"])
    assert (made.organisation_id, made.source) == (None, "request")
    with pytest.raises(NotFound):
        change_need(made.reference, actor=association.actor, units=4)
    with pytest.raises(NotAllowed):
        attach_need(made.reference, association.organisation_id, actor=SYSTEM)
    attach_need(made.reference, association.organisation_id, actor=operator.actor)
    assert made.organisation_id == association.organisation_id
    with pytest.raises(Invalid):
        attach_need(made.reference, other.organisation_id, actor=operator.actor)
    change_need(made.reference, actor=association.actor, units=4)


def test_what_is_refused_names_its_field(world: World) -> None:
    association, operator = world.recipient(), world.operator()
    wrong: list[tuple[str, Any]] = [
        ("kind", "spaceship"), ("units", 0), ("units", 5001), ("ram_mb", 0), ("max_price_cents", -1),
        ("wanted_by", date(2020, 1, 1)), ("publics", ["Jean"]), ("commune_insee", "99999"),
        ("note", "x" * 301), ("note", "Écrire à jean@exemple.fr"), ("note", "Appeler le 04 76 00 00 00"),
    ]  # fmt: skip
    for field, value in wrong:
        with pytest.raises(Invalid) as refused:
            post_need(actor=association.actor, **{"kind": "laptop", "units": 5, field: value})
        assert refused.value.field == field, (field, value)
    for actor in (world.holder().actor, world.reuse_actor().actor):
        with pytest.raises(NotAllowed):
            post_need(actor=actor, kind="laptop", units=1)
    with pytest.raises(NotAllowed):
        post_need(
            actor=association.actor, kind="laptop", units=1, organisation_id=world.buyer().organisation_id
        )
    with pytest.raises(Invalid):
        post_need(
            actor=operator.actor, kind="laptop", units=1, organisation_id=world.holder().organisation_id
        )
