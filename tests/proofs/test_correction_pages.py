"""Pages and API of corrections and forgetting, as people and programs use them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import services as accounts
from reuse_market.accounts.models import Person
from reuse_market.kernel import db
from reuse_market.traceability.models import Event
from tests.access.asking import Visit
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
