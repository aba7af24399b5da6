"""Signing in: limited tries, one refusal for all, no cookie for nothing, no way out of the site."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reuse_market.accounts.models import Person, SignInAttempt
from reuse_market.factory import create_app
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.world import PASSWORD, Party, World

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
REFUSAL = "L’adresse électronique ou le mot de passe est faux."


def attempt(
    client: FlaskClient,
    email: str,
    password: str = "faux mot de passe",
    headers: dict[str, str] = ORIGIN,
    **more: str,
) -> TestResponse:
    """Post the form as a visitor's browser does."""
    return client.post("/connexion", data={"email": email, "password": password} | more, headers=headers)


def test_the_right_password_opens(client: FlaskClient, holder: Party) -> None:
    answer = attempt(client, holder.email.upper(), PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/mon-espace")
    assert client.get("/compte").status_code == 200


def test_no_cookie_before_signing_in(client: FlaskClient, holder: Party) -> None:
    for answer in (
        client.get("/"),
        client.get("/connexion"),
        attempt(client, holder.email),
        client.get("/compte"),
    ):
        assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, holder: Party) -> None:
    [cookie] = attempt(client, holder.email, PASSWORD).headers.getlist("Set-Cookie")
    words = {word.strip() for word in cookie.split(";")[1:]}
    assert words == {"HttpOnly", "Path=/", "SameSite=Lax"}  # no Expires: it ends with the browser


def test_the_cookie_is_secure_where_the_site_is(app: Flask, holder: Party) -> None:
    secure = create_app(replace(app.config["SETTINGS"], secure_cookies=True))
    [cookie] = attempt(secure.test_client(), holder.email, PASSWORD).headers.getlist("Set-Cookie")
    assert "Secure" in {word.strip() for word in cookie.split(";")}


