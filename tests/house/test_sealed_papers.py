"""A protocol, the deeds of an award, a second look at erasures: once signed, verb, page and API refuse to say more."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts import tokens
from reuse_market.claims import papers as deeds
from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.collection.arrivals import protocols
from reuse_market.collection.models import LoadingProtocol
from reuse_market.documents.models import Document
from reuse_market.erasure import checking, extracts
from reuse_market.erasure.models import CheckedCertificate, ErasureCheck, ErasureException
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, NotAllowed
from tests.api.conftest import Caller
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.workshop import Workshop
from tests.support.world import Party, World, agreed_pickup, awarded_claim, published_lot


@pytest.fixture
def world(app: Flask) -> World:
    return World.begin()


def kept(*models: type[db.Base]) -> list[list[tuple[Any, ...]]]:
    """Every row of these tables."""
    db.session().expire_all()
    return [
        list(db.session().execute(one.__table__.select().order_by(*one.__table__.primary_key)))
        for one in models
    ]


def refusals(verbs: dict[str, Any]) -> dict[str, str]:
    """Verb → the kind of its refusal."""
    told = {}
    for name, verb in verbs.items():
        try:
            verb()
        except (Conflict, NotAllowed) as refused:
            told[name] = type(refused).__name__
    return told


def posted(app: Flask, party: Party, url: str, **data: str) -> int:
    """The status of a form sent by hand, whatever the page offers."""
    reader = Visitor(app.test_client(), party)
    token = reader.open("/compte/oubli").tree.xpath("//input[@name='csrf_token']/@value")[0]
    return reader.client.post(url, data=data | {"csrf_token": token}, headers=ORIGIN).status_code


def program(app: Flask, party: Party, *scopes: str) -> Caller:
    return Caller(app, party, tokens.make_token(party.person_id, party.organisation_id, list(scopes))[1])


def test_a_protocol_in_force_says_no_more(app: Flask, world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    pickup = agreed_pickup(awarded_claim(published_lot(holder), holder, taker), holder, taker)
    protocols.sign(pickup, "Fourgon, diable", actor=taker.actor)
    half = kept(LoadingProtocol)
    assert refusals({"again": partial(protocols.sign, pickup, "Autre", actor=taker.actor)}) == {
        "again": "NotAllowed"
    }
    assert kept(LoadingProtocol) == half
    protocols.sign(pickup, "Gilet, vitesse au pas", actor=holder.actor)
    signed, reference = kept(LoadingProtocol, Document), pickup.reference
    sides = {
        side.organisation_id: partial(protocols.sign, pickup, "Autre", actor=side.actor)
        for side in (holder, taker)
    }
    assert refusals(sides) == dict.fromkeys(sides, "NotAllowed")
    for side in (holder, taker):
        assert posted(app, side, f"/enlevements/{reference}/protocole", rules="Autre") == 403
        coming = program(app, side, "read", "write")
        address = f"/pickups/{reference}:sign-protocol"
        answer = coming.ask(
            "POST", address, json={"rules": "Autre"}, headers={"Idempotency-Key": str(side.person_id)}
        )
        assert answer.status_code == 403, answer.text
    assert kept(LoadingProtocol, Document) == signed


def test_the_deeds_of_an_award_say_no_more(app: Flask, world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    claim = awarded_claim(published_lot(holder), holder, taker).reference
    deeds.issue_deeds(claim, actor=holder.actor)
    signed = kept(Claim, ClaimLine, Document)
    assert len(signed[2]) >= 1
    verbs = {
        "issue": partial(deeds.issue_deeds, claim, actor=holder.actor),
        "issue theirs": partial(deeds.issue_deeds, claim, actor=taker.actor),
        "award": partial(claims.award_claim, claim, actor=holder.actor),
        "decline": partial(claims.decline_claim, claim, "Non", actor=holder.actor),
    }
    assert refusals(verbs) == dict.fromkeys(verbs, "Conflict")
    for side in (holder, taker):
        assert posted(app, side, f"/demandes/{claim}/documents") == 409
        caller = program(app, side, "read", "write")
        answer = caller.ask(
            "POST", f"/claims/{claim}:issue-documents", headers={"Idempotency-Key": f"d{side.person_id}"}
        )
        assert (answer.status_code, answer.json["code"]) == (409, "documents.none")
    assert kept(Claim, ClaimLine, Document) == signed


def colleague(party: Party) -> Actor:
    """Another person of the organisation, who commits it."""
    person = people.add_person("Deuxième Personne", "second@test.example")
    people.add_member(person.id, party.organisation_id)
    actor = accounts.actor_of(person.id, party.organisation_id)
    assert actor is not None
    return actor


def test_a_second_look_once_signed_says_no_more(app: Flask, world: World) -> None:
    shop = Workshop(world)
    ids = shop.received(3)
    for unit_id in ids:
        shop.counted(unit_id, "ssd")
        shop.certify(
            media_of([unit_id])[unit_id].media[0][0],
            **({"result": "exceptions", "errors": 2} if unit_id == ids[2] else {}),
        )
    other = colleague(shop.actor)
    proof = media_of([ids[2]])[ids[2]].media[0][1][-1].id
    checking.accept_exception(proof, "harmless_sectors", "purge", actor=other)
    made = checking.draw_check("lot/LOT-2026-0001", "unit", actor=shop.actor.actor).id
    digest = extracts.digest(extracts.sheet(made))
    checking.sign_check(made, digest, actor=other, title="Responsable", place="Grenoble")
    signed = kept(ErasureCheck, CheckedCertificate, ErasureException)
    verbs = {
        "sign": partial(checking.sign_check, made, digest, actor=other, title="Autre"),
        "refuse one": partial(checking.sign_check, made, digest, [proof], actor=other),
        "draw": partial(checking.draw_check, "lot/LOT-2026-0001", "unit", actor=other),
        "exception": partial(checking.accept_exception, proof, "harmless_sectors", "purge", actor=other),
    }
    assert refusals(verbs) == dict.fromkeys(verbs, "Conflict")
    caller = program(app, shop.actor, "read", "write")
    body = {"list_sha256": digest, "title": "Autre"}
    answer = caller.ask(
        "POST", f"/erasure-checks/{made}:sign", json=body, headers={"Idempotency-Key": "again"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "check.signed")
    sent = {"list_sha256": digest, "title": "Autre"}
    assert posted(app, shop.actor, f"/effacements/controles/{made}", **sent) == 409
    assert kept(ErasureCheck, CheckedCertificate, ErasureException) == signed
