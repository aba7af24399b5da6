"""The operator admits, suspends, corrects and qualifies on its pages; consequences are said first."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Organisation
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.regimes import queries as regimes
from tests.lots.visiting import Visitor
from tests.support.world import Party, World, agreed_pickup, awarded_claim, published_lot, submitted_claim

PAGES = {
    "modifier": {"operator"}, "qualification": {"operator"}, "justificatifs": {"operator"},
    "suspend": {"operator"},
}  # fmt: skip


@pytest.fixture
def made(world: World) -> Organisation:
    """An organisation to be verified, without number nor charter."""
    return services.register_organisation("Nouvelle Exemple", "association", ["recipient"], actor=Actor())


def state_of(organisation_id: int) -> str:
    session().expire_all()
    return session().get_one(Organisation, organisation_id).state


def test_who_opens_what(app: Flask, world: World, auditor: Party) -> None:
    who = {"operator": world.operator(), "auditor": auditor, "holder": world.holder()}
    browsers = {name: Visitor(app.test_client(), party).client for name, party in who.items()}
    for page, allowed in PAGES.items():
        address = f"/console/organismes/{world.holder().organisation_id}/{page}"
        answers = {name: browser.get(address).status_code for name, browser in browsers.items()}
        assert answers == {name: 200 if name in allowed else 403 for name in who}, page
        assert browsers["operator"].get(f"/console/organismes/404/{page}").status_code == 404
    assert browsers["auditor"].get("/console/organismes/nouveau").status_code == 403


def test_admitting_says_what_lacks(operator: Visitor, made: Organisation) -> None:
    made_id = made.id  # a refused act lets go of the row
    page = f"/console/organismes/{made_id}"
    operator.open(page)
    assert "Ni SIRET ni numéro RNA" in operator.text
    operator.follow("Admettre l’organisme").press("Admettre l’organisme", 409, paper_charter="y")
    assert "Enregistrez d’abord son SIRET ou son numéro RNA." in operator.text
    operator.open(page).follow("Corriger l’identité et les rôles")
    operator.press("Enregistrer les corrections", rna="W 381 234 567")
    operator.follow("Admettre l’organisme").press("Admettre l’organisme", 409)
    assert "Personne n’a encore signé la charte" in operator.text
    operator.press("Admettre l’organisme", paper_charter="y", roles=["recipient", "buyer"])
    assert "La décision sur Nouvelle Exemple est enregistrée." in operator.text
    assert "signée sur papier" in operator.text
    assert state_of(made_id) == "verified"
    assert accounts.roles_of(made_id) == {"recipient", "buyer"}


def test_suspending_is_said_before_it_is_done(operator: Visitor, world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    lot = published_lot(holder)
    claim = awarded_claim(lot, holder, actor)
    pickup = agreed_pickup(claim, holder, actor)
    waiting = submitted_claim(published_lot(holder), actor)
    names = [lot.reference, claim.reference, waiting.reference, pickup.reference]
    page = f"/console/organismes/{holder.organisation_id}"
    operator.open(page).follow("Suspendre l’organisme")
    said = operator.text
    for words in (
        "Lots publiés (2)",
        "Demandes déposées ou retenues (2)",
        "Enlèvements en cours (1)",
        *names,
    ):
        assert words in said
    assert "Réservations en cours" not in said
    assert state_of(holder.organisation_id) == "verified"
    operator.press("Suspendre l’organisme", 422)
    assert "Dites pourquoi" in operator.text
    operator.press("Suspendre l’organisme", reason="Charte non respectée")
    assert state_of(holder.organisation_id) == "suspended"
    assert "Charte non respectée" in operator.text
    operator.follow("Lever la suspension").press("Lever la suspension")
    assert state_of(holder.organisation_id) == "verified"


def test_refusing_says_why(operator: Visitor, made: Organisation) -> None:
    made_id = made.id  # a page that notes who saw what lets go of the row
    operator.open(f"/console/organismes/{made_id}").follow("Refuser l’organisme")
    operator.press("Refuser l’organisme", reason="Statuts manquants")
    assert state_of(made_id) == "refused"


def test_a_decision_taken_meanwhile_is_a_clean_conflict(operator: Visitor, world: World) -> None:
    """The visitor asserts each status: 409, twice."""
    holder = world.holder()
    check = operator.open(f"/console/organismes/{holder.organisation_id}/suspend")
    decide_on_organisation(holder.organisation_id, "suspend", actor=world.operator().actor, reason="Exemple")
    check.press("Suspendre l’organisme", 409, reason="Exemple")
    operator.open(f"/console/organismes/{holder.organisation_id}/suspend", 409)


def test_an_organisation_without_role_gets_one_at_admission(operator: Visitor, world: World) -> None:
    made = services.register_organisation("Exemple", "school", [], actor=Actor(), siret="73282932000074")
    operator.open(f"/console/organismes/{made.id}/admit")
    operator.press("Admettre l’organisme", 422, paper_charter="y")
    operator.press("Admettre l’organisme", paper_charter="y", roles=["recipient"])
    assert accounts.roles_of(made.id) == {"recipient"}


def test_evidence_becomes_a_legal_standing(operator: Visitor, made: Organisation) -> None:
    made_id = made.id  # a page that notes who saw what lets go of the row
    page = f"/console/organismes/{made_id}"
    operator.open(page).follow("Ajouter un fichier")
    file = (BytesIO(b"%PDF-1.4 exemple"), "decret.pdf")
    operator.press("Ajouter le fichier", kind="association_rup", file=file)
    operator.follow("Voir et enregistrer sa qualité juridique")
    assert "aucun justificatif enregistré" in operator.text
    [number] = operator.tree.xpath("//select[@name='evidence_id']/option[@value != '']/@value")
    operator.press("Enregistrer la qualité juridique", 422, party_kind="association_rup", evidence="court")
    operator.press(
        "Enregistrer la qualité juridique", party_kind="association_rup", evidence_id=number,
        evidence="Décret du 4 mars 2019",
    )  # fmt: skip
    assert "aucun justificatif enregistré" not in operator.text
    assert "jusqu’à 300" in operator.text.replace("\xa0", " ")
    assert regimes.party_kind(made_id) == "association_rup"
    [row] = regimes.qualifications(made_id)
    assert row.evidence_id == int(number)


def test_the_console_says_by_when(operator: Visitor, made: Organisation) -> None:
    assert "Nouvelle Exemple" in operator.open("/console").text
