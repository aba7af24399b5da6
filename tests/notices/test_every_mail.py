"""Every mail there is, written by a real act, delivered to a real server, and read in both languages."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market import notices as outbox
from reuse_market.accounts.models import Person
from reuse_market.command_line import prepare_database
from reuse_market.demo import loading
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.notices import rendering
from reuse_market.notices.jobs import deliver_due
from reuse_market.notices.models import Message
from reuse_market.notices.services import queue
from reuse_market.settings import Settings
from reuse_market.units.models import Unit
from tests.journeys.crawl import Read, sign_in
from tests.journeys.test_languages import matcher, spoken
from tests.notices.acts_that_write import act_all
from tests.support.database import forget_durability
from tests.support.edges import MailSink

BASE = "https://parc.example"
PASSWORD = "parc-commun-demo"
MAILS = {  # template → how its subject begins, in French and in English
    "acts_on_behalf": ("", ""),
    "claim_awarded": ("", ""),
    "claim_declined": ("", ""),
    "claim_expired": ("", ""),
    "claim_received": ("", ""),
    "claim_released": ("", ""),
    "claim_taken": ("", ""),
    "evidence_expiring": ("", ""),
    "invitation": ("", ""),
    "lot_expired": ("", ""),
    "member_changed": ("", ""),
    "member_removed": ("", ""),
    "organisation_admitted": ("", ""),
    "organisation_refused": ("", ""),
    "organisation_reinstated": ("", ""),
    "organisation_suspended": ("", ""),
    "password_changed": ("", ""),
    "password_link": ("", ""),
    "pickup_agreed": ("", ""),
    "pickup_cancelled": ("", ""),
    "pickup_collected": ("", ""),
    "pickup_expired": ("", ""),
    "pickup_failed": ("", ""),
    "pickup_handed_over": ("", ""),
    "pickup_proposed": ("", ""),
    "registration_address_known": ("", ""),
    "registration_asked_to_join": ("", ""),
    "registration_known": ("", ""),
    "registration_received": ("", ""),
    "reservation_confirmed": ("", ""),
    "reservation_expired": ("", ""),
    "reservation_placed": ("", ""),
    "reservation_prepared": ("", ""),
    "reservation_provided": ("", ""),
    "reservation_released": ("", ""),
    "token_made": ("", ""),
}
# Who else than its reader a mail names, or gives the address of: the fact that holds it, and why it must.
NAMES_OTHERS = {
    "acts_on_behalf": {"person", "person_email"},  # whom to answer
    "invitation": {"inviter"},  # an invitation from nobody is a trap
    "registration_asked_to_join": {"person_name", "person_email"},  # whom to invite
}
UNRESOLVED = re.compile(r"%\(|\{\{|\{%|\bNone\b|\bUndefined\b")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
LINK = re.compile(r"https?://[^\s<>\"]+")
MOST_BYTES = 20_000


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The demonstration, and what people did after it."""
    made = create_app(
        Settings(
            database_url=f"sqlite:///{tmp_path}/demo.sqlite",
            secret_key="a secret of the tests",
            files_url=f"file://{tmp_path}/files",
            demo=True,
        )
    )
    forget_durability(db.database())
    with db.scope():
        prepare_database()
        loading.load(PASSWORD)
        act_all()
    return made


def test_every_mail_arrives_and_reads_well_in_both_languages(app: Flask, smtp_sink: MailSink) -> None:
    folders = {path.parent.name for path in (rendering.ROOT / "templates" / "mail").glob("*/subject.txt")}
    assert set(MAILS) == folders
    outbox.configure(base_url=BASE, mail_url=smtp_sink.url, sender="Parc commun <ne-pas-repondre@parc.example>")
    with db.scope():
        written = post_again()
        assert set(written) == folders, f"no act writes {sorted(folders - set(written))}"
        assert deliver_due(limit=500) == len(smtp_sink.messages) == 2 * sum(map(len, written.values()))
        readers = Readers(app)
        faults = [fault for mail in smtp_sink.messages for fault in readers.faults(mail)]
    Path("/tmp/x4faults").write_text("\n".join(faults))
    assert faults == []


@db.command
def post_again() -> dict[str, list[Message]]:
    """Every mail of an act, once for each reader, queued in both languages with the same facts; by template.

    What the acts themselves queued goes no further: its words were made for the demonstration's mailbox.
    """
    kept: dict[tuple[str, str], Message] = {}
    for message in session().scalars(sa.select(Message).order_by(Message.id)):
        kept.setdefault((message.template, message.to_address), message)
    found: dict[str, list[Message]] = {}
    for (template, to), message in kept.items():
        found.setdefault(template, []).append(message)
        for language in rendering.LANGUAGES:
            queue(template, to, language, message.facts, f"again/{template}/{language}")
    again = Message.about.startswith("again/")
    session().execute(sa.delete(Message).where(~again))
    return found


