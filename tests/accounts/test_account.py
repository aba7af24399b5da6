"""The account: password, language, for whom one acts; and what an organisation's state allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts import queries, services
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Membership, Person
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid
from tests.lots.visiting import Visitor
from tests.support.world import PASSWORD, Party, World

NEW = "une autre phrase de passe"


@db.command
def set_until(party: Party, days: int | None) -> None:
    """Let the party's membership end so many days from today."""
    kept = session().query(Membership).filter_by(person_id=party.person_id).one()
    kept.until = None if days is None else clock.today() + timedelta(days=days)


def test_a_new_password_ends_the_other_sessions(app: Flask, holder: Party) -> None:
    here, elsewhere = Visitor(app.test_client(), holder), Visitor(app.test_client(), holder)
    here.open("/compte").press("Changer le mot de passe", present=PASSWORD, password=NEW)
    assert "Votre mot de passe est changé." in here.page.text
    here.open("/compte")
    assert elsewhere.client.get("/compte").location == "/connexion?next=/compte"


MISTAKES = [
    ("faux", NEW, "Ce n’est pas votre mot de passe actuel."),
    (PASSWORD, "trop court", "Choisissez un mot de passe d’au moins 12 caractères."),
    (PASSWORD, "", "Remplissez ce champ."),
]


def test_a_password_is_not_changed_by_mistake(app: Flask, holder: Party) -> None:
    for present, password, said in MISTAKES:
        visitor = Visitor(app.test_client(), holder).open("/compte")
        visitor.press("Changer le mot de passe", 422, present=present, password=password)
        assert said in visitor.page.text
    Visitor(app.test_client(), holder).open("/compte")


