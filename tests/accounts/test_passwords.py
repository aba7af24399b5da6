"""A lost password: the link, its one use, what ends and what goes on; anonymous, without a cookie."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import links, password_reset, services, tokens
from reuse_market.accounts.models import AccountLink
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, TooMany
from reuse_market.notices import queries as notices
from reuse_market.traceability.models import Event
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.races import together
from tests.support.world import PASSWORD, Party, World

NEW = "une autre phrase de passe"


def asked(party: Party) -> str:
    """The token of the newest link mailed to the party."""
    message = notices.messages(address=party.email)[0]
    assert message.template == "password_link"
    return str(message.facts["secret"])


def signs_in(client: FlaskClient, party: Party, password: str) -> bool:
    data = {"email": party.email, "password": password}
    return client.post("/connexion", data=data, headers=ORIGIN).status_code == 302


def test_the_whole_way(app: Flask, holder: Party) -> None:
    elsewhere = Visitor(app.test_client(), holder)
    visitor = Visitor(app.test_client())
    visitor.open("/connexion").follow("J’ai perdu mon mot de passe").press(
        "M’envoyer le lien", email=holder.email
    )
    assert f"Si {holder.email} a un compte" in visitor.text
    token = asked(holder)
    visitor.open(f"/mot-de-passe/{token}").press("Enregistrer ce mot de passe", 422, password="court")
    assert "Choisissez un mot de passe d’au moins 12 caractères." in visitor.text
    visitor.press("Enregistrer ce mot de passe", password=NEW)
    assert "Votre mot de passe est changé. Connectez-vous avec le nouveau." in visitor.text
    assert visitor.client.get_cookie("parc") is None
    assert not signs_in(app.test_client(), holder, PASSWORD)
    assert signs_in(app.test_client(), holder, NEW)
    assert elsewhere.client.get("/compte").status_code == 302
    assert notices.messages(address=holder.email)[0].template == "password_changed"


def test_an_unknown_address_gets_the_same_page(app: Flask, holder: Party) -> None:
    pages = []
    for email in (holder.email, "nobody@test.example"):
        visitor = (
            Visitor(app.test_client()).open("/mot-de-passe-oublie").press("M’envoyer le lien", email=email)
        )
        pages.append(visitor.page.text.replace(email, "…"))
        assert "Set-Cookie" not in visitor.page.headers
    assert pages[0] == pages[1]
    assert notices.messages(address="nobody@test.example") == []


def test_opening_the_link_changes_nothing(app: Flask, holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    client = app.test_client()
    for _ in range(3):
        page = client.get(f"/mot-de-passe/{token}")
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
    assert client.head(f"/mot-de-passe/{token}").status_code == 200
    assert links.peek(token, "reset_password") is not None


def test_a_dead_link_says_how_to_get_another(app: Flask, holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    password_reset.choose_password(token, NEW)
    pages = {}
    for name, address in {"used": token, "unknown": "x" * 43}.items():
        visitor = Visitor(app.test_client()).open(f"/mot-de-passe/{address}", 410)
        pages[name] = visitor.page.text.replace(address, "…")
    assert pages["used"] == pages["unknown"]
    visitor.follow("Demander un nouveau lien")
    assert "Mot de passe perdu" in visitor.text
    assert (
        visitor.client.post(f"/mot-de-passe/{token}", data={"password": NEW}, headers=ORIGIN).status_code
        == 410
    )


def test_a_link_lasts_a_day(app: Flask, holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    now = clock.now()
    with clock.frozen(now + timedelta(hours=23)):
        assert links.peek(token, "reset_password") is not None
    with clock.frozen(now + timedelta(days=1, seconds=1)):
        assert links.peek(token, "reset_password") is None
        with pytest.raises(Conflict):
            password_reset.choose_password(token, NEW)
        assert links.forget_old() == 1


def test_a_link_serves_its_purpose_only(holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    assert links.peek(token, "join") is None
    with pytest.raises(Conflict):
        links.use_link(token, "confirm_address")
    assert links.peek(token, "reset_password") is not None


def test_a_short_password_leaves_the_link_good(holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    with pytest.raises(Invalid):
        password_reset.choose_password(token, "court")
    password_reset.choose_password(token, NEW)


def test_using_one_link_kills_the_others(holder: Party) -> None:
    for _ in range(2):
        password_reset.ask(holder.email, network="192.0.2.1")
    newer, older = [str(m.facts["secret"]) for m in notices.messages(address=holder.email)[:2]]
    password_reset.choose_password(older, NEW)
    assert links.peek(newer, "reset_password") is None


def test_two_at_once_one_gets_it(holder: Party) -> None:
    password_reset.ask(holder.email, network="192.0.2.1")
    token = asked(holder)
    outcomes = together(4, lambda n: password_reset.choose_password(token, f"{NEW} {n}"))
    assert sum(one.error is None for one in outcomes) == 1
    assert all(isinstance(one.error, DomainError) for one in outcomes if one.error)


def test_requests_are_limited_by_address_and_by_network(holder: Party) -> None:
    for _ in range(3):
        password_reset.ask(holder.email, network="192.0.2.1")
    with pytest.raises(TooMany):
        password_reset.ask(holder.email, network="192.0.2.2")
    for n in range(17):
        password_reset.ask(f"p{n}@test.example", network="192.0.2.1")
    with pytest.raises(TooMany):
        password_reset.ask("other@test.example", network="192.0.2.1")
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        password_reset.ask(holder.email, network="192.0.2.1")


def test_tokens_of_the_api_go_on(holder: Party) -> None:
    _made, secret = tokens.make_token(holder.person_id, holder.organisation_id, ["read"])
    password_reset.ask(holder.email, network="192.0.2.1")
    password_reset.choose_password(asked(holder), NEW)
    assert tokens.granted(secret) is not None


def test_a_closed_account_gets_no_link(holder: Party) -> None:
    from reuse_market.accounts.models import Person

    @db.command
    def close() -> None:
        session().get_one(Person, holder.person_id).active = False

    close()
    password_reset.ask(holder.email, network="192.0.2.1")
    assert notices.messages(address=holder.email) == []


def test_the_secret_is_nowhere_but_in_the_mail(world: World, holder: Party) -> None:
    token = password_reset.copy_link(holder.person_id, actor=world.operator().actor)
    assert [row.token_sha256 for row in session().query(AccountLink)] != [token]
    events = [event.payload for event in session().query(Event) if event.type == "organisation.link_copied"]
    assert len(events) == 1
    assert token.encode() not in bytes(str(events), "utf-8")


WHO_TAKES_A_LINK = {  # (whose link, who asks) → may take it
    ("holder", "operator"): True,
    ("holder", "administrator"): True,
    ("holder", "holder"): False,
    ("holder", "auditor"): False,
    ("operator", "operator"): False,
    ("operator", "administrator"): True,
    ("administrator", "operator"): False,
    ("administrator", "administrator"): True,
}


@pytest.mark.parametrize(("whose", "who"), WHO_TAKES_A_LINK)
def test_who_takes_a_link_for_somebody(world: World, whose: str, who: str) -> None:
    target, asking = world.party(f"Cible {whose}", whose), world.party(f"Demandeur {who}", who)
    if WHO_TAKES_A_LINK[whose, who]:
        assert links.peek(password_reset.copy_link(target.person_id, actor=asking.actor), "reset_password")
    else:
        with pytest.raises(DomainError):
            password_reset.copy_link(target.person_id, actor=asking.actor)


def test_the_first_password_is_not_told_as_a_change(world: World) -> None:
    person = services.add_person("Personne Neuve", "neuve@test.example")
    services.change_password(person.id, NEW)
    assert notices.messages(address="neuve@test.example") == []
    services.change_password(person.id, PASSWORD)
    assert [m.template for m in notices.messages(address="neuve@test.example")] == ["password_changed"]


def test_english_follows_the_link(app: Flask, holder: Party) -> None:
    services.set_language(holder.person_id, "en")
    password_reset.ask(holder.email, network="192.0.2.1")
    message = notices.messages(address=holder.email)[0]
    link = re.search(r"https?://[^/]+(/mot-de-passe/\S+)", message.text)
    assert link is not None
    visitor = Visitor(app.test_client()).open(link.group(1))
    assert "Choose a new password" in visitor.text
    visitor.press("Keep this password", password=NEW)
    assert "Your password is changed. Sign in with it." in visitor.text
