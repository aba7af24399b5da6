"""The erasure certificate and the lot file as papers: what they say, who issues and reads them, what replaces them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.documents import queries as documents
from reuse_market.documents.policy import may_read
from reuse_market.erasure import services as erasure
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.lots import certificates
from reuse_market.lots import queries as lots
from reuse_market.proofs import lot_file
from reuse_market.proofs.auditor import figures
from reuse_market.refurbishing import services as bench
from reuse_market.traceability import checkpoints, log
from reuse_market.traceability import queries as journal
from reuse_market.units.models import Unit
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.lives import whole_life
from tests.support.workshop import Workshop, proof
from tests.support.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return World.begin()


def tagged(data: bytes) -> None:
    assert len(data) <= 150_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()


def test_a_certificate_is_replaced_by_a_better_one_and_withdrawn_by_a_failure(world: World) -> None:
    shop = Workshop(world)
    unit, bare = shop.received(2, serial="5CG-TEST")
    with pytest.raises(Conflict) as unproven:
        certificates.issue_for_unit(unit, actor=shop.actor.actor)
    assert unproven.value.code == "erasure.unproven"
    shop.erased(unit)
    made = certificates.issue_for_unit(unit, actor=shop.actor.actor)
    tagged(documents.content(made))
    tagged(documents.content_in(made, "en"))
    [medium] = made.facts["devices"][0]["media"]
    assert (medium["method"], medium["errors"], medium["operator"][0]) == ("purge", 0, "Technicien Exemple")
    assert {reader.organisation_id for reader in made.readers} == {
        shop.actor.organisation_id, shop.holder.organisation_id,
    }  # fmt: skip
    assert not may_read(made, world.buyer().actor)
    [written] = journal.events_of_stream(f"document/{made.number}")
    assert journal.body(written)["facts"]["sha256"] == made.sha256
    assert certificates.issue_for_unit(unit, actor=shop.actor.actor).number == made.number  # nothing new
    assert certificates.reissue_due() == 0
    number = made.number
    [(disk, _proofs)] = media_of([unit])[unit].media
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        shop.certify(disk, method="destroy", technique="shred")
        assert certificates.reissue_due() == 1
    better = documents.current(f"unit/{unit}", certificates.KIND)
    assert better is not None
    assert documents.get(number).superseded_by == better.number  # type: ignore[union-attr]  # it was issued
    assert better.facts["devices"][0]["media"][0]["method"] == "destroy"
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        shop.certify(disk, result="failed")
        assert certificates.reissue_due() == 1
        assert certificates.reissue_due() == 0
    withdrawn = documents.current(f"unit/{unit}", certificates.KIND)
    assert withdrawn is not None
    assert withdrawn.facts["proven"] is False
    assert withdrawn.facts["missing"]
    shop.counted(bare)  # none: attested
    whole = certificates.issue_for_lot("LOT-2026-0001", actor=shop.actor.actor)
    assert [device["unit"] for device in whole.facts["devices"]] == [bare]


def test_who_issues_a_certificate(world: World) -> None:
    shop = Workshop(world)
    [unit] = shop.sound()
    through = Actor(
        shop.actor.organisation_id, shop.actor.person_id, frozenset({"reuse_actor"}), via="operator"
    )
    grid = {
        "stranger": (world.buyer().actor, NotFound),
        "holder that sold it": (shop.holder.actor, NotFound),
        "auditor": (world.party("Contrôle Exemple", "auditor").actor, NotAllowed),
        "operator": (world.operator().actor, NotAllowed),
        "operator for it": (through, NotAllowed),
    }
    for who, (actor, refusal) in grid.items():
        with pytest.raises(refusal):
            certificates.issue_for_unit(unit, actor=actor)
        assert not documents.of(f"unit/{unit}"), who
        with pytest.raises((NotFound, NotAllowed)):
            certificates.issue_for_lot("LOT-2026-0001", actor=actor)


def in_state(reference: str, state: str) -> list[int]:
    of = (Unit.stream == f"lot/{reference}", Unit.state == state)
    return list(db.session().scalars(sa.select(Unit.id).where(*of).order_by(Unit.id)))


def test_the_file_of_a_lot_by_page_and_api(app: Flask, world: World) -> None:
    played = whole_life(world)
    holder, workshop = world.holder(), world.reuse_actor()
    [unit, *_rest] = in_state(played.lot, "collected")
    bench.receive_units([unit], actor=workshop.actor)
    erasure.count_media(unit, [erasure.Found("ssd")], "opened", actor=workshop.actor)
    [(disk, _none)] = media_of([unit])[unit].media
    erasure.record_certificate(disk.id, proof(), actor=workshop.actor)
    shop = Visitor(app.test_client(), workshop).open(f"/lots/{played.lot}")
    shop.press("Émettre l’attestation d’effacement").press("Émettre le dossier du lot")
    db.session().expire_all()
    made = documents.current(lot_file.owner(played.lot, workshop.organisation_id), lot_file.KIND)
    assert made is not None
    facts = made.facts
    checkpoint = checkpoints.at(facts["size"])
    assert checkpoint is not None
    assert checkpoint.root == facts["root"] == log.root(facts["size"]).hex()
    counted = {one["name"]: one["units"] for one in facts["balance"]}
    lot = lots.get(played.lot)
    assert lot is not None
    kept = {name: n for name, n in lots.balance(lot).parts_of_total().items() if n}
    assert counted == kept == {
        name: n for name, n in figures.lot(played.lot, facts["size"]).parts_of_total().items() if n
    }  # fmt: skip
    certificate = next(one for one in facts["papers"] if one["number"].startswith("AE-"))
    assert documents.get(certificate["number"]).sha256 == certificate["sha256"]  # type: ignore[union-attr]  # listed
    assert facts["erasure"]["purge"] > 0
    assert [reader.organisation_id for reader in made.readers] == [workshop.organisation_id]
    tagged(documents.content(made))
    listed = shop.client.get(f"/attestations/{certificate['number']}.csv")
    assert listed.status_code == 200
    assert "technique" in listed.text.splitlines()[0]
    folder = zipfile.ZipFile(io.BytesIO(shop.client.get(f"/lots/{played.lot}/dossier.zip").data))
    assert {f"documents/{made.number}.pdf", f"documents/{certificate['number']}.pdf"} <= set(
        folder.namelist()
    )
    _own, secret = tokens.make_token(holder.person_id, holder.organisation_id, ("read", "write"))
    bearer: dict[str, Any] = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "dossier"}
    answer = app.test_client().post(f"/api/v1/lots/{played.lot}:issue-file", headers=bearer)
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    assert told["kind"] == "lot_file"
    assert told["number"] != made.number  # its own edition
    stranger = Visitor(app.test_client(), world.buyer()).client
    stranger.get("/compte")
    with stranger.session_transaction() as session:
        own_page = ORIGIN | {"X-CSRF-Token": session["csrf_token"]}
    assert stranger.post(f"/lots/{played.lot}/dossier", headers=own_page).status_code == 404
    assert stranger.get(f"/documents/{made.number}.pdf").status_code == 404
    assert stranger.get(f"/attestations/{certificate['number']}.csv").status_code == 404
