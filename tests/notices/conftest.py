"""A real mail server on the loopback, and the outbox set up to use it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from reuse_market import notices
from reuse_market.kernel import db
from reuse_market.notices import rendering, services
from reuse_market.notices.models import Message
from reuse_market.web.catalogues import compile_stale

ROOT = Path(__file__).resolve().parents[2]
FACTS = {
    "actor_name": "Atelier Exemple",
    "lot_ref": "LOT-2026-0042",
    "lot_title": "120 portables – été",
    "units": 12,
    "url": "/demandes/DEM-2026-0001",
}


class MailServer:
    """Takes mails, or answers `answers[stage]` ("RCPT", "DATA") instead. `got` holds what arrived."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.hold: threading.Event | None = None
        self.arrived = threading.Event()
        self.port = free_port()
        self._controller: Controller | None = None

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.arrived.set()
        if self.hold is not None:
            await server.loop.run_in_executor(None, self.hold.wait, 10)
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def start(self) -> None:
        """Listen on `port`."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=False)
        self._controller.start()

    def stop(self) -> None:
        """Be down."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session", autouse=True)
def _catalogue() -> None:
    compile_stale(ROOT)
    rendering.reload()


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def outbox(database: db.Database, server: MailServer) -> MailServer:
    """The outbox on each database, delivering to `server`."""
    configure(f"smtp://127.0.0.1:{server.port}")
    return server


def configure(mail_url: str) -> None:
    """Point the outbox at a server."""
    notices.configure(
        base_url="https://parc-commun.example/",
        mail_url=mail_url,
        sender="Parc commun – réemploi <ne-pas-repondre@parc-commun.example>",
    )


def queue(address: str = "zoe@example.org", language: str = "fr", **facts: Any) -> int:
    """Queue the sample mail; its id."""
    message: Message = services.queue(
        "claim_received", address, language, FACTS | facts, about="claim/DEM-2026-0001"
    )
    return message.id
