"""Every page, letter and mail of a request is in plain language: 0 fault; the lint sees the faults it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from reuse_market import notices
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.notices.models import Message
from reuse_market.reservations.models import AssociationRequest
from reuse_market.reservations.requests import services
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.views.base import Step
from tests.audit import falc
from tests.journeys.reader import Reader
from tests.reservations.requests.test_pages import BUTTON, CALL, mail_link
from tests.support.browser import Pages
from tests.support.world import World

PHONE = "04 00 00 00 00"
OWN = ("Association Exemple", "Atelier Exemple", "rue de l’Exemple", "Grenoble")
PLACE = "Atelier Exemple\n1 rue de l’Exemple\nGrenoble"


@pytest.fixture
def phoned(app: Flask, world: World) -> Iterator[Flask]:
    """The application with a number to phone, in pages and in mails."""
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>", phone=PHONE
    )
    processors = app.template_context_processors[None]
    processors.append(lambda: {"support_phone": PHONE})
    yield app
    processors.pop()


def walked(app: Flask, world: World) -> dict[str, str]:
    """Every page an association can be shown, by name: each question, each refusal, each state of its request."""
    pages: dict[str, str] = {}

    def kept(name: str, at: Reader) -> None:
        pages[name] = html.tostring(at.page, encoding="unicode")

    at = Reader(app.test_client())
    at.go("/demande")
    kept("devices", at)
    at.press(BUTTON, status=422)
    kept("devices refused", at)
    at.put(kinds="laptop")
    at.put(kinds="desktop")
    at.press(BUTTON)
    kept("numbers", at)
    at.press(BUTTON, status=422)
    kept("numbers refused", at)
    at.put(laptop=12, desktop=1)
    at.press(BUTTON)
    kept("people", at)
    at.put(publics="families")
    at.put(publics="elders")
    at.press(BUTTON)
    kept("contact", at)
    at.press(BUTTON, status=422)
    kept("contact refused", at)
    at.put(name="Association Exemple", phone="zéro", email="rien")
    at.press(BUTTON, status=422)
    kept("contact refused again", at)
    at.put(phone=PHONE, email="asso@exemple.example")
    at.press(BUTTON)
    kept("check", at)
    [sealed, *_others] = at.page.xpath("//input[@name='state']/@value")
    for state, name in (("broken", "question again"), (f"{sealed}x", "answers again")):
        read = app.test_client().post(
            "/demande", data={"state": state}, headers={"Origin": "http://localhost"}
        )
        pages[name] = read.text
    at.press(re.compile("^Envoyer"))
    kept("thanks", at)
    lost = Reader(app.test_client())
    lost.go("/demande")
    lost.press(CALL)
    kept("call me", lost)
    lost.put(name="Association Exemple", phone=PHONE)
    lost.press(BUTTON)
    kept("check, call me", lost)
    with db.scope():
        link, found = (
            mail_link("asso@exemple.example"),
            session().scalars(sa.select(AssociationRequest)).one(),
        )
        reference, operator = found.reference, world.operator().actor

    def follow(name: str) -> None:
        for path in (link, f"{link}/lettre"):
            at.go(path)
            kept(f"{name} {path.removeprefix(link)}", at)

    follow("received")
    at.go(f"{link}/arret")
    kept("stop", at)
    with db.scope():
        services.record_call(reference, "reached", actor=operator)
    follow("called")
    with db.scope():
        services.announce(reference, 13, actor=operator)
    follow("found")
    with db.scope():
        day = clock.today() + timedelta(days=5)
        services.announce(reference, 1, actor=operator, come_on=day, come_at=PLACE)
    follow("come")
    with db.scope():
        services.close_request(reference, "met", actor=operator)
    follow("met")
    told = Answers(
        ("laptop",), (("laptop", 1),), ("families",), "Association Exemple", email="asso@exemple.example"
    )
    with db.scope():
        for n in range(2):
            services.send_request(told, once=f"{n:032}")
    for name, token in (("too many requests", ""), ("too late to change", link.rsplit("/", 1)[1])):
        with app.test_request_context():
            state = Step(told, token=token).seal()
        read = app.test_client().post(
            "/demande/envoi", data={"state": state}, headers={"Origin": "http://localhost"}
        )
        assert (read.status_code, "Il y a un problème" in read.text) == (409 if token else 429, True)
        pages[name] = read.text
    for outcome in ("unmet", "cancelled"):
        with db.scope():
            told = Answers(kinds=("tablet",), units=(("tablet", 2),), name="Association Exemple",
                           email=f"{outcome}@exemple.example")  # fmt: skip
            made = services.send_request(told, once=outcome.ljust(32, "0"))
            over = services.give_up if outcome == "cancelled" else services.close_request
            over(made.reference, *(["unmet"] if outcome == "unmet" else []), actor=operator)
            link = mail_link(f"{outcome}@exemple.example")
        follow(outcome)
    return pages


@pytest.mark.parametrize("backend", ["sqlite"])
def test_pages_letters_and_mails_speak_plainly(phoned: Flask, world: World) -> None:
    """Every scripted rule, on everything an association may be shown or sent, refusals included."""
    pages = walked(phoned, world)
    wrong = {name: found for name, page in pages.items() if (found := list(falc.faults(page, own=OWN)))}
    assert len(pages) > 25
    with db.scope():
        for mail in session().scalars(sa.select(Message)):
            name = f"mail {mail.template}"
            found = [
                *falc.faults(mail.html, own=OWN),
                *falc.text_faults(f"{mail.subject}\n{mail.text}", own=OWN),
            ]
            if found:
                wrong[name] = found
    assert wrong == {}
    missing = [
        name
        for name, page in pages.items()
        if PHONE not in page.partition("<main")[2].partition("</main>")[0]
    ]
    assert missing == [], "the number stands on every page"


PLANTED = {  # rule → a line that breaks it
    "4.1": "Vous pouvez demander des ordinateurs pour les personnes de votre association et toutes leurs familles ici.",
    "1.7": "Vous aidez des personnes. Ces personnes ont besoin d’un ordinateur.",
    "4.2": "Des ordinateurs (portables) pour vous",
    "5.1": "Ce formulaire a quatre questions.",
    "5.2": "Nous avons 1 200 appareils pour vous.",
    "5.3": "Venez le 04/03/2026.",
    "7.1": "Nous avons reçu votre demande.",
    "7.5": "Quel matériel voulez-vous ?",
    "1.6": "Votre SIRET est ici.",
}
TENSES = (
    "Une personne vous appellera.", "Votre demande est envoyée.", "Nous cherchions des appareils.",
    "Il faut que vous soyez là.", "Vous avez choisi un jour.", "Un appareil trouvé pour vous", "Vous pourriez venir.",
    "Nous avons bien trouvé un appareil.",
)  # fmt: skip


def test_the_lint_sees_each_fault_it_is_given() -> None:
    """A rule that finds nothing in its own counter-example proves nothing elsewhere."""
    for rule, line in PLANTED.items():
        assert any(fault.startswith(rule) for fault in falc.line_faults(line)), (
            rule,
            list(falc.line_faults(line)),
        )
    for line in TENSES:
        assert any(fault.startswith("7.1") for fault in falc.line_faults(line)), line
    for sign in falc.FORBIDDEN:
        assert any(fault.startswith("4.2") for fault in falc.line_faults(f"Un mot {sign} là")), sign
    page = '<div class="falc">{}</div>'
    seven = "".join("<input type='radio'>" for _ in range(7))
    shaped = {
        "1.12: 7 choices": f"<fieldset>{seven}</fieldset>", "1.3": "<p>Un <em>mot</em></p>",
        "1.12: 61 words": "<p>" + "<br>".join(["Un petit mot"] * 20 + ["Fin"]) + "</p>",
        "1.12: 2 questions": "<fieldset><legend>Quoi ?</legend></fieldset><fieldset><legend>Qui ?</legend></fieldset>",
        "1.7": "<p>Un mot.<b> Un autre.</b></p>",
    }  # fmt: skip
    for said, inside in shaped.items():
        assert any(fault.startswith(said) for fault in falc.faults(page.format(inside))), said
    assert list(falc.faults("<p>rien</p>")) == ["nothing under .falc"]


FLAWS = {  # what a style sheet may spoil → the rule that sees it
    ".falc p { font-size: 13px }": "1.1", ".falc h2 { font-family: monospace }": "1.2",
    ".falc p { font-style: italic }": "1.3", ".falc legend { text-decoration: underline }": "1.3",
    ".falc p { color: #6B6B6B }": "1.4", ".falc form { columns: 2 }": "1.5",
    ".falc label { text-transform: uppercase }": "1.6", ".falc p { hyphens: auto }": "1.8",
    ".falc p { word-break: break-all }": "1.8", ".falc p { line-height: 1.2 }": "1.13",
    ".falc p { margin-bottom: 4px }": "1.13", ".falc p { text-align: justify }": "1.14",
}  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"])
def test_pages_look_as_the_rules_ask(phoned: Flask, world: World, live_server: Any, open_page: Pages) -> None:
    """In a browser at 390 and 1280 px: size, contrast of 7, one column, lines; planted flaws are seen."""
    pages = walked(phoned, world)
    base = live_server(phoned)
    page = open_page(f"{base}/demande", bypass_csp=True)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        found = {}
        for name, source in pages.items():
            page.set_content(re.sub(r'(href|src)="/static', rf'\1="{base}/static', source), wait_until="load")
            seen = falc.looks(page)
            seen += ["too wide"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
            if seen:
                found[name] = seen
        assert found == {}, width
    page.goto(f"{base}/demande")
    assert falc.looks(page) == []
    for flaw, rule in FLAWS.items():
        style = page.add_style_tag(content=flaw)
        assert any(said.startswith(rule) for said in falc.looks(page)), flaw
        style.evaluate("element => element.remove()")
