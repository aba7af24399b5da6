"""What the demonstration allows and refuses under each regime: every case is there, on the page that is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Invitation, Organisation
from reuse_market.claims import services as claims
from reuse_market.demo import commune
from reuse_market.demo.acting import laptops_of
from reuse_market.demo.cases import CASES, Case
from reuse_market.demo.parties import address
from reuse_market.documents.models import Document
from reuse_market.kernel import db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.lots import services as lot_services
from reuse_market.lots.models import Lot
from reuse_market.lots.words import REGIMES
from reuse_market.notices.models import Message
from reuse_market.reservations import services as reservations
from reuse_market.reservations.models import OrientationVoucher
from tests.journeys.crawl import sign_in
from tests.support.demonstration import demonstration as demonstration_in

PASSWORD = "parc-commun-demo"
# regime → (sign-in, page, what stands there when it is allowed), and when it is refused with its article.
ALLOWED = {
    "public_transfer": [
        ("obliged-buyer", "/lots/{lot:8 portables et 10}", "18 appareils déclarés = 18 remis.")
    ],
    "free_transfer": [
        ("recipient-2", "/lots/{lot:10 portables pour}", "6 appareils attribués"),
        ("recipient", "/catalogue/{solidarity}", "Réserver"),
    ],
    "gift": [
        ("holder", "/lots/{lot:Renouvellement : 32}", "Attestation de don"),
        ("reuse-actor", "/lots/{lot:18 écrans 27}/prendre", "ce lot est réservé aux organismes publics"),
    ],
    "sale": [("reuse-actor", "/lots/{lot:15 téléphones}", "Mandat d’effacement")],
}
REFUSED = {
    "public_transfer": [
        ("public-holder", "/lots/{lot:2 portables récents}/relire", "450 €, plus de 300 €", "CG3P, art. L3212-2 11°"),
        ("recipient", "/lots/{lot:8 portables et 10}/prendre", "La loi ne permet pas", "CG3P, art. L3212-2 11°"),
    ],
    "free_transfer": [
        ("recipient", "/lots/{lot:10 portables pour}/prendre", "La loi ne cite pas ce destinataire",
         "CG3P, art. L3212-2"),
        ("buyer", "/catalogue/{solidarity}", "Aux personnes qui viennent avec un bon", "CG3P, art. L3212-2 3°"),
    ],
    "gift": [("public-holder", "/lots/{lot:6 imprimantes}/conditions", "Don Une personne publique ne cède",
              "CG3P, art. L3211-18")],
    "sale": [("public-holder", "/lots/{lot:5 ordinateurs fixes à vendre}/relire", "inférieur à la valeur estimée",
              "CGCT, art. L2122-22 10°")],
}  # fmt: skip
Open = Callable[[str, str], str]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the demonstration in it, once for this file."""
    folder = tmp_path_factory.mktemp("cases")
    return demonstration_in(folder)


@pytest.fixture(scope="module")
def look(demonstration: Flask) -> Open:
    """`look(login, path)`: what a person signed in so reads on that page, as one line."""
    clients: dict[str, FlaskClient] = {}

    def read(login: str, path: str) -> str:
        if login not in clients:
            clients[login] = (
                sign_in(demonstration, address(login), PASSWORD) if login else demonstration.test_client()
            )
        answer = clients[login].get(path)
        assert answer.status_code == 200, f"{login} {path}"
        return said(answer.text)

    return read


def said(page: str) -> str:
    """The words of a page, spaces made plain."""
    text = unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[-1]))
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def filled(path: str, demonstration: Flask) -> str:
    """The page's address, lots named by the beginning of their title."""
    with db.scope(), demonstration.app_context():
        key = laptops_of(_actor("Ressourcerie Exemple"), _actor("Acheteur Exemple"))
        titles = dict(session().execute(sa.select(Lot.title, Lot.reference)).all())
    found = re.sub(
        r"{lot:([^}]+)}", lambda said: next(titles[one] for one in titles if one.startswith(said[1])), path
    )
    return found.replace("{solidarity}", key)


def _actor(name: str) -> Actor:
    found = session().scalars(sa.select(Organisation).where(Organisation.name == name)).one()
    return Actor(organisation_id=found.id, roles=accounts.roles_of(found.id))


