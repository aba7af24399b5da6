"""Fixtures at the edges: a served application, a browser, a mail server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from waitress import wasyncore
from waitress.server import create_server

from reuse_market.kernel import db
from tests.support import browser as browsers
from tests.support.database import forget_durability

Serve = Callable[[Any], str]


@contextmanager
def served(app: Any, *, threads: int = 4) -> Iterator[str]:
    """Serve a WSGI application on a free loopback port, as in production; gives its address.

    The application answers from threads of its own: each opens its own database scope, and a clock frozen in
    the test's thread is not frozen there.
    """
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)
    stopping = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:
            if not stopping.is_set():  # closing the sockets wakes the loop up with an error
                raise

    thread = threading.Thread(target=run, name="live-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stopping.set()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive(), "the live server did not stop"


_built: list[Flask] = []


@pytest.fixture
def app(database: db.Database, tmp_path: Path) -> Flask:
    """The application on this test's database, its files in the test's folder, its mails kept for a page.

    Built once a worker, then only pointed elsewhere: building it costs more than most tests.
    """
    from reuse_market.factory import connect_services, create_app
    from reuse_market.settings import Settings

    settings = Settings(
        database_url=database.url.render_as_string(hide_password=False),
        secret_key="a secret of the tests",
        files_url=f"file://{tmp_path / 'files'}",
        testing=True,
    )
    if _built:
        connect_services(settings)
        _built[0].config["SETTINGS"] = settings
    else:
        _built.append(create_app(settings))
    forget_durability(db.database())
    return _built[0]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's client of `app`."""
    return app.test_client()


@pytest.fixture
def live_server() -> Iterator[Serve]:
    """`live_server(app)` serves `app` until the end of the test and gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's browser; the test is skipped, and the summary says so, where there is none."""
    program = browsers.find_program()
    if program is None:
        pytest.skip(
            f"NO BROWSER: no Chromium or Chrome on this machine (set {browsers.SETTING} or install one)"
        )
    with browsers.launched(program) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[browsers.Pages]:
    """`open_page(address, javascript=True, width=1280)` gives a page; `.complaints` should stay empty."""
    pages = browsers.Pages(browser)
    yield pages
    pages.close()


class MailSink:
    """A mail server that keeps what it is given. `refuse` makes it answer 550 or 451 instead."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.refuse: str | None = None
        self.url = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, or answer the refusal."""
        if self.refuse:
            return self.refuse
        self.envelopes.append(envelope)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(BytesParser(policy=SMTP_POLICY).parsebytes(content))
        return "250 kept"


@pytest.fixture
def smtp_sink() -> Iterator[MailSink]:
    """A mail server on a free loopback port: `.url` (smtp://127.0.0.1:PORT), `.messages`, `.refuse`."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
