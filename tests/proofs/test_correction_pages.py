"""Pages and API of corrections and forgetting, as people and programs use them."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import services as accounts
from reuse_market.accounts import tokens
from reuse_market.accounts.models import Person
from reuse_market.kernel import clock, db
from reuse_market.proofs.corrections import queries
from reuse_market.refurbishing import services as workshop
from reuse_market.traceability.models import Event
from tests.access.asking import Visit
from tests.api.conftest import Caller
from tests.support.workshop import Workshop
from tests.support.world import World


def last(event_type: str) -> str:
    with db.scope() as session:
        return session.scalars(
            sa.select(Event.uid).where(Event.type == event_type).order_by(Event.id.desc()).limit(1)
        ).one()


def test_an_act_is_corrected_by_page_and_by_api(app: Flask, world: World) -> None:
    with db.scope():
        shop = Workshop(world)
        shop.sound(2)
        stranger = world.reuse_actor("Reconditionneur Exemple")
        tested = (
            db.session().scalars(sa.select(Event).where(Event.type == "unit.tested").order_by(Event.id)).all()
        )
        reach = [
            [
                event.id
                for event, _ in queries.correctable(tested[0].stream, shop.actor.actor, offset=at, limit=1)
            ]
            for at in range(3)
        ]
        assert reach == [[tested[1].id], [tested[0].id], []]  # newest first, and none is out of reach
    bench, outside = Visit(app, shop.actor), Visit(app, stranger)
    uid = last("unit.tested")
    page = f"/actes/{uid}/corriger"
    assert "Santé de la batterie" in bench.get(page).text
    assert outside.get(page).status_code == 404
    wrong = bench.send(page, {"kind": ["correct"], "battery": ["101"], "reason": ["incorrect_data"]})
    assert wrong.status_code == 422
    done = bench.send(page, {"kind": ["correct"], "battery": ["44"], "reason": ["incorrect_data"]})
    assert done.status_code == 302
    shown = bench.get(f"/actes/{uid}").text
    assert "<s>90</s>" in shown
    assert "44" in shown
    otherwise = bench.get(f"/actes/{last('media.counted')}/corriger").text
    assert "Recomptez les supports" in otherwise
    again = bench.send(page, {"kind": ["void"], "reason": ["did_not_occur"]})
    assert again.status_code == 409


def test_a_removal_is_corrected_by_page_and_by_api(app: Flask, world: World) -> None:
    with db.scope():
        shop = Workshop(world)
        me, stranger = shop.actor.actor, world.reuse_actor("Reconditionneur Exemple")
        wasted = shop.received(26)
        with clock.frozen(clock.now() - timedelta(days=9)):
            for unit_id in wasted:
                workshop.declare_waste(unit_id, "too_old", actor=me, weight_g=2_000)
        batch = workshop.open_batch(actor=me).reference
        workshop.add_to_batch(batch, wasted, actor=me)
        workshop.remove_batch(batch, actor=me, producer_scheme="Éco-organisme Exemple", weight_g=70_000)
        secret = tokens.make_token(shop.actor.person_id, me.organisation_id, ["read", "write"])[1]
        day = clock.today() - timedelta(days=4)
    bench, outside = Visit(app, shop.actor), Visit(app, stranger)
    acts, removed, declared = (
        f"/atelier/reforme/{batch}/actes",
        last("batch.removed"),
        last("unit.waste-declared"),
    )
    assert acts in bench.get(f"/atelier/reforme/{batch}").text
    listed = bench.get(acts).text
    assert (removed in listed, listed.count("/corriger"), "cursor=25" in listed) == (True, 25, True)
    assert declared in bench.get(f"{acts}?cursor=25").text
    assert (outside.get(acts).status_code, outside.get(f"/actes/{removed}/corriger").status_code) == (
        404,
        404,
    )
    page = f"/actes/{removed}/corriger"
    assert acts in bench.get(page).text
    told = bench.get(f"/actes/{declared}/corriger").text
    assert ('value="void"' in told) == ('value="did_not_occur"' in told), (
        "what took place is not said not to have"
    )
    wrong = {
        "kind": ["correct"],
        "weight_g": ["70000"],
        "removed_on": ["2099-01-01"],
        "reason": ["incorrect_data"],
    }
    assert bench.send(page, wrong).status_code == 422
    assert (
        bench.send(page, wrong | {"weight_g": ["69000"], "removed_on": [day.isoformat()]}).status_code == 302
    )
    shown = bench.get(f"/actes/{removed}").text
    assert "<s>70000</s>" in shown
    assert f"{day.day}" in shown
    caller = Caller(app, shop.actor, secret)
    body, key = {"weight_g": 1_500}, {"Idempotency-Key": "correct-waste"}
    answer = caller.ask("POST", f"/events/{declared}:correct", json=body, headers=key)
    assert (answer.status_code, answer.json["values"]) == (200, body)
    again = caller.ask(
        "POST",
        f"/events/{removed}:correct",
        json={"removed_on": "2026-13-45"},
        headers={"Idempotency-Key": "x"},
    )
    assert again.status_code == 422
    assert caller.ask("GET", f"/events/{removed}/correction").json["values"] == {
        "weight_g": 69_000,
        "removed_on": day.isoformat(),
    }


def test_forgetting_is_typed_twice_and_only_by_an_administrator(app: Flask, world: World) -> None:
    with db.scope():
        admin = world.party("Métropole Exemple", "administrator", legal_kind="local_authority")
        holder = world.holder()
        leaver = accounts.add_person(
            "Yves Exemple", "yves@demo.example", password="une phrase de passe à moi"
        ).id
        accounts.add_member(leaver, holder.organisation_id, rights="prepare")
    desk, address = Visit(app, admin), f"/administration/oubli/{leaver}"
    assert Visit(app, holder).get(address).status_code == 403
    assert "Yves Exemple" in desk.get(address).text
    assert desk.send(address, {"confirmed": ["autre@demo.example"]}).status_code == 422
    assert desk.send(address, {"confirmed": ["yves@demo.example"]}).status_code == 302
    assert desk.get(address).status_code == 404
    last_one = desk.get(f"/administration/oubli/{holder.person_id}").text
    assert "donnez d’abord ce droit" in last_one
    assert "Demander l’oubli" in Visit(app, holder).get("/compte/oubli").text
    with db.scope() as session:
        assert session.get_one(Person, leaver).active is False
