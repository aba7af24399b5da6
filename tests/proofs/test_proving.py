"""Proof files of a real life: exported, then checked by `verify.py` alone; and who reads what in them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reuse_market.accounts import tokens
from reuse_market.documents import queries as documents
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, database, session
from reuse_market.kernel.errors import NotFound
from reuse_market.proofs import proving, reading, subjects, verify
from reuse_market.refurbishing.services.returning import take_back_unit
from reuse_market.traceability import checkpoints
from reuse_market.traceability import queries as journal
from reuse_market.traceability.journal import Act, append
from reuse_market.units import labels
from reuse_market.units.models import Unit
from tests.lots.visiting import Visitor
from tests.support import world as build
from tests.support.lives import Life
from tests.support.world import Party, World

SOURCE = Path(verify.__file__)
AUDITOR = Actor(person_id=None, organisation_id=None, roles=frozenset({"auditor"}), via="self")


@pytest.fixture
def holds(tmp_path: Path) -> Callable[[bytes], str]:
    """Check a file with `verify.py`, alone, and the key the site publishes; what it said."""

    def run(data: bytes) -> str:
        (tmp_path / "verify.py").write_bytes(SOURCE.read_bytes())
        (tmp_path / "FILE").write_bytes(data)
        (tmp_path / "KEY").write_text(checkpoints.public_key())
        asked = [sys.executable, "-I", "verify.py", "FILE", "--key", "KEY", "--lang", "en"]
        done = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    return run


@pytest.fixture
def visit(app: Flask) -> Callable[[Party], FlaskClient]:
    """A browser signed in for this party."""
    return lambda party: Visitor(app.test_client(), party).client


def texts(data: bytes) -> list[Any]:
    """The payloads of a file, None where withheld."""
    return [json.loads(one["payload"]) if one["payload"] else None for one in json.loads(data)["events"]]


def test_the_command_exports_what_the_verifier_accepts(
    app: Flask, life: Life, holds: Callable[[bytes], str]
) -> None:
    stream = f"lot/{life.lot}"
    for form, words in (("json", "no gap"), ("proof", "were not altered since")):
        done = app.test_cli_runner().invoke(args=["journal", "export", "--stream", stream, "--format", form])
        assert done.exit_code == 0, done.output
        assert words in holds(done.stdout_bytes)
        assert [one["seq"] for one in texts(done.stdout_bytes)] == [
            e.seq for e in journal.events_of_stream(stream)
        ]
    missing = app.test_cli_runner().invoke(args=["journal", "export", "--stream", "lot/LOT-1999-0001"])
    assert missing.exit_code == 1


@command
def sell(life: Life, stream: str) -> None:
    """A sale as the journal tells it: to whom, and for how much."""
    change = {
        "owner": life.buyer.organisation_id,
        "custodian": life.buyer.organisation_id,
        "state": "provided",
    }
    act = Act(life.workshop.actor)
    append(act, stream, "unit.provided", unit_ids=[1], change=change, facts={"price_cents": 9000})


def test_each_reader_gets_what_it_may_read_and_all_of_it_verifies(
    app: Flask, life: Life, holds: Callable[[bytes], str]
) -> None:
    """A lot's journal: whole for who oversees; without prices and buyers for its holder, who gets fingerprints."""
    stream = f"lot/{life.lot}"
    sell(life, stream)
    types = [event.type for event in journal.events_of_stream(stream)]
    read: dict[str, list[str]] = {}
    for name, actor in (
        ("holder", life.holder.actor),
        ("workshop", life.workshop.actor),
        ("auditor", AUDITOR),
    ):
        data = proving.written(subjects.lot(life.lot, actor))
        assert ("withheld (1)" in holds(data)) is (name == "holder")
        read[name] = [told["type"] for told in texts(data) if told]
    assert read["auditor"] == read["workshop"] == types  # the workshop took it all, and reads its own sale
    assert read["holder"] == types[:-1]
    with pytest.raises(NotFound):
        subjects.lot(life.lot, life.buyer.actor)


def test_a_rival_taker_reads_neither_the_others_claims_nor_their_sales(app: Flask, world: World) -> None:
    holder, one, other = world.holder(), world.reuse_actor(), world.reuse_actor("Rival Exemple")
    lot = build.published_lot(holder, numbered=0, counted=2)
    first = build.awarded_claim(lot, holder, one, {1: 1})
    second = build.awarded_claim(lot, holder, other, {1: 1})
    told = texts(proving.written(subjects.lot(lot.reference, one.actor)))
    said = json.dumps(told)
    assert first.reference in said
    assert second.reference not in said
    assert f'"party": {other.organisation_id}' not in said
    assert None in told


