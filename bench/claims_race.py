"""64 clients over HTTP claim and give back parts of one line of 50,000 units: a real server, PostgreSQL.

One act in ten goes to another lot, of 40, so that there are losers too. Machine, server, database and clients
share the processors.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure
from reuse_market.accounts import tokens
from reuse_market.kernel import db
from reuse_market.lots import conditions
from reuse_market.units.models import Engagement
from tests.support.world import World, published_lot

LINE, SCARCE, ACTORS, FLOOR_SECONDS = 50_000, 40, 16, 10
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
SHARE = Goal("ratio", ">=", 0.15)
NONE = Goal("value", "<=", 0)


class Client:
    """One keep-alive connection with a token: what it got is counted."""

    def __init__(self, port: int, token: str, seed: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token, self.chance = token, random.Random(seed)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.slowest = 0.0

    def post(self, path: str, body: dict[str, object], what: str) -> dict[str, object]:
        """One act with a key of its own; its answer."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        started = time.perf_counter()
        self.connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = self.connection.getresponse()
        told = json.loads(answer.read())
        self.slowest = max(self.slowest, time.perf_counter() - started)
        self.statuses[what, answer.status] += 1
        return told if answer.status < 300 else {}

    def page(self) -> None:
        """One request of the page it is set against."""
        self.connection.request("GET", "/floor")
        answer = self.connection.getresponse()
        answer.read()
        self.statuses["floor", answer.status] += 1

    def claim_and_release(self, lots: list[str]) -> None:
        """Take a part of the line, or of the scarce one; give back what was taken."""
        lot = lots[self.chance.random() < 0.1]
        wanted = {"line": 1, "units": self.chance.randint(1, 40)}
        told = self.post(f"/lots/{lot}:claim", {"lines": [wanted], "committed": True}, "claim")
        if told and self.chance.random() < 0.9:
            self.post(f"/claims/{told['reference']}:release", {"reason": "bench"}, "release")


@measure("claims_race", size=64)
def claims_race(size: int) -> Iterator[Figure]:
    """Accepted claims a second of `size` clients against a page with one indexed query, in the same run."""
    with connected("postgresql") as database, tempfile.TemporaryDirectory() as folder:
        url = database.url.render_as_string(hide_password=False)
        with db.scope():
            lots, secrets = _contest()
        with _served(url, folder) as port:
            clients = [Client(port, secrets[n % ACTORS], n) for n in range(size)]
            _together(clients, lambda client: client.page(), 3)  # both processes load what they need
            for client in clients:
                client.statuses.clear()
            floor = _together(clients, lambda client: client.page(), FLOOR_SECONDS)
            rate = sum(c.statuses["floor", 200] for c in clients) / floor
            spent = _together(clients, lambda client: client.claim_and_release(lots), SECONDS)
        found: Counter[tuple[str, int]] = sum((c.statuses for c in clients), Counter())
        accepted = found["claim", 201] / spent
        yield Figure("claims_race.accepted", accepted, "1/s", "page with one indexed query", rate, SHARE)
        strange = sum(n for (_what, status), n in found.items() if status not in (200, 201, 409))
        yield Figure("claims_race.lost", found["claim", 409], "clean 409", "accepted", found["claim", 201])
        yield Figure("claims_race.neither_done_nor_409", strange, "answers", goal=NONE)
        yield Figure("claims_race.over_claimed", _over(lots), "units", goal=NONE)


def _contest() -> tuple[list[str], list[str]]:
    """A large first-come lot and a scarce one, and a token for each of the actors."""
    world = World.begin()
    holder = world.holder()
    conditions.MOST_UNITS = LINE  # a line typed by hand stops at 10,000; one from a fleet does not
    references, secrets = [], []
    for units in (LINE, SCARCE):
        lot = published_lot(holder, numbered=0, counted=units, regime="gift", price_kind="free",
                            price_cents=None, award_mode="first_come")  # fmt: skip
        references.append(lot.reference)
    for n in range(ACTORS):
        actor = world.reuse_actor(f"Acteur {n} Exemple").actor
        assert actor.person_id is not None
        assert actor.organisation_id is not None
        secrets.append(tokens.make_token(actor.person_id, actor.organisation_id, ["write"])[1])
    return references, secrets


@contextmanager
def _served(url: str, folder: str) -> Iterator[int]:
    """gunicorn as docs/operating.md starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {
        "REUSE_MARKET_DATABASE_URL": url, "REUSE_MARKET_SECRET_KEY": "bench",
        "REUSE_MARKET_FILES_URL": f"file://{folder}/files",
    }  # fmt: skip
    log = Path(folder, "log")
    with log.open("wb") as told:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--threads", "8", "--workers", "2", "--keep-alive", "30",
             "--bind", f"127.0.0.1:{port}", "bench.claims_race_app:app"],
            env=environment, stdout=told, stderr=told, cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        try:
            _wait(port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(port: int, log: Path) -> None:
    for _ in range(1200):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


def _together(clients: list[Client], act: Callable[[Client], None], seconds: float) -> float:
    """Every client acts again and again until the time is over; how long it took in all."""
    until = time.perf_counter() + seconds
    errors: list[Exception] = []

    def go(client: Client) -> None:
        try:
            while time.perf_counter() < until:
                act(client)
        except Exception as error:  # told below: a lost thread would pass for a slow one
            errors.append(error)

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - started


def _over(lots: list[str]) -> int:
    """Units awarded twice, or awarded beyond the line: none, whoever won."""
    open_awards = sa.select(Engagement.unit_id).where(
        Engagement.kind == "award", Engagement.until_at.is_(None)
    )
    with db.scope() as session:
        twice = session.scalar(sa.select(sa.func.count()).select_from(
            open_awards.group_by(Engagement.unit_id).having(sa.func.count() > 1).subquery()
        )) or 0  # fmt: skip
        line = sa.select(Engagement.unit_id).where(Engagement.kind == "lot", Engagement.reference.in_(lots))
        beyond = session.scalar(sa.select(sa.func.count()).select_from(
            open_awards.where(Engagement.unit_id.not_in(line)).subquery()
        )) or 0  # fmt: skip
    return twice + beyond