def test_each_regime_has_an_allowed_and_a_refused_case_where_it_is_told(
    demonstration: Flask, look: Open
) -> None:
    assert set(ALLOWED) == set(REFUSED) == {"sale", "gift", "free_transfer", "public_transfer"}
    told = []
    for regime, rows in ALLOWED.items():
        for login, path, words in rows:
            address_now = filled(path, demonstration)
            assert words in look(login, address_now), (login, path)
            told.append((regime, "Permis", address_now, address(login)))
    for regime, refused in REFUSED.items():
        for login, path, words, article in refused:
            address_now = filled(path, demonstration)
            page = look(login, address_now)
            assert words in page, (login, path)
            assert article in page, (login, path)
            told.append((regime, f"Refusé {article}", address_now, address(login)))
    tree = html.fromstring(demonstration.test_client().get("/demo/cas").text)
    listed = []
    for case, row in zip(sorted_cases(), tree.xpath("//tbody/tr"), strict=True):
        answer = row.xpath("string(td[1])").strip()
        answer += "" if case.allowed else " " + row.xpath("string(td[2])")
        listed.append((case.regime, answer, row.xpath("string(th/a/@href)"), row.xpath("string(td[3])")))
    assert sorted(listed) == sorted(told)


def sorted_cases() -> list[Case]:
    """The cases in the order of the page: by regime."""
    return [case for regime in REGIMES for case in CASES if case.regime == regime]


def test_what_is_refused_is_refused_by_the_verbs(demonstration: Flask) -> None:
    with db.scope(), demonstration.app_context():
        town, association = _actor("Commune Exemple"), _actor("Association Exemple")
        company, workshop = _actor("Acheteur Exemple"), _actor("Ressourcerie Exemple")
        lots = dict(session().execute(sa.select(Lot.title, Lot.id)).all())
        names = dict(session().execute(sa.select(Lot.title, Lot.reference)).all())
        key = laptops_of(workshop, company)
        acts: list[tuple[str, Callable[[], object]]] = [
            ("L3212-2 11°", lambda: lot_services.publish_lot(lots[commune.TOO_DEAR], actor=town)),
            ("L2122-22 10°", lambda: lot_services.publish_lot(lots[commune.TOO_CHEAP], actor=town)),
            ("L3211-18", lambda: lot_services.set_conditions(
                lots[commune.AS_A_GIFT], {"regime": "gift", "price_kind": "free"}, actor=town)),
            ("L3212-2", lambda: claims.submit_claim(
                names[commune.FREE], {1: 1}, actor=association, proposal="free", undertaken=True)),
            ("L3212-2 3°", lambda: reservations.place_reservation(key, 1, actor=company)),
        ]  # fmt: skip
        for article, act in acts:
            with pytest.raises(Invalid) as refused:
                act()
            assert str(refused.value.params["article"]).endswith(article)


def test_who_is_admitted_and_what_waits(demonstration: Flask, look: Open) -> None:
    """Vouchers, organisations, an invitation, a mail that failed, and the call the operator answered."""
    with db.scope():
        vouchers = sorted(session().scalars(sa.select(OrientationVoucher.state)))
        states = dict(session().execute(sa.select(Organisation.name, Organisation.state)).all())
        invited = list(session().scalars(sa.select(Invitation.email).where(Invitation.accepted_at.is_(None))))
        failed = list(session().scalars(sa.select(Message.to_address).where(Message.state == "failed")))
        papers = set(session().scalars(sa.select(Document.kind)))
        called = sa.select(Message).where(
            Message.template == "acts_on_behalf", Message.to_address == address("reuse-actor")
        )
        mail = session().scalars(called).one()
        number, to = mail.id, mail.to_address
    assert vouchers == ["expired", "issued", "used"]
    wanted = {
        "Café Numérique Exemple": "to_verify", "Entraide Exemple": "verified",
        "Revendeur Exemple": "refused", "Recyclerie Exemple": "suspended",
    }  # fmt: skip
    assert {name: states[name] for name in wanted} == wanted
    assert invited == ["collegue@demo.example", "adresse-fausse@demo.example"]
    assert failed == ["adresse-fausse@demo.example"]
    assert papers >= {
        "transfer_agreement", "undertaking", "decision_annex", "erasure_mandate", "gift_statement", "quote",
    }  # fmt: skip
    assert to == address("reuse-actor")
    assert "par téléphone" in look("reuse-actor", "/compte/actes")
    assert "Animation (démo)" in look("", f"/demo/courrier/{number}")
    assert "adresse-fausse@demo.example" in look("operator", "/console/messages")
    assert "Café Numérique Exemple" in look("operator", "/console/organismes")
    assert "Utilisé" in look("recipient", "/bons")
