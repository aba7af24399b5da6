"""Messages that do not arrive: why in words, a fresh link to hand on, sent again."""

from __future__ import annotations

import pytest
from flask import Flask

from reuse_market import notices as outbox
from reuse_market.accounts import invitations, password_reset, services
from reuse_market.kernel.db import session
from reuse_market.notices import queries as notices
from reuse_market.notices.jobs import deliver_due
from reuse_market.notices.wording import meaning
from reuse_market.traceability.models import Event
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.edges import MailSink
from tests.support.world import World

GUEST = "zoe@test.example"


def point_at(sink: MailSink) -> None:
    outbox.configure(
        base_url="https://parc.example", mail_url=sink.url, sender="Parc commun <no-reply@parc.example>"
    )


@pytest.fixture
def refused(app: Flask, world: World, smtp_sink: MailSink) -> MailSink:
    """A sink that refuses, an invitation and a password link it has refused."""
    point_at(smtp_sink)
    holder = world.holder()
    invitations.invite(
        holder.organisation_id, email=GUEST, name="Zoé Exemple", rights="prepare", actor=holder.actor
    )
    password_reset.ask(holder.email, network="192.0.2.1")
    smtp_sink.refuse = "550 5.1.1 no such user"
    assert deliver_due() == 0
    return smtp_sink


def test_the_list_says_why_and_never_the_mailed_link(operator: Visitor, refused: MailSink) -> None:
    operator.open("/console/messages")
    assert "L’adresse n’existe pas, ou son serveur nous refuse." in operator.text
    assert "550 5.1.1 no such user" in operator.text
    for message in notices.messages():
        assert message.facts["secret"] not in operator.page.text


def test_copying_the_invitations_link(app: Flask, operator: Visitor, refused: MailSink) -> None:
    operator.open("/console/messages").press(f"Copier le lien {GUEST}")
    address = operator.tree.xpath("//input[@id='link']/@value")[0]
    assert address.startswith("https://parc.example/invitation/")
    assert address not in {m.facts["url"] for m in notices.messages()}
    event = session().query(Event).filter_by(type="organisation.link_copied").one()
    assert event.via == "self"
    guest = Visitor(app.test_client()).open(address.removeprefix("https://parc.example"))
    guest.press("Rejoindre l’organisme", password="une phrase de passe à moi")


def test_copying_a_password_link(app: Flask, world: World, operator: Visitor, refused: MailSink) -> None:
    email = world.holder().email
    operator.open("/console/messages").press(f"Copier le lien {email}")
    address = operator.tree.xpath("//input[@id='link']/@value")[0]
    guest = Visitor(app.test_client()).open(address.removeprefix("https://parc.example"))
    guest.press("Enregistrer ce mot de passe", password="une phrase de passe à moi")
    words = {"email": email, "password": "une phrase de passe à moi"}
    signed_in = app.test_client().post("/connexion", data=words, headers={"Origin": "http://localhost"})
    assert signed_in.status_code == 302


def test_sent_again_it_arrives_and_its_secret_is_blanked(operator: Visitor, refused: MailSink) -> None:
    refused.refuse = None
    token = notices.messages(address=GUEST)[0].facts["secret"]
    operator.open("/console/messages").press(f"Renvoyer le courriel {GUEST}")
    assert deliver_due() == 1
    (mail,) = refused.messages
    assert token in mail.get_body(("plain",)).get_content()
    assert token in mail.get_body(("html",)).get_content()
    session().expire_all()
    kept = notices.messages(address=GUEST)[0]
    assert kept.state == "sent"
    assert token not in f"{kept.text}{kept.html}{kept.facts}"


def test_the_auditor_takes_no_link(app: Flask, world: World, refused: MailSink) -> None:
    auditor = Visitor(app.test_client(), world.party("Audit Exemple", "auditor"))
    for message in notices.messages():
        answer = auditor.client.post(f"/console/messages/{message.id}/lien", headers=ORIGIN)
        assert answer.status_code == 403


MAILS = {  # template → (French subject, English subject)
    "password_link": ("Choisir un nouveau mot de passe", "Choose a new password"),
    "password_changed": ("Votre mot de passe a été changé", "Your password was changed"),
    "invitation": (
        "Vous êtes invité à agir pour Entreprise Exemple", "You are invited to act for Entreprise Exemple",
    ),
    "member_changed": (
        "Vos droits pour Entreprise Exemple ont changé", "Your rights for Entreprise Exemple have changed",
    ),
    "member_removed": (
        "Vous n’agissez plus pour Entreprise Exemple", "You no longer act for Entreprise Exemple",
    ),
    "token_made": ("Un jeton a été créé pour votre compte", "A token was made for your account"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mail_in_both_languages(app: Flask, world: World, smtp_sink: MailSink, language: str) -> None:
    point_at(smtp_sink)
    _send_each(world, language)
    deliver_due()
    place = 0 if language == "fr" else 1
    assert sorted(m["Subject"] for m in smtp_sink.messages) == sorted(s[place] for s in MAILS.values())
    for mail in smtp_sink.messages:
        assert mail["Content-Language"] == language
        plain = mail.get_body(("plain",)).get_content()
        page = mail.get_body(("html",)).get_content()
        assert ("Bonjour" if language == "fr" else "Hello") in plain
        assert f'<html lang="{language}">' in page
        for address in (word for word in plain.split() if word.startswith("https://parc.example/")):
            assert address.replace("&", "&amp;") in page


def _send_each(world: World, language: str) -> None:
    from reuse_market.accounts import members, tokens

    holder = world.holder()
    services.set_language(holder.person_id, language)
    other = services.add_person("Zoé Exemple", "colleague@test.example", password="x" * 12, language=language)
    services.add_member(other.id, holder.organisation_id)
    other_id = other.id
    invitations.invite(
        holder.organisation_id,
        email=GUEST,
        name="Zoé",
        rights="commit",
        language=language,
        actor=holder.actor,
    )
    password_reset.ask(holder.email, network="192.0.2.1")
    services.change_password(holder.person_id, "une autre phrase de passe")
    tokens.make_own_token(["read"], label="Outil", days=30, actor=holder.actor)
    members.change_member(holder.organisation_id, other_id, rights="prepare", until=None, actor=holder.actor)
    members.remove_member(holder.organisation_id, other_id, actor=holder.actor)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("550 5.1.1 no such user", "The address does not exist, or its server refuses us."),
        ("552 5.2.2 over quota", "The mailbox is full."),
        ("554 5.7.1 spam", "The server takes this message for unwanted mail."),
        ("451 greylisted", "The server asks us to come back later."),
        ("535 bad credentials", "The mail server does not accept our own sign-in: a setting to correct."),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "The mail server cannot be reached."),
        ("TimeoutError: timed out", "The mail server cannot be reached."),
        ("", "The mail server gave no reason we know."),
    ],
)
def test_what_an_answer_means(answer: str, said: str) -> None:
    assert meaning(answer) == said
