"""Junk on every address: a hurried hand or an attacker gets a clean answer, never a surprise; and nobody
touches what is somebody else's.

`app.testing` lets surprises through, so a request that would be a 500 fails its test by itself.
"""

from __future__ import annotations

import io
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
import wtforms
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import BuildError, IntegerConverter, Rule

from reuse_market.kernel import db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.verify import verify_chains
from reuse_market.web.access import RULES, rule_of
from tests.support.estate import Estate, estate
from tests.support.forms import Fields, forms_of
from tests.support.world import PASSWORD, Party, World

HUGE = "9" * 25
TEXTS = (
    "", "0", "-1", "2147483648", HUGE, "1.5", "é中\u202e\U0001f4a3", "a\x00b", "\x1b[31m", "x" * 5000,
    "2026-02-31", "0001-01-01", "9999-12-31", "'; DROP TABLE unit; --", "<script>", "%s%(x)s", "../../etc",
    "100 000 000 000,00", "NaN", "²", "٣",
)  # fmt: skip
BAD_NUMBERS: tuple[object, ...] = (0, 2_147_483_647, 2_147_483_648, int(HUGE))
BAD_REFERENCES: tuple[object, ...] = ("LOT-2026-9999", "é中", "a\x00b", "x" * 300, "%00", " ", "'--", "🧨")
# Words and addresses are judged above the database: the other one has its turn in `make long`.
SQLITE_FIRST = pytest.mark.parametrize(
    "backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
)
EACH_BY = 2  # people a rule is tried as, of those the gate lets in; `make long` sends everybody everywhere
LEAVES = {"accounts.sign_out", "accounts.change_password", "accounts.sign_in", "accounts.act_for"}


class Visit:
    """A person's client: signed in, with the token of its forms."""

    def __init__(self, app: Flask, party: Party | None) -> None:
        self.app, self.party = app, party
        self.client: FlaskClient = app.test_client()
        self._cookie: Any = None
        self._token = ""
        if party is not None:
            sent = {"email": party.email, "password": PASSWORD}
            self.client.post("/connexion", data=sent, headers={"Origin": "http://localhost"})
            self.client.get("/compte")

    def token(self) -> str:
        """What the session's own forms carry; read again when the session has changed."""
        cookie = self.client.get_cookie("parc")
        if cookie != self._cookie:
            with self.client.session_transaction() as kept:
                self._token = kept.get("csrf_token", "")
            self._cookie = self.client.get_cookie("parc")
        return self._token

    def post(self, address: str, fields: Fields | dict[str, Any]) -> int:
        """The status of a POST; a field called "file" goes as a file."""
        sent: dict[str, Any] = fields | {"csrf_token": self.token()}
        if "file" in sent:
            sent["file"] = (io.BytesIO(str(sent["file"]).encode()), "fichier.csv")
        where: Any = {"headers": {"Origin": "http://localhost"}}
        return self.client.post(address, data=sent, **where).status_code

    def post_encoded(self, address: str, body: str) -> int:
        """The status of a POST of fields encoded already: many, and the same for hundreds of addresses."""
        return self.client.post(
            address, data=f"{body}&{urlencode({'csrf_token': self.token()})}",
            content_type="application/x-www-form-urlencoded", headers={"Origin": "http://localhost"},
        ).status_code  # fmt: skip

    def page(self, address: str) -> str:
        """The text of a page, "" when there is none."""
        answer = self.client.get(address)
        return answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""


@pytest.fixture
def there(app: Flask) -> Estate:
    """Something of everything."""
    with db.scope():
        return estate(World.begin())


