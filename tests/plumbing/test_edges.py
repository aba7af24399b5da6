"""The tests' own tools work: otherwise what stands on them proves nothing."""

from __future__ import annotations

import http.client
import os
import smtplib
import socket
import threading
import time
import urllib.request
from email.message import EmailMessage

import pytest

from tests.support.edges import served
from tests.support.guards import NetworkForbidden


def _page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [
        "<!doctype html><html lang=fr><title>Avant</title><script>document.title='Après'</script>".encode()
    ]


def test_live_server_answers_and_stops(live_server):
    address = live_server(_page)
    with urllib.request.urlopen(address) as answer:
        assert "Avant" in answer.read().decode()
    assert any(t.name == "live-server" for t in threading.enumerate())


def test_server_stops_in_spite_of_an_open_connection():
    with served(_page) as address:
        client = http.client.HTTPConnection(address.removeprefix("http://"))
        client.request("GET", "/")
        client.getresponse().read()
        began = time.monotonic()
    assert time.monotonic() - began < 5
    client.close()
    assert not any(t.name == "live-server" for t in threading.enumerate())


@pytest.mark.parametrize(("javascript", "title"), [(True, "Après"), (False, "Avant")])
def test_browser_with_and_without_javascript(live_server, open_page, javascript, title):
    assert open_page(live_server(_page), javascript=javascript).title() == title


def test_mail_sink_keeps_and_refuses(smtp_sink):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@demo.example", "b@demo.example", "Réservé"
    message.set_content("Bonjour")
    port = int(smtp_sink.url.rsplit(":", 1)[1])
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message)
        smtp_sink.refuse = "550 no"
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(message)
    assert [m["Subject"] for m in smtp_sink.messages] == ["Réservé"]


@pytest.mark.parametrize("target", ["192.0.2.1", "mail.example", "2001:db8::1"])
def test_nothing_leaves_the_machine(target):
    with pytest.raises(NetworkForbidden):
        socket.create_connection((target, 80), timeout=1)


def test_direct_connection_is_refused_too():
    with socket.socket() as raw, pytest.raises(NetworkForbidden):
        raw.connect(("192.0.2.1", 80))


def test_surroundings_are_foreign():
    assert time.tzname[0] in {"NZST", "NZDT"}
    assert os.environ["LC_ALL"] == "C.UTF-8"
