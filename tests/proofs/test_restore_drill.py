"""The drill of docs/operating.md: back up, work, sign, restore the backup, be refused, declare it, go on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import tokens
from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.proofs.auditing import services
from reuse_market.traceability import keys
from reuse_market.traceability.models import Event
from tests.support import world as build
from tests.support.world import World


def copied(source: str, target: Path) -> None:
    """What `sqlite3 SOURCE ".backup TARGET"` does."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    one.close()
    other.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_older_backup_is_seen_and_declared(
    app: Flask, client: FlaskClient, world: World, tmp_path: Path
) -> None:
    run = app.test_cli_runner().invoke
    keys.configure(tmp_path / "signing.key", origin="parc.example/log", own=False)
    assert run(args=["journal", "new-key"]).exit_code == 0
    admin, holder = world.party("Administration Exemple", "administrator"), world.holder()
    _token, secret = tokens.make_token(admin.person_id, admin.organisation_id, ["write"])
    build.published_lot(holder)
    first = run(args=["journal", "checkpoint"])
    assert first.exit_code == 0
    db.release()
    file = str(db.database().url.database)
    copied(file, tmp_path / "backup.sqlite")

    build.published_lot(holder)  # the work of the afternoon
    lost = run(args=["journal", "checkpoint"])
    assert int(lost.output.splitlines()[1]) > int(first.output.splitlines()[1])
    db.release()
    db.database().engine.dispose()
    copied(str(tmp_path / "backup.sqlite"), Path(file))  # the disk was lost: the service starts on the backup

    refused = run(args=["journal", "checkpoint"])
    assert refused.exit_code == 1
    assert run(args=["journal", "verify"]).exit_code == 1
    db.release()
    assert services.tell_refusal() == 1
    db.release()
    assert "contredit son dernier point de contrôle" in client.get("/journal").text
    reason = {"reason": "Disque perdu, sauvegarde de midi restaurée."}
    path = "/api/v1/checkpoints:declare-restore"
    assert client.post(path, json=reason).status_code == 401
    for number, (given, status) in enumerate((({"reason": "court"}, 422), (reason, 201), (reason, 409))):
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"drill-{number}"}
        said = client.post(path, json=given, headers=headers)
        assert said.status_code == status, said.json
        assert status != 201 or lost.output.splitlines()[1] in said.json["note"]
    db.release()

    build.published_lot(holder)
    again = run(args=["journal", "checkpoint"])
    assert again.exit_code == 0
    assert int(again.output.splitlines()[1]) == session().scalar(sa.select(sa.func.count(Event.id)))
    for command in (["journal", "verify"], ["reconcile"]):
        assert run(args=command).exit_code == 0, run(args=command).output
    db.release()
    assert reason["reason"] in client.get("/journal").text
