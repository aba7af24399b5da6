"""Registering an organisation: what is asked, what is never told, and the way to the admission."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import queries, registration, services
from reuse_market.accounts.models import Membership, Organisation, Person
from reuse_market.accounts.registration import Application
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, TooMany
from reuse_market.notices.models import Message
from reuse_market.traceability.models import Event
from tests.lots.visiting import Visitor
from tests.support.world import PASSWORD, Party, World

SIRET = "73282932000074"
ANSWERS: dict[str, Any] = {
    "name": "Nouvelle Exemple", "siret": "732 829 320 00074", "legal_kind": "company", "roles": ["holder"],
    "street": "1 rue de l’Exemple", "postcode": "38320", "commune_name": "Eybens", "phone": "04 00 00 00 00",
    "person_name": "Camille Exemple", "email": "Camille@nouvelle.example",
}  # fmt: skip
ASKED = Application(
    name="Nouvelle Exemple", legal_kind="company", roles=("holder",), postcode="38320", commune_name="Eybens",
    siret=SIRET, person_name="Camille Exemple", email="camille@nouvelle.example",
)  # fmt: skip


def counts() -> tuple[int, int, int]:
    """How many organisations, people and memberships there are."""
    session().expire_all()
    tables = (Organisation, Person, Membership)
    return tuple(session().scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables)


def mails() -> dict[str, Message]:
    """Address → its newest message."""
    return {m.to_address: m for m in session().scalars(sa.select(Message).order_by(Message.id))}


def send(client: FlaskClient, **changes: Any) -> Visitor:
    """Fill the form in, check, send."""
    visitor = Visitor(client).open("/inscription")
    visitor.press("Vérifier mes réponses", **(ANSWERS | changes))
    return visitor.press("Envoyer l’inscription")


def test_from_the_form_to_the_admission(client: FlaskClient, app: Flask, world: World) -> None:
    visitor = Visitor(client).open("/connexion").follow("Inscrire un organisme")
    visitor.press("Vérifier mes réponses", **ANSWERS)
    assert "73282932000074" in visitor.text
    visitor.press("Modifier mes réponses")
    assert visitor.tree.xpath("//input[@name='name']/@value") == ["Nouvelle Exemple"]
    visitor.press("Vérifier mes réponses", phone="04 00 00 00 01").press("Envoyer l’inscription")
    assert client.get_cookie("parc") is None
    reference = visitor.tree.xpath("string(//b[@class='ref'])")
    assert re.fullmatch(r"INS-[2-9A-HJ-NP-Z]{6}", reference)
    made = queries.organisation_by_reference(reference)
    assert made is not None
    assert (made.state, made.siret, made.phone, made.name) == (
        "to_verify",
        SIRET,
        "04 00 00 00 01",
        "Nouvelle Exemple",
    )
    assert made.answer_until == clock.in_days(7)
    assert [site.commune_insee for site in queries.sites_of(made.id)] == ["38158"]
    mail = mails()["camille@nouvelle.example"]
    assert reference in mail.text
    [link] = re.findall(r"/confirmer/[\w-]+", mail.text)
    Visitor(client).open(link).press("Enregistrer ce mot de passe", password=PASSWORD)
    person = queries.person_by_email("camille@nouvelle.example")
    assert person is not None
    member = Visitor(app.test_client(), Party(made.id, person.id, person.email, None, Actor()))
    member.open("/mon-espace")
    assert "en cours de vérification" in member.text
    member.follow("Compléter le dossier de votre organisme").follow("Lire et signer la charte")
    member.press("Signer la charte", agreed="y")
    operator = Visitor(app.test_client(), world.operator()).open("/console")
    assert reference in operator.text
    operator.follow(f"Vérifier l’organisme {reference}").follow("Admettre l’organisme")
    operator.press("Admettre l’organisme", roles=["holder", "buyer"])
    assert "Admis" in operator.text
    assert "admis" in mails()["camille@nouvelle.example"].subject
    actor = queries.actor_of(person.id)
    assert actor is not None
    assert (actor.roles, actor.commits) == ({"holder", "buyer"}, True)
    written = sa.select(Event.type).where(Event.stream == services.stream(made.id)).order_by(Event.seq)
    assert list(session().scalars(written)) == [
        "organisation.registered", "organisation.charter-signed", "organisation.admitted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"siret": "732829320"}, "Ce numéro est un SIREN"),
        ({"siret": "73282932000075"}, "Un chiffre de ce SIRET est faux"),
        ({"siret": "", "rna": "381234567"}, "Indiquez la lettre W et 9 chiffres"),
        ({"roles": []}, "Choisissez"),
        ({"legal_kind": ""}, "Choisissez"),
        ({"email": "camille"}, "Indiquez une adresse électronique"),
        ({"postcode": "3832"}, "les cinq chiffres"),
        ({"name": ""}, "Remplissez ce champ"),
    ],
)
def test_mistakes_are_told(client: FlaskClient, world: World, typed: dict[str, Any], said: str) -> None:
    visitor = Visitor(client).open("/inscription").press("Vérifier mes réponses", 422, **(ANSWERS | typed))
    assert said in visitor.text
    assert visitor.page.headers.getlist("Set-Cookie") == []


def test_la_poste_an_association_and_neither(client: FlaskClient, world: World) -> None:
    for number, typed in enumerate([
        {"siret": "35600000049837"}, {"siret": "", "rna": "w381 234 567", "legal_kind": "association"},
        {"siret": "", "rna": ""},
    ]):  # fmt: skip
        send(client, email=f"personne-{number}@nouvelle.example", **typed)
    found = session().scalars(sa.select(Organisation).order_by(Organisation.id)).all()[-3:]
    assert [(one.siret, one.rna) for one in found] == [
        ("35600000049837", None), (None, "W381234567"), (None, None),
    ]  # fmt: skip


def test_a_known_address_or_siret_is_never_told_on_the_page(app: Flask, world: World, holder: Party) -> None:
    """The three pages are the same word for word, but for the reference."""
    services.register_organisation(
        "Déjà Exemple", "company", ["holder"], actor=Actor(), siret="35600000049837"
    )
    known = queries.organisation_by_siret("35600000049837")
    assert known is not None
    services.add_member(holder.person_id, known.id)
    before, pages = counts(), []
    for changes in ({"email": holder.email}, {"siret": "35600000049837"}):
        visitor = send(app.test_client(), **changes)
        pages.append(re.sub(r"INS-\w{6}", "REF", visitor.text))
        assert counts() == before
    pages.append(re.sub(r"INS-\w{6}", "REF", send(app.test_client()).text))
    assert counts() == tuple(n + 1 for n in before)
    assert len(set(pages)) == 1
    sent = {m.template: m for m in session().scalars(sa.select(Message))}
    assert set(sent) == {
        "registration_address_known", "registration_known", "registration_asked_to_join",
        "registration_received",
    }  # fmt: skip
    assert sent["registration_address_known"].to_address == holder.email
    assert sent["registration_asked_to_join"].to_address == holder.email
    assert sent["registration_known"].to_address == "camille@nouvelle.example"
    assert "Personne 1" not in sent["registration_known"].text  # nobody is named
    assert holder.email not in sent["registration_known"].text


def test_sent_twice_it_is_registered_once(client: FlaskClient, world: World) -> None:
    visitor = Visitor(client).open("/inscription").press("Vérifier mes réponses", **ANSWERS)
    page = visitor.page
    visitor.press("Envoyer l’inscription")
    before = counts()
    visitor.page, visitor.url = page, "/inscription"
    visitor.press("Envoyer l’inscription")
    assert counts() == before


def test_answers_cannot_be_made_up(client: FlaskClient, world: World) -> None:
    for state in ("", "nonsense", "WyJhIl0.aaa.bbb"):
        answer = client.post(
            "/inscription/envoi", data={"state": state}, headers={"Origin": "http://localhost"}
        )
        assert answer.status_code == 422
    assert client.post("/inscription/envoi", data={"state": "x"}).status_code == 403


def test_no_role_that_oversees_can_be_asked_for(world: World) -> None:
    for role in ("operator", "administrator", "auditor", "nonsense"):
        asked = replace(ASKED, roles=("holder", role), email=f"{role}@nouvelle.example")
        with pytest.raises(Invalid):
            registration.apply(asked, "INS-222222", network="")


def test_a_few_in_a_quarter_of_an_hour(world: World) -> None:
    for number in range(3):
        registration.apply(replace(ASKED, siret=""), f"INS-22222{number}", network="203.0.113.1")
    with pytest.raises(TooMany):
        registration.apply(replace(ASKED, siret=""), "INS-222229", network="203.0.113.2")
    for number in range(7):
        other = replace(ASKED, siret="", email=f"n{number}@nouvelle.example")
        registration.apply(other, f"INS-33333{number}", network="203.0.113.1")
    with pytest.raises(TooMany):
        registration.apply(
            replace(ASKED, siret="", email="z@nouvelle.example"), "INS-444444", network="203.0.113.1"
        )
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        registration.apply(
            replace(ASKED, siret="", email="z@nouvelle.example"), "INS-444444", network="203.0.113.1"
        )


def test_somebody_signed_in_registers_another_one(app: Flask, world: World, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/inscription")
    answers = {k: v for k, v in ANSWERS.items() if k not in ("person_name", "email")}
    visitor.press("Vérifier mes réponses", **answers).press("Envoyer l’inscription")
    made = queries.organisation_by_siret(SIRET)
    assert made is not None
    assert [m.organisation_id for m in queries.memberships(holder.person_id)] == [
        holder.organisation_id,
        made.id,
    ]
    assert "/confirmer/" not in mails()[holder.email].text


def test_the_operator_registers_who_calls(app: Flask, world: World, holder: Party) -> None:
    visitor = Visitor(app.test_client(), world.operator()).open("/console/organismes")
    visitor.follow("Inscrire un organisme").press("Inscrire l’organisme", **ANSWERS)
    assert "Nouvelle Exemple est inscrit" in visitor.text
    assert "/confirmer/" in mails()["camille@nouvelle.example"].text
    visitor.open("/console/organismes/nouveau").press("Inscrire l’organisme", 409, **ANSWERS)
    assert "Nouvelle Exemple" in visitor.text  # the operator is told by whom
    with pytest.raises(NotAllowed):
        registration.register_for(ASKED, actor=holder.actor)
    with pytest.raises(Conflict):
        registration.register_for(ASKED, actor=world.operator().actor)


def test_in_english_too(client: FlaskClient, world: World) -> None:
    visitor = Visitor(client).open("/inscription?lang=en").press("Check my answers", **ANSWERS)
    visitor.press("Send the registration")
    assert "Registration received" in visitor.text
    assert mails()["camille@nouvelle.example"].subject.startswith("Your registration")
