"""The pages of claims and pick-ups as a browser without script uses them."""

from __future__ import annotations

import re

import pytest

from reuse_market.accounts.signatures import current_code
from reuse_market.collection import queries, services
from reuse_market.kernel import clock
from tests.support import world as chain


@pytest.fixture
def world(app):
    return chain.World.begin()


class Visitor:
    """A signed-in person: `get` and `post` follow redirects and give (status, text)."""

    def __init__(self, app, party=None):
        self.client = app.test_client()
        if party is not None:
            form = {"email": party.email, "password": chain.PASSWORD}
            self.client.post("/connexion", data=form, headers={"Origin": "http://localhost"})

    def get(self, path):
        answer = self.client.get(path, follow_redirects=True)
        return answer.status_code, answer.get_data(as_text=True).replace("\u00a0", " ")

    def post(self, path, **fields):
        with self.client.session_transaction() as session:
            fields["csrf_token"] = session.get("csrf_token", "")
        answer = self.client.post(path, data=fields, follow_redirects=True)
        return answer.status_code, answer.get_data(as_text=True).replace("\u00a0", " ")


@pytest.fixture
def both(app, world):
    """(holder, actor) signed in, their token known."""
    pair = Visitor(app, world.holder()), Visitor(app, world.reuse_actor())
    for one in pair:
        one.get("/compte")
    return pair


@pytest.fixture
def agreed(world):
    """Reference of a pick-up agreed for today."""
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=3, counted=4), holder, actor)
    return chain.agreed_pickup(claim, holder, actor).reference


def test_from_a_request_to_its_award(world, both):
    holder, actor = both
    lot = chain.published_lot(world.holder()).reference
    status, page = actor.get(f"/lots/{lot}/prendre")
    assert status == 200
    assert "décret 2023-266" in page
    status, page = actor.post(
        f"/lots/{lot}/prendre",
        line_1="2",
        line_2="1",
        proposal="pay",
        amount="80,50",
        message="Bonjour à vous",
    )
    assert status == 422
    assert "Cochez l’engagement" in page
    assert "Bonjour à vous" in page
    assert 'value="80,50"' in page
    status, page = actor.post(
        f"/lots/{lot}/prendre",
        line_1="2",
        line_2="1",
        proposal="pay",
        amount="80,50",
        message="Bonjour",
        committed="y",
    )
    assert "Votre demande est envoyée" in page
    claim = re.search(r"DEM-\d+-\d+", page).group()
    assert "80,50 €" in holder.get(f"/lots/{lot}")[1]
    status, page = holder.post(f"/demandes/{claim}/retenir", line_1="2", line_2="5")
    assert status == 422
    status, page = holder.post(f"/demandes/{claim}/retenir", line_1="2", line_2="0")
    assert (status, "La demande est retenue" in page) == (200, True)
    assert (
        "Une partie de votre demande a été retenue. Prenez rendez-vous avant le"
        in actor.get("/mes-demandes")[1]
    )


def test_what_others_see_of_a_lots_requests(app, world, both):
    lot = chain.published_lot(world.holder())
    reference, claim = lot.reference, chain.submitted_claim(lot, world.reuse_actor(), {1: 1}).reference
    other = Visitor(app, world.reuse_actor("Réemploi Exemple"))
    page = other.get(f"/lots/{reference}")[1]
    assert "Demandé par 1 organisme" in page
    assert "Atelier Exemple" not in page
    assert other.get(f"/demandes/{claim}")[0] == 404
    assert "Demandé par 1 organisme" in Visitor(app).get(f"/lots/{reference}")[1]


def test_the_slot_is_agreed_and_the_code_shown_to_the_holder_alone(world, both):
    holder, actor = both
    claim = chain.awarded_claim(
        chain.published_lot(world.holder()), world.holder(), world.reuse_actor()
    ).reference
    status, page = actor.post(
        f"/demandes/{claim}/enlevement", day="2001-01-01", from_time="09:00", to_time="11:00", note="Badge ?"
    )
    assert (status, "Badge ?" in page) == (422, True)
    day = clock.today().isoformat()
    status, page = actor.post(
        f"/demandes/{claim}/enlevement", day=day, from_time="09:00", to_time="11:00", note=""
    )
    pickup = re.search(r"ENL-\d+-\d+", page).group()
    assert "Ce qui vous attend" in holder.get("/enlevements")[1]
    status, page = holder.post(f"/enlevements/{pickup}/accepter")
    assert "Le jour est convenu" in page
    code = current_code(f"pickup/{pickup}").code
    assert code in page
    assert f">{code}<" not in actor.get(f"/enlevements/{pickup}")[1]
    ics = actor.client.get(f"/enlevements/{pickup}/rendez-vous.ics")
    assert ics.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT\r\n" in ics.data
    assert b"1 rue de l" in ics.data
    assert max(len(line) for line in ics.data.split(b"\r\n")) <= 75
    assert actor.client.get(f"/enlevements/{pickup}/bon.pdf").data.startswith(b"%PDF")
    assert actor.client.get(f"/enlevements/{pickup}/bordereau.pdf").status_code == 404
    status, page = holder.post(f"/enlevements/{pickup}/annuler", reason=" ")
    assert (status, "Dites pourquoi" in page) == (422, True)