def test_pages_hand_out_what_verifies(
    life: Life, visit: Callable[[Party], FlaskClient], client: FlaskClient, holds: Callable[[bytes], str]
) -> None:
    """The lot's journal, the pick-up's proof, the passport's, a paper's; each link stands on its page."""
    checkpoints.make()
    unit_id = life.unit_in("provided")
    code = labels.ensure_labels([unit_id], actor=life.workshop.actor)[unit_id]
    [note] = documents.of(f"pickup/{life.pickup}", kind="handover_note")
    sha256 = note.sha256
    checking = f"/verification/{note.verification_code}"
    for where, who, words in (
        (f"/lots/{life.lot}", life.holder, "no gap"),
        (f"/enlevements/{life.pickup}", life.workshop, "pickup.countersigned"),
        (f"/u/{code}", None, "unit.tested"),
        (checking, None, "document.issued"),
    ):
        link = f"{where}/preuve.json"
        asking = visit(who) if who else client
        assert f'href="{link}"' in asking.get(where).text, where
        answer = asking.get(link)
        assert answer.status_code == 200, link
        assert words in holds(answer.data), link
    proof = client.get(f"/u/{code}/preuve.json").data
    told = [one for one in texts(proof) if one]
    assert {one["type"] for one in told} <= reading.WORKSHOP
    assert "cents" not in json.dumps(told)
    assert None in texts(proof)  # handed over: to whom, and for how much, is nobody's business
    paper = texts(client.get(f"{checking}/preuve.json").data)
    assert [(one["facts"]["sha256"], one["actor"]["organisation"]) for one in paper] == [(sha256, None)]
    with database().engine.begin() as connection:  # whoever has the database puts another file in its place
        other = connection.scalar(
            sa.text("SELECT max(sha256) FROM document WHERE sha256 <> :s"), {"s": sha256}
        )
        swap = sa.text("UPDATE document SET sha256 = :other WHERE sha256 = :s")
        assert connection.execute(swap, {"other": other, "s": sha256}).rowcount == 1
    assert "Le journal a inscrit une autre empreinte" in client.get(checking).text
    assert client.get("/verify.py").data == SOURCE.read_bytes()
    assert visit(life.buyer).get(f"/lots/{life.lot}/preuve.json").status_code == 404


def test_folders_of_a_lot_and_of_a_device(
    life: Life, visit: Callable[[Party], FlaskClient], holds: Callable[[bytes], str], tmp_path: Path
) -> None:
    unit_id = life.unit_in("collected")
    serial = session().get_one(Unit, unit_id).serial
    found = visit(life.holder).get(f"/preuves?q={serial}").text
    assert f"/preuves/appareils/{unit_id}/dossier.zip" in found
    assert f"/preuves/appareils/{unit_id}" not in visit(life.buyer).get(f"/preuves?q={serial}").text
    assert visit(life.buyer).get(f"/preuves/appareils/{unit_id}/dossier.zip").status_code == 404
    for link in (f"/lots/{life.lot}/dossier.zip", f"/preuves/appareils/{unit_id}/dossier.zip"):
        data = visit(life.holder).get(link).data
        assert "files of the folder" in holds(data)
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            names = folder.namelist()
            assert {
                "LISEZ-MOI.txt",
                "README.txt",
                "verify.py",
                "documents.json",
                "events.json",
                "epcis.jsonld",
            } <= set(names)
            assert any(name.startswith("documents/BR-") for name in names)
            assert "did not" not in holds(folder.read("documents.json"))
            assert serial not in folder.read("proof.json").decode()
            folder.extractall(tmp_path / link.split("/")[1])
        done = subprocess.run(
            ["sha256sum", "-c", "SHA256SUMS", "--quiet"],
            cwd=tmp_path / link.split("/")[1],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_what_no_checkpoint_covers_is_left_out_for_visitors_and_covered_for_parties(
    client: FlaskClient, life: Life, visit: Callable[[Party], FlaskClient]
) -> None:
    unit_id = life.unit_in("provided")
    code = labels.ensure_labels([unit_id], actor=life.workshop.actor)[unit_id]
    assert client.get(f"/u/{code}/preuve.json").status_code == 409  # no checkpoint yet
    assert checkpoints.latest() is None
    assert visit(life.holder).get(f"/lots/{life.lot}/preuve.json").status_code == 200
    covered = checkpoints.latest()
    assert covered is not None
    take_back_unit(unit_id, actor=life.workshop.actor, ground="exchange")
    assert client.get(f"/u/{code}/preuve.json").json["left_out"] == 1
    assert checkpoints.latest().size == covered.size  # a visitor makes nobody sign


def test_the_api_gives_the_same(app: Flask, life: Life, holds: Callable[[bytes], str]) -> None:
    def ask(party: Party, address: str) -> TestResponse:
        _made, secret = tokens.make_token(party.person_id, party.organisation_id, ("read",))
        return app.test_client().get(address, headers={"Authorization": f"Bearer {secret}"})

    lot = ask(life.holder, f"/api/v1/lots/{life.lot}/proof")
    assert lot.status_code == 200, lot.text
    assert "no gap" in holds(lot.data)
    [event, *_] = (ask(life.holder, f"/api/v1/events?lot={life.lot}").json or {})["items"]
    one = ask(life.holder, f"/api/v1/events/{event['id']}/proof")
    assert "events are in the signed log" in " ".join(holds(one.data).split())
    assert ask(life.buyer, f"/api/v1/events/{event['id']}/proof").status_code == 404
