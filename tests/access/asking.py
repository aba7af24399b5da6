"""Asking for a world's things: as a person with a browser, or as a program with a token."""

from __future__ import annotations

import io
import itertools
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from reuse_market.accounts import tokens
from reuse_market.kernel import clock
from reuse_market.units import codes
from reuse_market.web.access import RULES, rule_of
from tests.access.sides import Side
from tests.access.tables import rows
from tests.support.forms import Fields, forms_of
from tests.support.world import PASSWORD, Party

HERE = {"Origin": "http://localhost"}
THINGS = rows("things.txt")
RULE_ARGUMENTS = re.compile(r"<(?:([^<>]*):)?([^<>:]+)>")


def nowhere(thing: Any) -> Any:
    """What does not exist, of the look of a thing."""
    if isinstance(thing, int):
        return 999_111_222
    if len(thing) == 7:
        return codes.draw(random.Random(len(thing)))
    return "0" * 64 if len(thing) == 64 else "XYZ-2026-9999"


def rules(app: Flask, *, api: bool, method: str, arguments: bool = True) -> list[Rule]:
    """The addresses of pages, or of the API, that take a method, with arguments or without."""
    return [
        rule for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") == api and method in (rule.methods or ())
        and bool(rule.arguments) == arguments and rule.endpoint != "static"
    ]  # fmt: skip


def choices(rule: Rule, argument: str, side: Side) -> list[Any]:
    """The things of a side that stand for an argument; KeyError when things.txt does not say."""
    found: list[Any] = []
    for thing in _told(rule, argument).split(" + "):
        found += [_literal(thing[1:])] if thing.startswith("=") else side.things[thing]
    return found


def _told(rule: Rule, argument: str) -> str:
    for start, name, things in THINGS:
        if rule.rule.startswith(start) and name == argument:
            return things
    raise KeyError(f"tests/access/things.txt does not say what <{argument}> of {rule.rule} refers to")