class Readers:
    """Everybody who gets a mail: reads it, follows its links as a visitor and signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.visitor = app.test_client()
        self.clients: dict[str, FlaskClient | None] = {}
        self.answers: dict[tuple[str, str], int] = {}
        english, french = spoken()
        self.words = {"en": matcher(english), "fr": matcher(french)}
        self.people = {person.email: person.name for person in session().scalars(sa.select(Person))}
        self.serials = set(session().scalars(sa.select(Unit.serial).where(Unit.serial.is_not(None))))
        rows = session().execute(sa.select(Message.message_id, Message.template, Message.facts))
        self.sent = {row.message_id: (row.template, row.facts) for row in rows}

    def faults(self, mail: EmailMessage) -> list[str]:
        """What a person would not like about a mail that arrived, in words."""
        template, facts = self.sent[mail["Message-ID"]]
        text, page = (self._part(mail, kind) for kind in ("plain", "html"))
        language = mail["Content-Language"]
        found = [
            *_headers(mail),
            *_parts(mail, text, page),
            *self._language(template, language, mail["Subject"], text, page),
            *self._others(template, facts, mail["To"], f"{mail['Subject']}\n{text}\n{page}"),
            *self._links(mail["To"], text, page),
        ]
        return [f"{template} [{language}] to {mail['To']}: {fault}" for fault in found]

    def _part(self, mail: EmailMessage, kind: str) -> str:
        (part,) = [one for one in mail.walk() if one.get_content_type() == f"text/{kind}"]
        return part.get_payload(decode=True).decode().replace("\r\n", "\n")  # type: ignore[union-attr]

    def _language(self, template: str, language: str, subject: str, text: str, page: str) -> list[str]:
        own = self.words[language]
        foreign = self.words["fr" if language == "en" else "en"]
        read = Read(page)
        said = {subject, *(" ".join(line.removeprefix("- ").split()) for line in text.splitlines())}
        found = [f"in the other language: {one}" for one in sorted(said | read.texts)
                 if foreign.fullmatch(one) and not own.fullmatch(one)]  # fmt: skip
        begins = MAILS[template][0 if language == "fr" else 1]
        if not subject.startswith(begins):
            found.append(f"its subject is “{subject}”")
        if ("Bonjour" in text) != (language == "fr") or ("Hello" in text) != (language == "en"):
            found.append("it greets in the other language")
        if read.language != language:
            found.append(f"its HTML says it is {read.language!r}")
        if language == "fr" and re.search(r"\w'\w", text):
            found.append("a typewriter apostrophe")
        return found

    def _others(self, template: str, facts: dict[str, object], to: str, whole: str) -> list[str]:
        told = {str(facts[name]) for name in NAMES_OTHERS.get(template, ())}
        found = [f"gives the address {one}" for one in set(ADDRESS.findall(whole)) - {to} - told]
        names = {name for email, name in self.people.items() if email != to} - told - {self.people.get(to)}
        found += [f"names {name}" for name in names if re.search(rf"(?<!\w){re.escape(name)}", whole)]
        return found + [f"gives the serial {one}" for one in self.serials if one in whole]

    def _links(self, to: str, text: str, page: str) -> list[str]:
        hrefs = set(re.findall(r'href="([^"]*)"', page))
        written = {link.rstrip(".,;)") for link in LINK.findall(text)}
        found = [f"a link that is not ours: {one}" for one in hrefs | written if not one.startswith(BASE + "/")]
        if written - hrefs or hrefs - written - {BASE + "/"}:
            found.append(f"text and HTML link elsewhere: {sorted(written ^ hrefs)}")
        for link in written:
            path = link.removeprefix(BASE)
            if (status := self._answer("", path)) != 200:
                found.append(f"{path} answers a visitor {status}")
            if self._client(to) is not None and (status := self._answer(to, path)) != 200:
                found.append(f"{path} answers its reader {status}")
        return found

    def _client(self, email: str) -> FlaskClient | None:
        if email not in self.clients:
            try:
                self.clients[email] = sign_in(self.app, email, PASSWORD)
            except AssertionError:  # has not chosen a password yet, or has just changed it
                self.clients[email] = None
        return self.clients[email]

    def _answer(self, email: str, path: str) -> int:
        """The status of a page; 200 for a visitor who is sent to sign in and back."""
        if (email, path) not in self.answers:
            client = self._client(email) if email else self.visitor
            assert client is not None
            answer = client.get(path)
            if answer.status_code == 302 and not email:
                assert urlsplit(answer.headers["Location"]).path == "/connexion", path
                answer = client.get(answer.headers["Location"])
            self.answers[email, path] = answer.status_code
        return self.answers[email, path]


def _headers(mail: EmailMessage) -> list[str]:
    found = [f"no {name}" for name in ("From", "To", "Date", "Message-ID", "Subject") if not mail[name]]
    if not re.fullmatch(r"<[^<>@\s]+@parc\.example>", mail["Message-ID"] or ""):
        found.append(f"its Message-ID is {mail['Message-ID']}")
    if mail["Auto-Submitted"] != "auto-generated":
        found.append("nothing says that a program wrote it")
    if not 10 <= len(mail["Subject"]) <= 110 or "\n" in mail["Subject"]:
        found.append(f"a subject of {len(mail['Subject'])} letters")
    return found


def _parts(mail: EmailMessage, text: str, page: str) -> list[str]:
    kinds = [part.get_content_type() for part in mail.walk()]
    found = [] if kinds == ["multipart/alternative", "text/plain", "text/html"] else [f"made of {kinds}"]
    found += [f"not filled in: {one}" for one in UNRESOLVED.findall(mail["Subject"] + text + page)]
    if len(page.encode()) > MOST_BYTES:
        found.append(f"{len(page.encode())} bytes of HTML")
    if re.search(r"<(img|script|form|link|iframe)\b| style=| on\w+=", page):
        found.append("more than words and links in its HTML")
    if "\n\n\n" in text:
        found.append("a hole in its text")
    html5lib.HTMLParser(strict=True).parse(page)
    heading = re.findall(r"<h1>(.+?)</h1>", page, re.S)
    return found if len(heading) == 1 else [*found, f"{len(heading)} headings"]
