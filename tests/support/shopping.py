"""A real server, and buyers who ask for the same device at the same moment over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, media type, body, and how long it took."""

    status: int
    media: str
    told: dict[str, object]
    seconds: float


class Buyer:
    """One keep-alive connection with a token."""

    def __init__(self, port: int, token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def post(self, path: str, body: dict[str, object]) -> Answer:
        """One act under a key of its own."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        started = time.perf_counter()
        self.connection.request("POST", path, json.dumps(body), headers)
        answer = self.connection.getresponse()
        told = json.loads(answer.read() or b"{}")
        spent = time.perf_counter() - started
        return Answer(answer.status, answer.headers.get_content_type(), told, spent)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def rush(buyers: Sequence[Buyer], path: str, body: dict[str, object]) -> list[Answer]:
    """Everybody posts the same at the same moment; their answers, in order. A lost thread is an error."""
    answers: list[Answer | None] = [None] * len(buyers)
    start = threading.Barrier(len(buyers))

    def go(number: int) -> None:
        start.wait(60)
        answers[number] = buyers[number].post(path, body)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(buyers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = [number for number, answer in enumerate(answers) if answer is None]
    if missing:
        raise RuntimeError(f"no answer to {missing}")
    return [answer for answer in answers if answer is not None]


@contextmanager
def served(url: str, folder: Path, app: str = "app:app") -> Iterator[int]:
    """gunicorn as docs/operating.md starts it, on this database; its port. Stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {
        "REUSE_MARKET_DATABASE_URL": url, "REUSE_MARKET_SECRET_KEY": "shopping",
        "REUSE_MARKET_FILES_URL": f"file://{folder}/files",
    }  # fmt: skip
    log = folder / "gunicorn.log"
    with log.open("wb") as told:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--threads", "8", "--workers", "2", "--keep-alive", "30",
             "--bind", f"127.0.0.1:{port}", app],
            env=environment, stdout=told, stderr=told, cwd=ROOT,
        )  # fmt: skip
        try:
            _wait(port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(port: int, log: Path) -> None:
    for _ in range(1200):  # the door opens once the application is loaded
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())