def test_a_closed_account_is_out_at_once(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/compte")

    @db.command
    def close() -> None:
        session().get_one(Person, holder.person_id).active = False

    close()
    assert visitor.client.get("/compte").status_code == 302


def test_the_language_is_a_preference(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/compte").press("Garder cette langue", language="en")
    assert visitor.tree.get("lang") == "en"
    assert visitor.open("/compte?lang=fr").tree.get("lang") == "en"
    assert Visitor(app.test_client(), holder).open("/compte").tree.get("lang") == "en"
    assert visitor.client.get("/compte").headers.getlist("Set-Cookie") == []


def test_a_visitors_language_stands_in_the_address(client: FlaskClient, world: World) -> None:
    visitor = Visitor(client).open("/?lang=en")
    assert visitor.tree.get("lang") == "en"
    links = visitor.tree.xpath("//main//a/@href")
    assert links
    assert all("lang=en" in link for link in links)
    assert visitor.open("/").tree.get("lang") == "fr"


def test_a_language_nobody_speaks_is_refused(holder: Party) -> None:
    with pytest.raises(Invalid):
        services.set_language(holder.person_id, "de")


def test_acting_for_another_of_ones_organisations(app: Flask, world: World, holder: Party) -> None:
    other = world.reuse_actor()
    services.add_member(holder.person_id, other.organisation_id)
    visitor = Visitor(app.test_client(), holder).open("/compte")
    visitor.press("Atelier Exemple", 302)
    assert "Atelier Exemple" in visitor.open("/compte").tree.xpath("string(//span[@class='who'])")
    visitor.press("Entreprise Exemple", 302)
    assert "Entreprise Exemple" in visitor.open("/compte").tree.xpath("string(//span[@class='who'])")


def test_nobody_acts_for_an_organisation_not_theirs(app: Flask, world: World, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/compte")
    token = visitor.tree.xpath("//input[@name='csrf_token']/@value")[0]
    url = f"/compte/organisme/{world.buyer().organisation_id}"
    assert visitor.client.post(url, data={"csrf_token": token}).status_code == 404


def test_leaving_an_organisation_brings_back_to_ones_first(app: Flask, world: World, holder: Party) -> None:
    """The session names an organisation one no longer belongs to: the first one is acted for."""
    other = world.reuse_actor()
    services.add_member(holder.person_id, other.organisation_id)
    visitor = Visitor(app.test_client(), holder).open("/compte").press("Atelier Exemple", 302)

    @db.command
    def leave() -> None:
        session().query(Membership).filter_by(
            person_id=holder.person_id, organisation_id=other.organisation_id
        ).delete()

    leave()
    assert "Entreprise Exemple" in visitor.open("/compte").tree.xpath("string(//span[@class='who'])")


@pytest.mark.parametrize(
    ("days", "roles"), [(None, {"holder"}), (1, {"holder"}), (0, {"holder"}), (-1, set())]
)
def test_a_membership_serves_until_its_last_day(holder: Party, days: int | None, roles: set[str]) -> None:
    set_until(holder, days)
    actor = queries.actor_of(holder.person_id)
    assert actor is not None
    assert actor.roles == roles
    assert actor.commits == bool(roles)
    assert [a for a, _ in queries.addresses_of(holder.organisation_id)] == ([holder.email] if roles else [])


def test_somebody_without_organisation_reads_why(app: Flask, holder: Party) -> None:
    set_until(holder, -1)
    visitor = Visitor(app.test_client(), holder).open("/mon-espace")
    assert visitor.tree.xpath("string(//h1)") == "Vous n’agissez pour aucun organisme"
    assert visitor.client.get("/sites").status_code == 403


@pytest.mark.parametrize(
    ("actions", "title"),
    [
        (["suspend"], "Votre organisme est suspendu"),
        (["suspend", "reinstate"], None),
    ],
)
def test_a_suspended_organisation_acts_on_nothing(
    app: Flask, world: World, holder: Party, actions: list[str], title: str | None
) -> None:
    visitor = Visitor(app.test_client(), holder)
    for action in actions:
        decide_on_organisation(holder.organisation_id, action, actor=world.operator().actor, reason="Exemple")
    actor = queries.actor_of(holder.person_id)
    assert actor is not None
    assert (actor.roles, actor.commits) == ((set(), False) if title else ({"holder"}, True))
    assert visitor.client.get("/sites").status_code == (403 if title else 200)
    if title:
        assert visitor.open("/mon-espace").tree.xpath("string(//h1)") == title


@pytest.mark.parametrize(
    ("refuse", "title"), [(False, "en cours de vérification"), (True, "n’a pas été admis")]
)
def test_an_organisation_not_admitted_waits(app: Flask, world: World, refuse: bool, title: str) -> None:
    made = services.register_organisation("Nouvelle Exemple", "association", ["recipient"], actor=Actor())
    person = services.add_person("Personne Nouvelle", "nouvelle@test.example", password=PASSWORD)
    services.add_member(person.id, made.id)
    if refuse:
        decide_on_organisation(made.id, "refuse", actor=world.operator().actor, reason="Exemple")
    party = Party(made.id, person.id, person.email, None, Actor())
    visitor = Visitor(app.test_client(), party).open("/mon-espace")
    assert title in visitor.tree.xpath("string(//h1)")
    assert visitor.client.get("/reservations").status_code == 403


def test_preparing_is_not_committing(world: World, holder: Party) -> None:
    person = services.add_person("Personne Qui Prépare", "prepare@test.example", password=PASSWORD)
    services.add_member(person.id, holder.organisation_id, rights="prepare")
    actor = queries.actor_of(person.id)
    assert actor is not None
    assert (actor.roles, actor.commits) == ({"holder"}, False)


def test_one_organisation_a_siret_and_one_person_an_address(world: World, holder: Party) -> None:
    siret = "73282932000074"
    services.register_organisation("Une Exemple", "company", ["holder"], actor=Actor(), siret=siret)
    with pytest.raises(Conflict):
        services.register_organisation("Deux Exemple", "company", ["holder"], actor=Actor(), siret=siret)
    with pytest.raises(Conflict):
        services.add_person("Quelqu’un", holder.email.upper(), password=PASSWORD)


def test_one_tap_changes_the_language_where_one_reads(app: Flask, holder: Party) -> None:
    """Header and footer alike, on a page with a query, one posted, one that does not exist: back, or to /compte."""
    visitor = Visitor(app.test_client(), holder).open("/parc?kind=laptop&lang=en")
    assert visitor.tree.get("lang") == "fr"  # signed in, the account decides
    assert len(visitor.tree.xpath("//button[@form='in-other-language']")) == 2
    visitor.press("English")
    assert (visitor.url, visitor.tree.get("lang")) == ("/parc?kind=laptop", "en")
    assert session().get_one(Person, holder.person_id).language == "en"
    visitor.open("/rien", 404).press("Français")
    assert (visitor.url, visitor.tree.get("lang")) == ("/compte", "fr")
    token = visitor.tree.xpath("//input[@name='csrf_token']/@value")[0]
    for away in ("https://ailleurs.example/parc", "//ailleurs.example", "/deconnexion", "parc"):
        sent = {"csrf_token": token, "language": "en", "next": away}
        assert visitor.client.post("/compte/langue", data=sent).location == "/compte", away
    footer = visitor.open("/compte").tree.xpath("//footer//button")[0]
    method = visitor.tree.xpath("//form[@id=$id]/@method", id=footer.get("form"))
    assert (footer.get("value"), method) == ("fr", ["post"])
    assert visitor.client.post("/compte/langue", data={"language": "fr"}).status_code == 403
