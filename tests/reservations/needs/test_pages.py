"""The pages of needs, from posting to an answer; and the line that needs draw on the forecast."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reuse_market.kernel import clock, db
from reuse_market.observatory import publishing, resource
from reuse_market.reservations.needs import reading, services, waiting
from reuse_market.reservations.needs.need_models import Need
from tests.support.world import PASSWORD, Party, World, ready_units

SignIn = Callable[[Party], FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A client of the application, signed in as this party."""

    def sign(party: Party) -> FlaskClient:
        client = app.test_client()
        origin = {"Origin": "http://localhost"}
        answer = client.post("/connexion", data={"email": party.email, "password": PASSWORD}, headers=origin)
        assert answer.status_code == 302, answer.text
        return client

    return sign


def send(client: FlaskClient, address: str, at: str = "", **fields: object) -> TestResponse:
    """A form sent from its page, with its token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(at or address).text)[1]
    return client.post(address, data={"csrf_token": token} | fields)


def words(page: str) -> str:
    """What a page says, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def test_a_need_is_posted_matched_and_answered_on_pages(app: Flask, world: World, sign_in: SignIn) -> None:
    atelier, association, operator = world.reuse_actor(), world.recipient(), world.operator()
    ready_units(atelier, 24)
    asker, seller, office = sign_in(association), sign_in(atelier), sign_in(operator)
    answer = send(asker, "/besoins/nouveau", kind="laptop", units="30", ram_mb="8192", publics=["pupils"],
                  max_price_cents="200", note="Rien")  # fmt: skip
    assert answer.status_code == 302, words(answer.text)
    page = answer.headers["Location"]
    assert "30" in words(asker.get(page).text)
    seen = words(seller.get(page).text)
    assert "Association Exemple" not in seen
    assert "Rien" not in seen
    assert "association, Eybens" in words(seller.get("/besoins").text)
    board = office.get("/console/rapprochements").text
    assert "24 prêts à Grenoble (Atelier Exemple)" in words(board)
    assert "mémoire : 8 Go comme demandé" in words(board)
    assert "Il manque encore 6 appareils" in words(board)
    key = re.search(r'name="supply" value="([^"]+)"', board)[1]
    done = send(seller, f"{page}/proposer", at=page, source="ready", supply=key, units="24")
    assert done.status_code == 302, words(done.text)
    match = re.search(r"RAP-\d+-\d+", asker.get(page).text)[0]
    no = send(seller, f"{page}/propositions/{match}/accepter", at=page)
    assert no.status_code == 403
    done = send(asker, f"{page}/propositions/{match}/accepter", at=page)
    assert done.status_code == 302, words(done.text)
    assert "24 réservés" in words(asker.get(page).text)
    assert words(asker.get("/reservations").text).count("RES-") >= 1
    done = send(asker, f"{page}/fermer", at=page, reason="found")
    assert done.status_code == 302
    assert "trouvé ailleurs" in words(asker.get(page).text)
    assert seller.get(page).status_code == 200, "it proposed: the link of its mail still opens"
    assert sign_in(world.holder()).get(page).status_code == 404


def test_why_is_chosen_and_never_the_first_of_the_list(app: Flask, world: World, sign_in: SignIn) -> None:
    """A refusal, a withdrawal and a closing without a reason change nothing and say so beside their own box."""
    atelier, association = world.reuse_actor(), world.recipient()
    ready_units(atelier, 4)
    need = services.post_need(actor=association.actor, kind="laptop", units=4)
    [supply] = [one.supply for one in reading.proposals(need).matches]
    made = services.propose_match(need.reference, supply.source, supply.key, 2, actor=atelier.actor)
    ref, name = need.reference, made.reference
    page = f"/besoins/{ref}"
    for party, step in ((association, "decliner"), (atelier, "retirer"), (association, "fermer")):
        address = f"{page}/fermer" if step == "fermer" else f"{page}/propositions/{name}/{step}"
        box = "reason-fermer" if step == "fermer" else f"reason-{step}-{name}"
        client = sign_in(party)
        select = re.search(rf'<select[^>]*id="{box}".*?</select>', client.get(page).text, re.DOTALL)[0]
        assert re.search(r'<option[^>]*value=""[^>]*>Choisissez<', select), select
        assert not re.search(r'<option selected value="[^"]', select), select
        for fields in ({}, {"reason": ""}, {"reason": "nothing"}):
            answer = send(client, address, at=page, **fields)
            assert answer.status_code == 422, (step, fields)
            assert f'id="error-{box}"' in answer.text, (step, fields)
            assert f'href="#{box}"' in answer.text, (step, fields)
            assert answer.text.count('aria-invalid="true"') == 1, (step, fields)
        assert "Choisissez une réponse." in send(client, address, at=page, reason="").text
    db.release()
    assert reading.match_view(name, atelier.actor).match.state == "proposed"
    assert reading.view(ref, association.actor).need.state == "matched"