def _literal(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def placed(rule: Rule, values: dict[str, Any]) -> str:
    """The address of a rule with these values."""
    return RULE_ARGUMENTS.sub(lambda found: str(values[found[2]]), rule.rule)


def addresses(rule: Rule, side: Side) -> Iterator[tuple[str, str]]:
    """(address of a thing of the side, the same of a thing that does not exist), for each."""
    names = sorted(rule.arguments)
    # What refers to a thing varies; what only tells how (a line, a kind of paper) stays.
    refers = [name for name in names if not _is_literal(rule, name)]
    for chosen in itertools.product(*(choices(rule, name, side) for name in names)):
        values = dict(zip(names, chosen, strict=True))
        yield placed(rule, values), placed(rule, values | {name: nowhere(values[name]) for name in refers})


def mixed(rule: Rule, own: Side, other: Side) -> Iterator[tuple[str, str]]:
    """The same where the first thing is one's own, and what is inside it is the other's, or nobody's."""
    if not (named := [name for _converter, name in RULE_ARGUMENTS.findall(rule.rule)]):
        return  # its arguments are given by the route itself
    first, *names = named
    refers = [name for name in names if not _is_literal(rule, name)]
    if _is_literal(rule, first) or not refers:
        return
    for thing in choices(rule, first, own):
        values = {first: thing} | {name: choices(rule, name, own)[0] for name in names}
        theirs = {name: choices(rule, name, other)[0] for name in refers}
        yield (placed(rule, values | theirs),
               placed(rule, values | {name: nowhere(value) for name, value in theirs.items()}))  # fmt: skip


def _is_literal(rule: Rule, argument: str) -> bool:
    return _told(rule, argument).startswith("=")


@dataclass
class Visit:
    """A person of a party with a browser (None: a visitor), and a program of theirs with a token."""

    app: Flask
    party: Party | None
    client: Any = field(init=False)
    headers: dict[str, str] = field(init=False)
    keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.client, self.headers = self.app.test_client(), {}
        if self.party is not None:
            sent = {"email": self.party.email, "password": PASSWORD}
            assert self.client.post("/connexion", data=sent, headers=HERE).status_code == 302
            self.client.get("/compte")
            _made, secret = tokens.make_token(self.party.person_id, self.party.organisation_id, ("write",))
            self.headers = {"Authorization": f"Bearer {secret}"}

    def passes(self, rule: Rule) -> bool:
        """Whether the first gate lets this party in."""
        named = rule_of(self.app, rule.endpoint)
        return self.party is not None and named is not None and RULES[named](self.party.actor)

    def get(self, address: str) -> TestResponse:
        """A page, or an object of the API."""
        if address.startswith("/api/"):
            return self.app.test_client().get(address, headers=self.headers)
        return self.client.get(address)

    def send(self, address: str, fields: Fields) -> TestResponse:
        """A form, with the token of the session's own forms."""
        sent: dict[str, Any] = dict(fields)
        with self.client.session_transaction() as kept:
            sent["csrf_token"] = kept.get("csrf_token", "")
        for name in [name for name in sent if name.endswith("file")]:
            sent[name] = (io.BytesIO(b"%PDF-1.7 exemple"), "fichier.pdf")
        answer: TestResponse = self.client.post(address, data=sent, headers=HERE)
        with self.client.session_transaction() as kept:
            kept.pop("_flashes", None)  # read, so that it stands on no later page
        return answer

    def call(self, address: str, body: Any) -> TestResponse:
        """An operation of the API."""
        headers = self.headers | {"Idempotency-Key": f"k{next(self.keys)}"}
        return self.app.test_client().post(address, json=body, headers=headers)

    def forms(self, side: Side) -> dict[str, Fields]:
        """Endpoint → the form as its own people's pages send it, blanks filled with something plausible."""
        adapter = self.app.url_map.bind("localhost")
        found: dict[str, Fields] = {}
        for rule in rules(self.app, api=False, method="GET"):
            if not self.passes(rule) or rule.rule.endswith((".pdf", ".csv", ".ics")):
                continue
            for address, _fake in addresses(rule, side):
                answer = self.get(address)
                if answer.mimetype != "text/html":
                    continue
                for form in forms_of(answer.get_data(as_text=True), address):
                    endpoint = adapter.match(form.action.partition("?")[0], method="POST")[0]
                    found.setdefault(
                        endpoint, {name: _filled(name, given) for name, given in form.fields.items()}
                    )
        return found


def _filled(name: str, given: list[str]) -> list[str]:
    if any(given):
        return given
    for part, value in (
        ("date", clock.in_days(3).isoformat()), ("day", clock.in_days(3).isoformat()),
        ("from_time", "09:00"), ("to_time", "11:00"), ("cents", "10"), ("amount", "10"), ("code", "1234"),
        ("units", "1"), ("count", "1"), ("email", "x@essai.example"), ("password", PASSWORD),
    ):  # fmt: skip
        if part in name:
            return [value]
    return ["texte"]


def text_of(answer: TestResponse) -> str:
    """What an answer tells, a PDF's text included, in lower case."""
    data = answer.get_data()
    if answer.mimetype == "application/pdf" and shutil.which("pdftotext"):
        data += subprocess.run(["pdftotext", "-", "-"], input=data, check=False, capture_output=True).stdout
    return data.decode("utf-8", "replace").lower()


def shape(answer: TestResponse, address: str, value: object = None) -> tuple[int, str]:
    """Status, body and where it leads, without what the asker typed in the address itself."""
    body = f"{answer.get_data().decode('utf-8', 'replace')}\n{answer.headers.get('Location', '')}"
    references = [part for part in re.split("[/:]", address) if len(part) > 6]
    for part in (address, quote(address), quote(address, safe=""), *references):
        body = body.replace(part, "…")
    if value is not None:
        short = rf'([?&]\w+=|value="){value}\b' if isinstance(value, int) else f"(){re.escape(str(value))}"
        body = re.sub(short, r"\1…", body)
    return answer.status_code, body
