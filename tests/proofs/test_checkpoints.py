"""Checkpoints where everybody finds them: addresses, page, API, mails; and the page that declares a restore."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.notices.models import Message
from reuse_market.notices.rendering import render
from reuse_market.proofs import verify
from reuse_market.traceability import checkpoints, keys, log, notes, tree
from reuse_market.traceability.log_models import LogEntry, LogRefusal
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from tests.journeys.crawl import sign_in
from tests.support import world as build
from tests.support.lives import Life
from tests.support.world import PASSWORD, World

ROOT = "/api/v1/checkpoints"


def test_published_checked_and_sent(app: Flask, client: FlaskClient, life: Life) -> None:
    """One pass as an auditor: nothing but what the service publishes is believed."""
    for path in ("/checkpoint", "/checkpoint/3", "/checkpoint.pub"):
        assert client.get(path).status_code == 404
    assert "Pas encore de point de contrôle" in client.get("/journal").text
    first = checkpoints.make()
    world = World.begin()
    holder, workshop = world.holder("Deuxième Exemple"), world.reuse_actor("Deuxième atelier Exemple")
    pickup = build.agreed_pickup(
        build.awarded_claim(build.published_lot(holder), holder, workshop), holder, workshop
    )
    build.signed_pickup(pickup, holder, workshop)
    sent = session().scalars(sa.select(Message).where(Message.template == "pickup_handed_over")).all()
    mail = render(
        "pickup_handed_over", "fr", next(m.facts for m in sent if m.facts["pickup_ref"] == pickup.reference)
    )
    assert first.note.strip() in mail.text
    assert "/journal" in mail.html
    assert first.note.splitlines()[2] in mail.html
    old_size, old_root = first.size, bytes.fromhex(first.root)
    checkpoints.make()
    db.release()

    answer = client.get("/checkpoint")
    assert answer.mimetype == "text/plain"
    key = notes.read_vkey(client.get("/checkpoint.pub").text.splitlines()[0])
    body = notes.read_body(notes.opened(answer.text, key)[0])
    assert client.get(f"/checkpoint/{body.size}").text == answer.text
    assert [one["size"] for one in client.get(ROOT).json["items"]] == [body.size, old_size]
    page = client.get(f"{ROOT}?limit=1").json
    assert [one["size"] for one in client.get(f"{ROOT}?limit=1&cursor={page['next']}").json["items"]] == [
        old_size
    ]
    grown = client.get(f"{ROOT}/{body.size}/consistency?old={old_size}").json
    proof = [bytes.fromhex(one) for one in grown["proof"]]
    assert tree.proves_consistency(old_size, body.size, proof, old_root, body.root)
    kept = client.get(f"/checkpoint/croissance.json?depuis=%20{old_size}%20")  # as somebody types it
    pinned = [verify.Key(key.vkey)]
    told = verify.check_document(kept.json, pinned)
    assert (told["old"], told["old_root"], told["size"]) == (old_size, old_root.hex(), body.size)
    assert verify.compared(told, mail.text, pinned) == old_size  # what every party has in its mail
    assert client.get("/checkpoint/croissance.json?depuis=").status_code == 404
    unknown = client.get(f"/checkpoint/croissance.json?depuis={old_size + 1}")
    assert (unknown.status_code, "le registre a été réécrit" in unknown.text) == (404, True)
    event = session().scalars(sa.select(Event).order_by(Event.id).offset(4).limit(1)).one()
    told = client.get(f"{ROOT}/{body.size}/inclusion?event={event.uid}").json
    leaf = tree.leaf_hash(bytes.fromhex(event.hash))
    proof = [bytes.fromhex(one) for one in told["proof"]]
    assert tree.proves_inclusion(leaf, told["position"], body.size, proof, body.root)
    late = (
        session()
        .scalars(
            sa.select(Event.uid)
            .join(LogEntry, LogEntry.event_id == Event.id)
            .where(LogEntry.position >= old_size)
        )
        .first()
    )
    nowhere = (f"{old_size}/inclusion?event={late}", f"{body.size}/inclusion?event=nobody", "99999")
    for path in (*nowhere, "99999/inclusion?event=x"):
        assert client.get(f"{ROOT}/{path}").status_code == 404
    assert client.get(f"{ROOT}/{old_size}/consistency?old={body.size}").status_code == 422
    for language, words in (("fr", "n’a pas été modifié depuis"), ("en", "has not been altered since")):
        said = client.get(f"/journal?lang={language}").text
        assert words in said
        assert key.vkey in said
        assert f"/checkpoint/{old_size}" in said


def test_a_restore_is_declared_by_an_administrator_alone(app: Flask, client: FlaskClient, life: Life) -> None:
    checkpoints.make()
    kept = keys.kept(log.first())
    assert kept is not None
    keys.keep(log.first(), keys.Kept(kept.size + 5, "ab" * 32, kept.note))
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.make()
    db.release()
    assert "contredit son dernier point de contrôle" in client.get("/journal").text
    path, reason = "/journal/restauration", "Disque perdu, sauvegarde de la veille restaurée."
    party = World.begin().party("Administration Exemple", "administrator")
    operator = World.begin().operator()
    assert sign_in(app, operator.email, PASSWORD).get(path).status_code == 403
    visitor = sign_in(app, party.email, PASSWORD)
    assert f"{kept.size + 5}" in visitor.get(path).text
    assert path in visitor.get("/journal").text
    token = visitor.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    for given, status in (("Trop court", 422), (reason, 302), (reason, 409)):
        answer = visitor.post(
            path, data={"reason": given, "csrf_token": token}, headers={"Origin": "http://localhost"}
        )
        assert answer.status_code == status, given
    db.release()
    assert session().scalar(sa.select(sa.func.count()).select_from(LogRefusal)) == 1
    said = client.get("/journal").text
    assert reason in said
    assert "parc-commun/restore/1" in said
    assert "contredit" not in said
    checkpoints.make()
    assert verify_chains() == []