def test_one_refusal_for_all(client: FlaskClient, world: World, holder: Party) -> None:
    """Whether the address exists, is closed or has no password is not told."""
    closed, without = world.buyer(), world.recipient()

    @db.command
    def change() -> None:
        session().get_one(Person, closed.person_id).active = False
        session().get_one(Person, without.person_id).password_hash = None

    change()
    answers = [
        attempt(client, holder.email),
        attempt(client, "personne@nulle-part.example"),
        attempt(client, closed.email, PASSWORD),
        attempt(client, without.email, PASSWORD),
        attempt(client, without.email, ""),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert [REFUSAL in answer.text for answer in answers] == [True] * 4 + [False]  # an empty field says so
    assert "Remplissez ce champ." in answers[-1].text


def test_what_was_typed_stays_but_the_password(client: FlaskClient, holder: Party) -> None:
    said = attempt(client, holder.email, "un secret mal tapé").text
    assert f'value="{holder.email}"' in said
    assert "un secret mal tapé" not in said


def test_eight_wrong_tries_then_wait(client: FlaskClient, world: World, holder: Party) -> None:
    with clock.frozen(NOON):
        assert [attempt(client, holder.email).status_code for _ in range(9)] == [422] * 8 + [429]
        blocked = attempt(client, holder.email, PASSWORD)
        assert blocked.status_code == 429
        assert "Attendez un quart d’heure" in blocked.text
        assert attempt(client, world.buyer().email, PASSWORD).status_code == 302
    with clock.frozen(NOON + timedelta(minutes=15, seconds=1)):
        assert attempt(FlaskClient(client.application), holder.email, PASSWORD).status_code == 302


def test_an_unknown_address_is_limited_alike(client: FlaskClient, world: World) -> None:
    answers = [attempt(client, "personne@nulle-part.example").status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


def test_a_success_forgets_the_wrong_tries(app: Flask, holder: Party) -> None:
    for _ in range(7):
        attempt(app.test_client(), holder.email)
    assert attempt(app.test_client(), holder.email, PASSWORD).status_code == 302
    assert [attempt(app.test_client(), holder.email).status_code for _ in range(8)] == [422] * 8


def test_one_network_trying_many_addresses_waits_too(client: FlaskClient, world: World) -> None:
    answers = [attempt(client, f"personne-{n}@nulle-part.example").status_code for n in range(41)]
    assert answers == [422] * 40 + [429]


def test_tries_are_kept_without_address_and_not_for_long(client: FlaskClient, holder: Party) -> None:
    with clock.frozen(NOON):
        attempt(client, holder.email)
        kept = session().scalars(sa.select(SignInAttempt)).all()
        assert len(kept) == 2
        assert not any(holder.email in one.subject or "127.0.0.1" in one.subject for one in kept)
        db.release()
    with clock.frozen(NOON + timedelta(minutes=16)):
        attempt(client, "personne@nulle-part.example")
    assert session().scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 2


ELSEWHERE = [
    "https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example/", "\\\\ailleurs.example", "ailleurs",
    "javascript:alert(1)", "/\t/ailleurs.example", "http:/compte", " //x.example",
]  # fmt: skip


def test_nobody_is_sent_elsewhere(app: Flask, holder: Party) -> None:
    sent = {to: attempt(app.test_client(), holder.email, PASSWORD, next=to).location for to in ELSEWHERE}
    assert sent == dict.fromkeys(ELSEWHERE, "/mon-espace")


def test_one_goes_on_where_one_was_going(client: FlaskClient, holder: Party) -> None:
    sent = client.get("/compte?x=1")
    assert sent.status_code == 302
    assert sent.location == "/connexion?next=/compte?x%3D1"
    page = client.get(sent.location).text
    assert 'name="next" type="hidden" value="/compte?x=1"' in page
    assert attempt(client, holder.email, PASSWORD, next="/compte?x=1").location == "/compte?x=1"


FOREIGN: list[dict[str, str]] = [
    {}, {"Origin": "https://ailleurs.example"}, {"Origin": "null"}, {"Referer": "https://ailleurs.example/x"},
    {"Origin": "http://localhost.ailleurs.example"}, ORIGIN | {"Sec-Fetch-Site": "cross-site"},
    ORIGIN | {"Sec-Fetch-Site": "same-site"},
]  # fmt: skip


def test_a_sign_in_from_elsewhere_is_refused(client: FlaskClient, holder: Party) -> None:
    for headers in FOREIGN:
        answer = attempt(client, holder.email, PASSWORD, headers=headers)
        assert answer.status_code == 403, headers
        assert "Set-Cookie" not in answer.headers, headers
    assert (
        attempt(client, holder.email, PASSWORD, headers={"Referer": "http://localhost/x"}).status_code == 302
    )


def test_once_signed_in_a_token_is_asked(client: FlaskClient, holder: Party) -> None:
    attempt(client, holder.email, PASSWORD)
    client.get("/compte")
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "faux"}, {"csrf_token": "É"}):
        answer = client.post("/compte/langue", data={"language": "en"} | token, headers=ORIGIN)
        assert answer.status_code == 403, token
    assert session().get_one(Person, holder.person_id).language == "fr"


def test_the_token_of_another_session_is_no_token(app: Flask, world: World, holder: Party) -> None:
    mine, other = Visitor(app.test_client(), holder), Visitor(app.test_client(), world.buyer())
    stolen = other.open("/compte").tree.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"language": "en", "csrf_token": stolen}
    assert mine.client.post("/compte/langue", data=data, headers=ORIGIN).status_code == 403


def test_signing_out_ends_the_session(client: FlaskClient, holder: Party) -> None:
    visitor = Visitor(client, holder).open("/compte")
    kept = client.get_cookie("parc")
    visitor.press("Se déconnecter")
    assert client.get_cookie("parc") is None
    assert client.get("/compte").status_code == 302
    assert kept is not None


def test_changing_account_without_signing_out(client: FlaskClient, world: World, holder: Party) -> None:
    visitor = Visitor(client, holder).open("/connexion")
    visitor.press("Se connecter", 302, email=world.buyer().email, password=PASSWORD)
    assert "Acheteur Exemple" in visitor.open("/compte").page.text


@pytest.mark.usefixtures("strong_passwords")
def test_old_digests_are_made_again_with_todays_strength(client: FlaskClient, holder: Party) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    @db.command
    def weaken() -> None:
        session().get_one(Person, holder.person_id).password_hash = weak

    weaken()
    assert attempt(client, holder.email, PASSWORD).status_code == 302
    session().expire_all()
    kept = session().get_one(Person, holder.person_id).password_hash
    assert kept is not None
    assert "m=19456,t=2,p=1" in kept
