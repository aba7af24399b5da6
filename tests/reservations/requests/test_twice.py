"""A hurried hand: the button pressed twice at once, “go back” on a page half filled."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from reuse_market.reservations.requests import services
from reuse_market.reservations.requests.answers import Answers
from tests.support.forms import forms_of
from tests.support.races import together
from tests.support.world import World


def test_sent_twice_at_once_it_is_received_once_and_both_are_thanked(world: World) -> None:
    """Who presses twice reads the answer to the second press: never that somebody was faster."""
    told = Answers(name="Association Exemple", phone="04 00 00 00 01")
    outcomes = together(3, lambda _n: services.send_request(told, once="a", language="fr").reference)
    assert [one.error for one in outcomes] == [None, None, None]
    assert len({one.value for one in outcomes}) == 1


def test_going_back_loses_no_word_of_a_page_that_is_not_right_yet(app: Flask, client: FlaskClient) -> None:
    def press(page: str, go: str, **typed: object) -> str:
        [form] = [one for one in forms_of(page, "/demande") if "state" in one.fields]
        sent = {"state": form.fields["state"][0], "go": go, **typed}
        return client.post("/demande", data=sent, headers={"Origin": "http://localhost"}).get_data(
            as_text=True
        )

    page = client.get("/demande").get_data(as_text=True)
    page = press(press(page, "next", kinds=["unknown"]), "next", not_known="y")
    page = press(page, "next", publics=["unknown"])
    page = press(page, "back", name="Association Exemple", phone="zéro quatre", email="ici")
    page = press(page, "next", publics=["unknown"])
    assert all(f'value="{typed}"' in page for typed in ("Association Exemple", "zéro quatre", "ici"))