def test_the_phone_page_from_the_first_code_to_the_note(world, both, agreed):
    holder, actor = both
    page = actor.get(f"/enlevements/{agreed}/pointage")[1]
    assert "Pointés : 0 sur 7" in page
    unit = next(u for u in queries.sheet(queries.get(agreed)) if u.serial)
    status, page = actor.post(f"/enlevements/{agreed}/pointage", code="RIEN-7")
    assert (status, 'value="RIEN-7"' in page, "n’a ce numéro" in page) == (422, True, True)
    page = actor.post(f"/enlevements/{agreed}/pointage", code=unit.code)[1]
    assert "Pointés : 1 sur 7" in page
    undo = re.search(r'action="(/enlevements/[^"]+/annuler/\d+)"', page).group(1)
    assert "Pointés : 0 sur 7" in actor.post(undo)[1]
    status, page = actor.post(f"/enlevements/{agreed}/pointage/ligne/2", units="99")
    assert (status, 'value="99"' in page) == (422, True)
    assert "Pointés : 2 sur 7" in actor.post(f"/enlevements/{agreed}/pointage/ligne/2", units="2")[1]
    path = f"/enlevements/{agreed}/pointage/probleme/absent"
    status, page = actor.post(path, units=unit.code, note="Derrière la porte ?")
    assert (status, "Derrière la porte ?" in page, "Choisissez une réponse" in page) == (422, True, True)
    assert "Pointés : 3 sur 7" in actor.post(path, units=unit.code, reason="not_found", note="", code="")[1]
    path = f"/enlevements/{agreed}/pointage/probleme/en-trop"
    assert actor.post(path, kind="", label="Station grise")[0] == 422
    assert "et 1 en trop" in actor.post(path, kind="dock", label="Station grise", serial="", note="")[1]
    assert "ne sont pas encore pointés" in actor.get(f"/enlevements/{agreed}/remise")[1]
    assert "Avez-vous bien les 4 appareils restants ?" in actor.get(f"/enlevements/{agreed}/pointage/tout")[1]
    assert "Tout est pointé" in actor.post(f"/enlevements/{agreed}/pointage/tout")[1]
    assert actor.post(f"/enlevements/{agreed}/remise/conducteur", driver_name="", plate="AA")[0] == 422
    page = actor.post(
        f"/enlevements/{agreed}/remise/conducteur", driver_name="Camille Exemple", plate="aa-000-aa"
    )[1]
    assert "Le contact du détenteur signe" in page
    code = current_code(f"pickup/{agreed}").code
    wrong = "0000" if code != "0000" else "1111"
    status, page = actor.post(f"/enlevements/{agreed}/remise/detenteur", name="Dominique Modèle", code=wrong)
    assert (status, 'value="Dominique Modèle"' in page, "4" in page) == (422, True, True)
    page = actor.post(f"/enlevements/{agreed}/remise/detenteur", name="Dominique Modèle", code=code)[1]
    sums = "7 appareils prévus : 7 pris (dont 1 en trop), 1 absent, 0 refusé."
    assert sums in page
    for one in (holder, actor):
        page = one.get(f"/enlevements/{agreed}")[1]
        assert sums in page
        assert re.search(r"Bordereau de remise \(PDF, \d+ Ko\)", page)
        assert one.client.get(f"/enlevements/{agreed}/bordereau.pdf").data.startswith(b"%PDF")
    rows = actor.client.get(f"/enlevements/{agreed}/appareils.csv").get_data(as_text=True).splitlines()
    assert (len(rows), rows[0][:5], sum(";Absent;" in row for row in rows)) == (9, "\ufeffCode", 1)
    assert "Votre signature est enregistrée" in actor.get(f"/enlevements/{agreed}/pointage")[1]


def test_who_may_open_a_pick_up(app, world, agreed):
    stranger = Visitor(app, world.reuse_actor("Réemploi Exemple"))
    for path in ("", "/pointage", "/remise", "/rendez-vous.ics", "/bon.pdf"):
        assert stranger.get(f"/enlevements/{agreed}{path}")[0] == 404
    operator = Visitor(app, world.operator())
    assert operator.get(f"/enlevements/{agreed}")[0] == 200
    assert operator.client.post(f"/enlevements/{agreed}/accepter").status_code == 403
    holder = Visitor(app, world.holder())
    assert holder.get(f"/enlevements/{agreed}/pointage")[0] == 403
    assert "Se connecter" in Visitor(app).get(f"/enlevements/{agreed}")[1]


def test_every_state_has_its_page(world, both, agreed):
    holder, actor = both
    services.fail_pickup(agreed, "Portail fermé", actor=world.reuse_actor().actor)
    assert "Portail fermé" in holder.get(f"/enlevements/{agreed}")[1]
    day = clock.in_days(2).isoformat()
    page = holder.post(
        f"/enlevements/{agreed}/autre-creneau", day=day, from_time="14:00", to_time="15:30", note=""
    )[1]
    assert "de 14 h à 15 h 30" in page
    assert "Cet enlèvement est annulé" in actor.post(f"/enlevements/{agreed}/annuler", reason="Panne")[1]
    assert actor.get("/enlevements")[0] == 200