def posts(app: Flask, *, method: str = "POST") -> list[Rule]:
    """The addresses of pages that take this method (the API has tests of its own)."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.rule.startswith("/api/") and rule.endpoint != "static"
    ]


def values_of(rule: Rule, there: Estate) -> dict[str, list[object]]:
    """What exists, by argument of the address."""
    room = there.things.get(rule.endpoint.partition(".")[0], {})
    found: dict[str, list[object]] = {}
    for name in rule._converters:  # not those the route gives by itself
        known: list[object] = room.get(name, [1])
        if name == "reference" and rule.rule.startswith("/lots/") and "lot" in room:
            known = room["lot"]
        if name == "reference" and rule.rule.startswith("/demandes/") and "claim" in room:
            known = room["claim"]
        if name == "reference" and "/series/" in rule.rule:
            known = room["lot"]
        choices = getattr(rule._converters[name], "items", ())
        if choices:
            known = sorted(choices)
        found[name] = known
    return found


def addresses(app: Flask, rule: Rule, values: dict[str, list[object]]) -> Iterator[str]:
    """Every address of a rule with these values of its arguments."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for chosen in itertools.product(*values.values()):
            try:
                yield adapter.build(rule.endpoint, dict(zip(values, chosen, strict=True)), method="POST")
            except (BuildError, ValueError):
                continue


def allowed(app: Flask, rule: Rule, party: Party | None) -> bool:
    """Whether the gate lets this party in at all."""
    named = rule_of(app, rule.endpoint)
    return party is not None and named is not None and RULES[named](party.actor)


def clean(status: int, *where: object) -> None:
    """An answer a person can read; never a surprise."""
    assert status < 500, (status, *where)