def test_the_operator_posts_for_nobody_yet_then_shares_what_is_ready(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    atelier, operator = world.reuse_actor(), world.operator()
    ready_units(atelier, 10)
    office = sign_in(operator)
    answer = send(office, "/besoins/nouveau", kind="laptop", units="6", organisation_id="")
    page = answer.headers["Location"]
    assert "pas encore connu" in words(office.get(page).text)
    done = send(office, f"{page}/rattacher", at=page, organisation_id=str(world.recipient().organisation_id))
    assert done.status_code == 302, words(done.text)
    second = services.post_need(actor=world.recipient("Seconde Exemple").actor, kind="laptop", units=6)
    done = send(office, "/console/rapprochements/partager", at="/console/rapprochements")
    assert done.status_code == 302, words(done.text)
    db.release()
    waits = waiting.unanswered()
    assert sorted(match.units for match in waits) == [4, 6]
    assert reading.view(second.reference, operator.actor).need.state == "matched"
    with clock.frozen(clock.at_paris(clock.in_days(20), 9)):
        assert [one.reference for one in waiting.idle()] == []
        services.lapse_due()
        db.release()
        assert len(waiting.idle()) == 2
        told = words(office.get("/console").text)
    assert told.count("Besoin sans proposition") == 2


def test_what_is_wanted_is_a_line_on_the_forecast_of_three_structures_or_none(
    app: Flask, world: World
) -> None:
    """By quarter and kind, rounded, and never of fewer than 3 structures."""
    visitor = app.test_client()
    with clock.frozen(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        for number, units in enumerate((40, 31, 20)):
            party = world.recipient(f"Association {number} Exemple")
            services.post_need(actor=party.actor, kind="laptop", units=units, wanted_by=clock.today())
            if number == 1:
                services.post_need(actor=party.actor, kind="monitor", units=500)
                publishing.publish()
                assert publishing.published().select(state="wanted") == []
        publishing.publish()
        found = resource.forecast("laptop")
        assert [one for one in found.wanted if one] == [(90, 90, 90)]
        page = words(visitor.get("/previsions").text)
        assert "La ligne : les appareils que demandent associations et acheteurs, au trimestre" in page
        assert "ensemble : il" not in page, "nothing is left out of the whole"
        assert found.wanted_apart == resource.forecast().wanted_apart == 0
        assert "recherchés par les associations et les acheteurs" in page
        assert '"wanted"' in visitor.get("/previsions").text
        lines = visitor.get("/donnees/gisement.csv").text.splitlines()
        for number, kind in enumerate(("tablet", "desktop", "smartphone")):
            party = world.recipient(f"Association {number} Exemple")
            services.post_need(actor=party.actor, kind=kind, units=20, wanted_by=clock.today())
        publishing.publish()
        assert resource.forecast("laptop").wanted_apart == 60, "of several kinds, that nobody may tell apart"
        assert resource.forecast().wanted_apart == 0
        page = words(visitor.get("/previsions?kind=laptop").text)
        assert "60 autres appareils demandés ne sont comptés que pour plusieurs types" in page
    assert [line.split(";")[:3] for line in lines if line.startswith("wanted")] == [
        ["wanted", "laptop", "2026-10-01"]
    ]
    assert db.session().get(Need, 1) is not None
