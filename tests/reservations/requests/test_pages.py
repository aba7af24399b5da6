"""The association's request at the pages: without account, cookie or JavaScript; the operator's office."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from lxml import html

from reuse_market.accounts import tokens
from reuse_market.kernel.db import release, session
from reuse_market.notices.models import Message
from reuse_market.reservations.models import AssociationRequest, Need, RequestLine
from reuse_market.reservations.requests import services
from reuse_market.reservations.requests.answers import Answers
from tests.journeys.reader import Reader
from tests.support.world import PASSWORD, World

BUTTON = re.compile("^Continuer")
CALL = re.compile("^Je ne sais pas, rappelez-moi")


def mail_link(address: str) -> str:
    """The personal link of the last mail to an address."""
    last = session().scalars(
        sa.select(Message).where(Message.to_address == address).order_by(Message.id.desc()).limit(1)
    ).one()  # fmt: skip
    return re.findall(r"https?://[^/\s]+(/demande/suivi/\S+)", last.text)[0]


def asked(client: FlaskClient, **contact: str) -> Reader:
    """Somebody who has answered the four questions and reads the answers."""
    at = Reader(client)
    at.go("/")
    at.follow(re.compile("Je demande"))
    at.pages = 1
    at.put(kinds="laptop")
    at.press(BUTTON)
    at.put(laptop=12)
    at.press(BUTTON)
    at.put(publics="families")
    at.press(BUTTON)
    at.put(
        **(
            {"name": "Association Exemple", "phone": "04 00 00 00 00", "email": "asso@exemple.example"}
            | contact
        )
    )
    at.press(BUTTON)
    return at


def test_four_questions_check_thanks(app: Flask, client: FlaskClient, world: World) -> None:
    """Six pages, six fields, no cookie; a need, a mail in plain words, its link; both databases."""
    at = asked(client)
    assert "Vous voulez 12 ordinateurs portables." in at.text
    at.press(re.compile("^Envoyer ma demande"))
    assert (at.pages, at.fields) == (6, 6)
    assert "Une personne vous appelle avant le" in at.text
    assert client.get_cookie("parc") is None
    need = session().scalars(sa.select(Need)).one()
    assert (need.kind, need.units, need.publics, need.source, need.organisation_id) == (
        "laptop", 12, "families", "request", None)  # fmt: skip
    at.go(mail_link("asso@exemple.example"))
    assert "Nous avons votre demande." in at.text
    at.follow(re.compile("^Imprimer"))
    assert "12 ordinateurs portables" in at.text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_page_whose_seal_is_broken_keeps_what_was_answered(
    app: Flask, client: FlaskClient, world: World
) -> None:
    """The service changed its key, or the field was cut: said, nothing lost, nothing sent, nothing believed."""
    at = asked(client)
    [state, *_others] = at.page.xpath("//input[@name='state']/@value")
    here = {"Origin": "http://localhost"}

    def answer(path: str, **data: str) -> str:
        read = client.post(path, data=data, headers=here)
        assert read.status_code == 422
        assert "Nous n’avons pas encore votre demande." in read.text
        assert session().scalar(sa.select(sa.func.count()).select_from(AssociationRequest)) == 0
        return html.fromstring(read.text).text_content()

    whole = answer("/demande/envoi", state=f"{state}x")
    assert "Vous voulez 12 ordinateurs portables." in whole
    assert "Appuyez sur le bouton" in whole
    assert "asso@exemple.example" in answer("/demande", state=f"{state}x", publics="elders", go="next")
    assert "Question 3" in answer(
        "/demande", state="cut", laptop="12", go="next"
    )  # kinds follow from the number
    assert "Question 1" in answer("/demande", state="cut", name="Association Exemple", email="a@b.example")
    contact = {"name": "Association", "phone": "04 00 00 00 00"}
    assert "Nous vous appelons." in answer("/demande", state="cut", go="call", **contact)
    units = [["laptop", 10**9], ["rocket", 3], 7]
    told = {
        "kinds": ["laptop", "rocket"],
        "units": units,
        "publics": [3],
        "name": "x" * 999,
        "phone": {"a": 1},
    }
    told["email"] = "a\x00b@c.example"
    planted = [told | {"call_back": "yes", "more": 1}, 99, "yes", "f" * 32, "no-such-link"]
    for forged in (planted, planted[:3], [], 7, {"a": planted}, None):
        sealed = URLSafeSerializer("another key", salt="request.answers").dumps(forged)
        read = answer("/demande", state=sealed, go="next")
        assert not {"rocket", "c.example"} & set(re.findall(r"[a-z.]+", read))
    at.press(re.compile("^Envoyer ma demande"))
    assert session().scalar(sa.select(sa.func.count()).select_from(AssociationRequest)) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_answer_is_lost_and_no_program_gets_in(app: Flask, client: FlaskClient, world: World) -> None:
    """Back, change, call me back, a stranger's state, a field nobody sees, a form sent twice."""
    at = asked(client)
    at.press(re.compile("^Modifier les appareils"))
    assert at.named("kinds").checked
    at.put(kinds="tablet")
    at.press(BUTTON)
    assert at.named("laptop").get("value") == "12", "a kind that came asks its number, the others keep theirs"
    at.put(tablet=3)
    at.press(BUTTON)
    assert "12 ordinateurs portables" in at.text
    assert "3 tablettes" in at.text
    state = at.page.xpath("//form[contains(@action, 'envoi')]//input[@name='state']")[0].get("value")
    here = {"Origin": "http://localhost"}

    def requests() -> int:
        return session().scalar(sa.select(sa.func.count()).select_from(AssociationRequest)) or 0

    for data in ({"state": state, "website": "spam"}, {"state": state + "x"}, {}):
        assert client.post("/demande/envoi", data=data, headers=here).status_code in (200, 302, 422)
        assert requests() == 0, data
    assert (
        client.post(
            "/demande/envoi", data={"state": state}, headers={"Origin": "http://ailleurs"}
        ).status_code
        == 403
    )
    for _ in range(2):
        assert client.post("/demande/envoi", data={"state": state}, headers=here).status_code == 302
        assert requests() == 1
    assert sorted(session().execute(sa.select(RequestLine.kind, RequestLine.units))) == [
        ("laptop", 12),
        ("tablet", 3),
    ]
    lost = Reader(app.test_client())
    lost.go("/demande?lang=en")
    lost.put(kinds="unknown")
    lost.press(re.compile("^I do not know, call me back"))
    assert "We call you." in lost.text
    lost.put(name="Other")
    lost.press(re.compile("^Continue"), status=422)
    assert lost.named("name").get("value") == "Other"
    lost.put(phone="04 00 00 00 01")
    lost.press(re.compile("^Continue"))
    lost.press(re.compile("^Send my request"))
    assert "Somebody calls you before" in lost.text
    assert client.get("/demande/suivi/devine").status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_operator_by_page_and_by_program(app: Flask, client: FlaskClient, world: World) -> None:
    """The console's line, the call, the four questions on the phone, whose it is, the link to print; the API alike."""
    at, operator, structure = asked(client), world.operator(), world.recipient()
    at.press(re.compile("^Envoyer"))
    office = Reader(app.test_client())
    office.sign_in(operator.email, PASSWORD)
    office.go("/console")
    office.follow(re.compile("^Rappeler l’association"))
    office.follow(re.compile("^Compléter la demande"))
    assert office.named("laptop").get("value") == "12"
    office.put(laptop="8", note="Vu au téléphone")
    office.press(re.compile("^Enregistrer les réponses"))
    office.follow(re.compile("^Dire de qui"))
    office.put(organisation_id=structure.organisation_id)
    office.press(re.compile("^C’est cet organisme"))
    assert "Association Exemple" in office.text
    office.follow(re.compile("^BES-"))
    office.follow(re.compile("^Demande DAS-"))
    office.press(re.compile("^Faire un lien personnel"))
    assert "http://localhost/demande/suivi/" in office.text  # whole: it is read out on the phone
    office.follow(re.compile("^Ouvrir la lettre"))
    assert "Nous cherchons des appareils pour vous." in office.text
    need = session().scalars(sa.select(Need)).one()
    assert (need.units, need.organisation_id) == (8, structure.organisation_id)
    found = session().scalars(sa.select(AssociationRequest)).one()
    first, phone = found.reference, found.phone
    again = Answers(kinds=("tablet",), units=(("tablet", 2),), name="Exemple bis", phone=phone)
    others = [services.take_request(again, actor=operator.actor).reference for _time in range(3)]
    release()
    office.go("/console/demandes")
    assert office.text.count("Même contact :") == 4
    assert "et 1 autre" in office.text
    office.follow(re.compile(others[0]))
    assert all(one in office.text for one in (first, *others[1:]))
    _made, secret = tokens.make_token(operator.person_id, operator.organisation_id, ("requests:write",))
    keys = (f"k{number}" for number in range(20))

    def post(path: str, status: int, **body: object) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": next(keys)}
        answer = app.test_client().post(f"/api/v1/requests{path}", json=body, headers=headers)
        assert answer.status_code == status, (path, answer.text)
        return dict(answer.get_json())

    made = post("", 201, name="Autre Exemple", phone="04 00 00 00 02", tablet=4, publics=["elders"])
    one = f"/{made['reference']}"
    assert (made["state"], made["stage"], made["source"]) == ("called", "called", "phone")
    assert made["actions"] == ["call", "complete", "attach", "announce", "close", "cancel"]
    post(f"{one}:call", 200, outcome="reached", note="Mardi")
    post(f"{one}:announce", 422, units=4, come_on="2100-01-01")
    assert post(f"{one}:announce", 200, units=4)["stage"] == "found"
    assert post(f"{one}:close", 200, outcome="met")["actions"] == ["forget"]
    post(f"{one}:close", 409, outcome="met")
    assert post(f"{one}:forget", 200)["phone"] == ""
