"""The public passport: a life without a name, a serial or an address; and the way to it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html

from reuse_market.kernel.db import session
from reuse_market.refurbishing.services.returning import take_back_unit
from reuse_market.units import codes, labels
from reuse_market.units.models import Unit
from tests.support.lives import Life
from tests.support.world import World


@pytest.fixture
def code(life: Life) -> str:
    """The label of the device handed over."""
    unit_id = life.unit_in("provided")
    return labels.ensure_labels([unit_id], actor=life.workshop.actor)[unit_id]


def test_the_passport_tells_the_life(client: FlaskClient, code: str) -> None:
    page = html.fromstring(client.get(f"/u/{code}").text)
    steps = [" ".join(one.text_content().split()) for one in page.xpath("//ol[@class='frise']//h3")]
    assert steps == [
        "Déclaré en nombre", "Reçu à l’atelier", "Testé", "Prêt pour une nouvelle vie", "Remis à son bénéficiaire",
    ]  # fmt: skip
    assert page.xpath("//li[@aria-current='step']//h3/text()") == ["Remis à son bénéficiaire"]


def test_what_was_proven_in_an_earlier_life_is_not_shown(client: FlaskClient, life: Life, code: str) -> None:
    """Taken back by its workshop, a device is untested and its data not yet erased again."""
    assert "82\u00a0% de sa capacité d’origine" in client.get(f"/u/{code}").text
    take_back_unit(life.unit_in("provided"), actor=life.workshop.actor, ground="exchange")
    said = client.get(f"/u/{code}").text
    assert "Pas encore testé" in said
    assert "Pas encore effacées" in said
    assert "de sa capacité d’origine" not in said


def test_it_names_nobody(client: FlaskClient, life: Life) -> None:
    """Not for a device that came from a holder's inventory either."""
    unit = session().get_one(Unit, life.unit_in("collected"))
    code = labels.ensure_labels([unit.id], actor=life.workshop.actor)[unit.id]
    said = client.get(f"/u/{code}").text
    assert unit.serial
    for secret in (
        unit.serial,
        "Entreprise Exemple",
        "Atelier Exemple",
        "rue de l’Exemple",
        "Eybens",
        "Personne",
    ):
        assert secret not in said


def test_a_visitor_gets_no_cookie(client: FlaskClient, code: str) -> None:
    assert "Set-Cookie" not in client.get(f"/u/{code}").headers


def test_a_code_typed_otherwise_leads_to_its_page(client: FlaskClient, code: str) -> None:
    for text in (code.lower(), f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        answer = client.get("/u", query_string={"code": text})
        assert (answer.status_code, answer.location) == (302, f"/u/{code}")
        assert client.get(f"/u/{text}", follow_redirects=True).status_code == 200


def test_what_is_no_code_is_a_plain_404(client: FlaskClient, world: World) -> None:
    for typed in ("2222223", "-", "É", "ZZZZZZZZZ", "%00"):
        answer = client.get(f"/u/{typed}", follow_redirects=True)
        assert answer.status_code == 404, typed
        assert "Cette page est introuvable" in answer.text


def test_a_blank_label_has_no_passport(client: FlaskClient, world: World) -> None:
    [blank] = labels.print_blank_labels(1, actor=world.reuse_actor().actor)
    assert codes.is_code(blank)
    assert client.get(f"/u/{blank}").status_code == 404


def test_the_lot_page_shows_the_sentence(client: FlaskClient, life: Life) -> None:
    client.post(
        "/connexion",
        data={"email": life.holder.email, "password": "phrase de passe du test"},
        headers={"Origin": "http://localhost"},
    )
    page = client.get(f"/lots/{life.lot}").text
    assert "6 appareils déclarés + 1 trouvé en plus = 6 en route, 1 manquant." in page
