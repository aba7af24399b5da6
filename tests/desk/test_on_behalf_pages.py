"""The operator's browser and programs, acting for somebody: the banner, what is offered, how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.claims import services as claims
from reuse_market.desk import jobs, on_behalf
from reuse_market.desk.models import OnBehalf
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.traceability.models import Event
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.support.world import (
    Party,
    World,
    agreed_pickup,
    awarded_claim,
    published_lot,
    submitted_claim,
)


def begin(operator: Visitor, party: Party, **more: str) -> Visitor:
    """Start acting for a party, as asked on the telephone."""
    operator.open(f"/console/organismes/{party.organisation_id}").follow("Agir pour cet organisme")
    operator.open(f"{operator.url}?next=/compte")
    return operator.press("Commencer à agir pour lui", channel="phone", **more)


def banner(visitor: Visitor) -> str:
    """What stands on top of the page while acting for somebody; empty otherwise."""
    return " ".join(
        " ".join(part.text_content().split()) for part in visitor.tree.xpath("//*[@class='demo acting']")
    )


def test_the_operator_answers_a_call(app: Flask, operator: Visitor, world: World) -> None:
    claim = submitted_claim(published_lot(world.holder()), world.reuse_actor()).reference
    operator.open(f"/demandes/{claim}")
    assert "Accepter" not in operator.text
    operator.follow("Agir pour Entreprise Exemple")
    operator.press("Commencer à agir pour lui", 422)
    operator.press("Commencer à agir pour lui", channel="phone", caller_name="Camille Exemple")
    assert operator.url.endswith(f"/demandes/{claim}"), "back where the call began"
    assert "Vous agissez pour Entreprise Exemple." in banner(operator)
    operator.open("/console", 403)
    assert "Vous agissez pour Entreprise Exemple." in banner(operator)
    operator.press("Terminer")
    assert banner(operator) == ""
    assert operator.url.endswith(f"/console/organismes/{world.holder().organisation_id}")
    operator.open("/console")


def test_signatures_are_not_offered_and_refused(app: Flask, operator: Visitor, world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    pickup = agreed_pickup(awarded_claim(published_lot(holder), holder, actor), holder, actor).reference
    theirs = Visitor(app.test_client(), holder).open(f"/enlevements/{pickup}")
    assert len(theirs.tree.xpath("//*[@class='big-code']")) == 1
    begin(operator, holder).open(f"/enlevements/{pickup}")
    assert operator.tree.xpath("//*[@class='big-code']") == []
    assert "Annuler l’enlèvement" in operator.text
    token = operator.tree.xpath("//input[@name='csrf_token']/@value")[0]
    for url in (f"/enlevements/{pickup}/nouveau-code", "/compte/mot-de-passe"):
        answer = operator.client.post(url, data={"csrf_token": token}, headers={"Origin": "http://localhost"})
        assert answer.status_code == 403
        assert "de sa main" in answer.text


def test_it_ends_with_the_session_and_with_time(app: Flask, operator: Visitor, world: World) -> None:
    begin(operator, world.holder())
    later = clock.now() + timedelta(minutes=31)
    with clock.frozen(later):
        operator.open("/compte")
        assert banner(operator) == ""
        assert "Vous n’agissez plus pour un autre organisme" in operator.page.text
        begin(operator, world.holder()).press("Se déconnecter")
    session().expire_all()
    rows = session().scalars(sa.select(OnBehalf.ended_how).order_by(OnBehalf.id)).all()
    assert rows == ["idle", "signed_out"]


def test_the_organisation_reads_what_was_done(app: Flask, operator: Visitor, world: World) -> None:
    claim = submitted_claim(published_lot(world.holder()), world.reuse_actor()).reference
    begin(operator, world.reuse_actor(), caller_name="Camille Exemple")
    row = session().scalars(sa.select(OnBehalf)).one()
    claims.release_claim(claim, "panne", actor=on_behalf.acting(row))
    assert jobs.tell_acts() == 1
    mine = Visitor(app.test_client(), world.reuse_actor()).open("/compte")
    mine.follow("Voir ce que l’animateur a fait pour nous")
    for word in ("Camille Exemple", "par téléphone", f"LOT-{clock.today().year}-0001"):
        assert word in mine.text
    other = Visitor(app.test_client(), world.buyer()).open("/compte/actes")
    assert "Rien pour l’instant" in other.text
    lot = Visitor(app.test_client(), world.holder()).open(f"/lots/LOT-{clock.today().year}-0001")
    assert "(par l’animateur)" in lot.text


def test_where_it_is_not_offered(app: Flask, operator: Visitor, world: World, auditor: Party) -> None:
    for party in (world.operator(), auditor):
        operator.open(f"/console/organismes/{party.organisation_id}")
        assert "Agir pour cet organisme" not in operator.text
        page = operator.open(f"/console/organismes/{party.organisation_id}/agir")
        assert "Personne n’agit pour" in page.text
        assert "Commencer à agir" not in page.text
    watching = Visitor(app.test_client(), auditor)
    watching.open(f"/console/organismes/{world.holder().organisation_id}")
    assert "Agir pour cet organisme" not in watching.text
    watching.open(f"/console/organismes/{world.holder().organisation_id}/agir", 403)


def _caller(app: Flask, party: Party) -> Caller:
    _token, secret = tokens.make_token(party.person_id, party.organisation_id, ["read", "write"])
    return Caller(app, party, secret)


def test_a_program_of_the_operator(app: Flask, world: World) -> None:
    claim = submitted_claim(published_lot(world.holder()), world.reuse_actor()).reference
    caller = _caller(app, world.operator())
    caller.post(f"/claims/{claim}:decline", 403, reason="panne")
    caller.headers["X-On-Behalf-Of"] = str(world.holder().organisation_id)
    assert caller.get(f"/claims/{claim}")["actions"] != []
    assert session().scalar(sa.select(sa.func.count(OnBehalf.id))) == 0, "reading begins nothing"
    caller.post(f"/claims/{claim}:decline", reason="panne")
    event = session().scalars(sa.select(Event).where(Event.type == "claim.declined")).one()
    assert (event.via, event.organisation_id) == ("operator", world.holder().organisation_id)
    assert jobs.tell_acts() == 1


@pytest.mark.parametrize("header", ["", "abc", "-1", "99999999999", "9999"])
def test_a_program_that_names_nobody(app: Flask, world: World, header: str) -> None:
    caller = _caller(app, world.operator())
    caller.headers["X-On-Behalf-Of"] = header
    assert caller.ask("GET", "/lots").status_code == (404 if header == "9999" else 422)


def test_a_program_of_nobody_special(app: Flask, world: World) -> None:
    caller = _caller(app, world.reuse_actor())
    caller.headers["X-On-Behalf-Of"] = str(world.holder().organisation_id)
    assert caller.ask("GET", "/lots").status_code == 403