def names_of() -> set[str]:
    """The names of all the fields of all the forms."""

    def below(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return {
        name
        for kind in below(wtforms.Form)
        for name in dir(kind)
        if type(getattr(kind, name, None)).__name__ == "UnboundField"
    } | {"line_1", "line_2", "batch", "codes"}


@SQLITE_FIRST
def test_an_address_with_junk_in_it_is_not_found(app: Flask, there: Estate) -> None:
    """`clean` asserts each status. Whom the gate keeps out is asked once: it answers before it reads further."""
    done = Counter[str]()
    for party in [there.owners[who] for who in ("holder", "workshop", "buyer")]:
        visit = Visit(app, party)
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/api/") or rule.endpoint == "static" or not rule.arguments:
                continue
            known = values_of(rule, there)
            most = None if rule_of(app, rule.endpoint) == "public" or allowed(app, rule, party) else 1
            if most is None and done[rule.rule] >= EACH_BY:
                continue
            done[rule.rule] += most is None
            for name in rule._converters:
                number = isinstance(rule._converters[name], IntegerConverter)
                junk = [*(BAD_NUMBERS if number else BAD_REFERENCES)][:most]
                firsts = {other: each[:1] for other, each in known.items()}
                for address in addresses(app, rule, firsts | {name: junk}):
                    method = "post" if "POST" in (rule.methods or ()) else "get"
                    if method == "post":
                        clean(visit.post(address, {}), address)
                    if "GET" in (rule.methods or ()):
                        clean(visit.client.get(address).status_code, address)


def fill(app: Flask, there: Estate, texts: tuple[str, ...], most: int, each_by: int) -> None:
    """Send every form's every field as the same junk, to `most` addresses of each rule, as `each_by` people."""
    names, done = sorted(names_of() - {"file", "csrf_token"}), Counter[str]()
    bodies = {text: urlencode(dict.fromkeys(names, text)) for text in texts}
    for party in there.owners.values():
        visit = Visit(app, party)
        for rule in posts(app):
            if rule.endpoint in LEAVES or not allowed(app, rule, party) or done[rule.rule] >= each_by:
                continue
            done[rule.rule] += 1
            for address in itertools.islice(addresses(app, rule, values_of(rule, there)), most):
                for text, body in bodies.items():
                    clean(visit.post_encoded(address, body), address, text)


@SQLITE_FIRST
def test_junk_in_every_field_is_refused_with_words(app: Flask, there: Estate) -> None:
    """`clean` asserts each status."""
    fill(app, there, ("", HUGE, "a\x00b", "x" * 5000), 1, EACH_BY)
    assert [*verify_chains(), *reconcile()] == []


@pytest.mark.long
def test_all_junk_in_every_field(app: Flask, there: Estate) -> None:
    fill(app, there, TEXTS, 8, len(there.owners))
    assert [*verify_chains(), *reconcile()] == []


def crawl(visit: Visit, there: Estate, chance: random.Random, share: float) -> int:
    """Send each form of each page as it stands but one field; how many were sent."""
    seen: set[tuple[str, ...]] = set()
    sent = 0
    for rule in posts(visit.app, method="GET"):
        if not allowed(visit.app, rule, visit.party):
            continue
        for address in itertools.islice(addresses(visit.app, rule, values_of(rule, there)), 8):
            for form in forms_of(visit.page(address), address):
                if form.action in ("/deconnexion",) or "mot-de-passe" in form.action:
                    continue
                shape = (form.action, *sorted(form.fields))
                if shape in seen:
                    continue
                seen.add(shape)
                for name, text in itertools.product(form.fields, TEXTS):
                    if name != "csrf_token" and chance.random() < share:
                        clean(visit.post(form.action, form.fields | {name: [text]}), form.action, name, text)
                        sent += 1
    return sent


@SQLITE_FIRST
def test_one_wrong_field_in_a_form_filled_well(app: Flask, there: Estate) -> None:
    chance = random.Random(7)
    assert sum(crawl(Visit(app, party), there, chance, 0.03) for party in there.owners.values()) > 20
    assert [*verify_chains(), *reconcile()] == []


@pytest.mark.long
def test_every_wrong_field_in_every_form(app: Flask, there: Estate) -> None:
    for party in there.owners.values():
        crawl(Visit(app, party), there, random.Random(8), 1.0)
    assert [*verify_chains(), *reconcile()] == []


SEEN_BY_ALL = {
    "claims.new", "reservations.reserve", "claims.withdraw_lot", "lots.withdraw",
    "reservations.quote_group", "reservations.alike",  # the shop window is for everybody
    "fleets.keep_stock",  # a year of one's own stock
    "reservations.counter_sale",  # a label as it was typed: the form says what is wrong with it
}  # fmt: skip

# A link of a mail that leads nowhere (any more) is gone (410), but for these:
DEAD_LINKS = {
    "accounts.stop_search": 404,  # never runs out
    "collection.sign_by_link": 404,  # says the same whether it was withdrawn or never was
    "refurbishing.answer_by_link": 404,  # says the same whether it ran out or never was
    "requests.change": 404,  # the same, as its page by GET: a request that was forgotten is one that never was
    "requests.call_me": 404,
    "requests.cancel": 404,
    "agec.check_file": 403,  # files are for those the law binds: it says so before it looks for one
    "agec.take_in": 403,
    "reen.issue": 403,  # a year is everybody's, its sheet is of whom the law binds
    "collection.begin_driving": 409,  # who is signed in signs out first, whatever the link
}


def test_what_is_somebody_elses_does_not_exist(
    app: Flask, there: Estate, snapshot: Callable[[], object]
) -> None:
    before, wrong = snapshot(), []
    for party in there.strangers.values():
        stranger = Visit(app, party)
        for rule in posts(app):
            skipped = not rule.arguments or rule.endpoint in SEEN_BY_ALL | LEAVES
            if skipped or not allowed(app, rule, party):
                continue
            values = values_of(rule, there)
            of_lot = rule.endpoint.startswith("lots.") or rule.endpoint == "claims.interest"
            if of_lot and "reference" in values:
                values["reference"] = values["reference"][:2]  # a published lot is for everybody to see
            nothing = DEAD_LINKS.get(rule.endpoint, 410 if "token" in rule.arguments else 404)
            for address in addresses(app, rule, values):
                answered = stranger.post(address, {})
                if answered != nothing:
                    wrong.append((address, answered))
    assert wrong == []
    assert snapshot() == before


@pytest.fixture
def snapshot(app: Flask) -> Callable[[], object]:
    """`snapshot()` is the rows of every table that acts change."""
    names = ("unit", "engagement", "event", "lot", "lot_line", "claim", "pickup", "pickup_check",
             "reservation", "storage_medium", "media_count", "removal_batch", "waste_record", "test_run",
             "site")  # fmt: skip

    def take() -> object:
        with db.scope() as session:
            return {n: session.execute(sa.text(f"SELECT * FROM {n} ORDER BY 1")).all() for n in names}  # noqa: S608 – our own tables

    return take
