"""`kill -9` of the server in the middle of verbs: what was acknowledged is there, nothing is half done, and a
request sent again with its key acts once, also across the kill."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts import tokens
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.kernel import db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.support.world import World, published_lot

ROOT = Path(__file__).resolve().parents[2]
KILLS, CALLERS, UNITS = 30, 4, 9000
READY_WITHIN, ANSWERED_WITHIN = 60, 30


@dataclass
class Served:
    """A server process of its own on a loopback port, that can be killed and started again."""

    url: str
    folder: Path
    port: int = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = os.environ | {
            "REUSE_MARKET_DATABASE_URL": self.url,
            "REUSE_MARKET_SECRET_KEY": "a secret of the tests",
            "REUSE_MARKET_BIND": f"127.0.0.1:{self.port}",
            "REUSE_MARKET_FILES_URL": f"file://{self.folder / 'files'}",
        }
        self.process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        """As a power cut of the process: no handler runs."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON; OSError or HTTPException when the server dies meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERED_WITHIN)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"} | headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith(b"{") else text
        finally:
            connection.close()


@dataclass
class Asked:
    """One claim of a program: its key, how many units, and the reference it was told, if it was."""

    key: str
    units: int
    told: str | None = None


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A server on this test's database; whatever happens, it does not outlive the test."""
    made = Served(database_url, tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


@pytest.mark.long
@pytest.mark.durable
def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(database_url: str, server: Served) -> None:
    lot, secret = _a_lot(database_url)
    chance = random.Random(os.environ["REUSE_MARKET_TEST_SEED"])
    asked: list[Asked] = []
    keys = (f"claim-{number}" for number in itertools.count(1))
    for _ in range(KILLS):
        server.start()
        _again(server, lot, secret, asked)
        _until_killed(server, lot, secret, asked, keys, chance)
    server.start()
    _again(server, lot, secret, asked)
    server.kill()
    acknowledged = {one.told for one in asked}
    assert None not in acknowledged
    assert len(acknowledged) == len(asked), "two keys were given one claim"
    assert len(asked) > 3 * KILLS, "the kills left no time to work"
    _compare(database_url, lot, asked)


def _a_lot(url: str) -> tuple[str, str]:
    """A big first-come lot, and the secret of a reuse actor who may claim it."""
    db.connect(url)
    try:
        with db.scope():
            world = World.begin()
            lot = published_lot(
                world.holder(),
                numbered=0,
                counted=UNITS,
                award_mode="first_come",
                regime="gift",
                price_kind="free",
            )
            actor = world.reuse_actor()
            _row, secret = tokens.make_token(actor.person_id, actor.organisation_id, ("write",))
            return lot.reference, secret
    finally:
        db.disconnect()


def _claim(server: Served, lot: str, secret: str, one: Asked) -> None:
    lines = [{"line": 1, "units": one.units}]
    body = {"lines": lines, "proposal": "free", "committed": True}
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": one.key}
    status, told = server.ask("POST", f"/api/v1/lots/{lot}:claim", body, **headers)
    assert status == 201, (status, told)
    assert one.told in (None, told["reference"]), "a repeated key was given another claim"
    one.told = told["reference"]


def _again(server: Served, lot: str, secret: str, asked: list[Asked]) -> None:
    """Repeat what was not answered, and the last that were."""
    for one in [one for one in asked if one.told is None] + asked[-5:]:
        _claim(server, lot, secret, one)


def _until_killed(
    server: Served, lot: str, secret: str, asked: list[Asked], keys: Iterator[str], chance: random.Random
) -> None:
    """Several programs claim without a pause; the server is killed under them."""
    over, wrong = threading.Event(), []

    def work(numbers: random.Random) -> None:
        while not over.is_set():
            one = Asked(next(keys), numbers.randint(1, 3))
            asked.append(one)
            try:
                _claim(server, lot, secret, one)
            except (OSError, http.client.HTTPException):
                return  # killed under it: whether it was done is not known
            except AssertionError as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=work, args=(random.Random(chance.random()),)) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.1, 0.6))
    server.kill()
    over.set()
    for thread in threads:
        thread.join(timeout=ANSWERED_WITHIN + 5)
    assert wrong == []


def _compare(url: str, lot: str, asked: list[Asked]) -> None:
    """The database holds each claim once, as many units as were asked, and every invariant."""
    db.connect(url)
    try:
        with db.scope() as session:
            references = set(session.scalars(sa.select(Claim.reference)))
            awarded = session.scalar(sa.select(sa.func.sum(ClaimLine.awarded)))
            units = session.scalar(sa.select(sa.func.count()).where(Unit.state == "awarded"))
            assert references == {one.told for one in asked}
            assert awarded == units == sum(one.units for one in asked)
            assert verify_chains() == []
            assert reconcile() == []
    finally:
        db.disconnect()
