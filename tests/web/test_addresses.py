"""What an address and a field may hold."""

from __future__ import annotations

import pytest
from flask import Flask, g, url_for
from wtforms import StringField

from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.web import addresses
from reuse_market.web.fields import BIGGEST
from reuse_market.web.forms import EuroField, Form


class Typed(Form):
    """A text and an amount."""

    text = StringField()
    price = EuroField()


@pytest.fixture
def small() -> Flask:
    """An application with one route of each sort."""
    made = Flask("small")
    addresses.install(made)
    made.add_url_rule("/rows/<int:number>", "row", lambda number: str(number))
    made.add_url_rule("/texts/<string:text>", "text", lambda text: text)
    return made


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/rows/{BIGGEST}", 200), (f"/rows/{BIGGEST + 1}", 404), ("/rows/" + "9" * 30, 404),
        ("/texts/LOT-2026-0001", 200), ("/texts/a%00b", 404), ("/texts/é", 200), ("/rows/1?q=a%00b", 400),
        ("/rows/1?a%00b=1", 400), ("/rows/1?q=%C3%A9%0A", 200),
    ],
)  # fmt: skip
def test_addresses(small: Flask, address: str, status: int) -> None:
    assert small.test_client().get(address).status_code == status


def test_fields_hold_what_databases_take(app_free_request: None) -> None:
    from werkzeug.datastructures import MultiDict

    form = Typed(MultiDict({"text": " a\x00b\x1bc\n", "price": "21 474 836,48"}))
    assert form.text.data == "abc"
    assert not form.validate()
    assert form.price.errors


@pytest.fixture
def app_free_request(reading):
    """A request to read the language from."""
    with reading("fr"):
        yield


def test_a_remembered_address_follows_the_reader(app: Flask) -> None:
    """As `url_for` gives it: in either language, for a visitor or not, under another root; asked twice."""
    member = Actor(person_id=1, organisation_id=1)
    for root in ("", "/parc"):
        for query in ("", "?lang=en", "?lang=fr", "?lang=xx", "?q=1&lang=en"):
            for actor in (VISITOR, member):
                with app.test_request_context(f"/catalogue{query}", environ_overrides={"SCRIPT_NAME": root}):
                    g.actor = actor
                    for _again in range(2):
                        assert addresses.fixed("lots.board") == url_for("lots.board"), (root, query)
                        style = addresses.fixed("static", filename="app.css")
                        assert style == url_for("static", filename="app.css")
                        assert style != addresses.fixed("static", filename="icon.svg")
