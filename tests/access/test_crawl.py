"""Every reference of one world, asked of every address by the other world's people, programs, and by a visitor.

Nothing is told, nothing changes, and what is not yours answers like what does not exist.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.api.application import document
from reuse_market.kernel import db
from reuse_market.kernel.db import Base
from tests.access.asking import Visit, addresses, mixed, nowhere, rules, shape, text_of
from tests.access.sides import Side
from tests.access.tables import rows
from tests.api.test_sight import sample
from tests.support.forms import Fields

# What is shown to more than its own people on purpose (open.txt says to whom and why).
OPEN = {(endpoint, thing): how for endpoint, thing, how, _why in rows("open.txt")}
TRACES = {
    "api_token",
    "sign_in_attempt",
    "idempotency_key",
    "voucher_try",
    "list_visit",
    "sighting",
    "log_pending",  # who asks for a proof of his own lot has its latest events logged and signed
    "log_entry",
    "log_node",
    "log_key",
    "checkpoint",
}  # that somebody asked, not what of

REFERENCE = re.compile(r"[a-z]{2,3}-\d{4}-\d{4}")

directions = pytest.mark.parametrize(
    "direction",
    [pytest.param(0, id="beta asks alpha"), pytest.param(1, id="alpha asks beta", marks=pytest.mark.long)],
)
# Together they pass every rule but the operator's, and two of them ask each; `make long` sends everybody everywhere.
EACH_BY = 2
everybody = pytest.mark.parametrize(
    "who",
    [
        pytest.param(("holder", "workshop", "recipient"), id="three"),
        pytest.param(("commune", "buyer", "town"), id="the others", marks=pytest.mark.long),
        pytest.param(("recipient",), id="the third everywhere", marks=pytest.mark.long),
    ],
)
backends = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])


def is_open(endpoint: str, address: str, side: Side) -> bool:
    """Whether this very thing is on show at this address."""
    return how_open(endpoint, address, side) != ""


def how_open(endpoint: str, address: str, side: Side) -> str:
    """ "shown" (read, never acted on), "offered" (anybody with the role may ask for it), or "" """
    parts = address.replace(":", "/").split("/")
    for (name, thing), how in OPEN.items():
        if name in (endpoint, "*") and any(str(one) in parts for one in side.things[thing]):
            return how
    return ""


def secrets_of(side: Side) -> list[str]:
    """The mark of its private words, and the references that only its own people know."""
    private = ("draft", "claim", "claim for own use", "pickup", "reservation", "voucher", "voucher code", "document",
               "quote", "removal")  # fmt: skip
    return [side.mark, *(str(one).lower() for name in private for one in side.things[name])]


def told(answer: Any, address: str, secrets: list[str]) -> list[str]:
    """The secrets an answer tells, those aside that the asker has typed.

    A reference counts where it begins: `AN-2026-0002` is not told by one's own basket `PAN-2026-0002`.
    """
    text = text_of(answer)
    return [one for one in secrets if one in text and one not in address.lower() and _begins(one, text)]


def _begins(secret: str, text: str) -> bool:
    """Whether it stands in the text, and, of a reference, not as the end of a longer one."""
    return not REFERENCE.fullmatch(secret) or re.search(rf"(?<![a-z]){secret}", text) is not None


def snapshot() -> dict[str, list[Any]]:
    """The rows of every table, traces of asking aside."""
    with db.scope() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in TRACES
        }


def crawl(visit: Visit, other: Side, own: Side, done: Counter[str], most: int) -> Iterator[str]:
    """The leaks one party finds, each with its address; a rule that `most` have asked is `done`."""
    secrets, forms = secrets_of(other), visit.forms(own)
    paths = document(visit.app)["paths"]
    for api in (False, True):
        for method in ("GET", "POST"):
            for rule in rules(visit.app, api=api, method=method):
                if not visit.passes(rule) or done[f"{method} {rule.rule}"] >= most:
                    continue
                done[f"{method} {rule.rule}"] += 1
                asked: dict[str, tuple[int, str]] = {}
                fields = forms.get(rule.endpoint, {})
                body = _body(visit.app, paths, rule) if api and method == "POST" else None
                for real, fake in (*addresses(rule, other), *mixed(rule, own, other)):
                    if method == "GET":
                        answer = visit.get(real)
                    elif how_open(rule.endpoint, real, other) == "offered":
                        continue
                    else:
                        answer = visit.call(real, body) if api else visit.send(real, fields)
                    if found := told(answer, real, secrets):
                        yield f"{method} {real} tells {found}"
                    if is_open(rule.endpoint, real, other):
                        continue
                    if fake not in asked:
                        asked[fake] = shape(_again(visit, method, fake, fields, body), fake)
                    if (seen := shape(answer, real)) != asked[fake]:
                        void = asked[fake]
                        yield f"{method} {real} is {seen[0]}, {fake} is {void[0]}{unlike(seen[1], void[1])}"


def _again(visit: Visit, method: str, address: str, fields: Fields, body: Any) -> Any:
    if method == "GET":
        return visit.get(address)
    return visit.call(address, body) if address.startswith("/api/") else visit.send(address, fields)


def _body(app: Flask, paths: dict[str, Any], rule: Any) -> Any:
    return sample(app, paths[re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)]["post"])


@backends
@directions
@everybody
def test_the_other_world_finds_nothing(
    app: Flask, sides: tuple[Side, Side], direction: int, who: tuple[str, ...]
) -> None:
    other, own = sides[direction], sides[1 - direction]
    visits: dict[str, Visit] = {one: Visit(app, own.parties[one]) for one in who}
    leaks = [f"visitor: {leak}" for leak in knock(Visit(app, None), other)]
    before, done, most = snapshot(), Counter[str](), EACH_BY if "recipient" in who else len(who)
    for one, visit in visits.items():
        leaks += [f"{one}: {leak}" for leak in crawl(visit, other, own, done, most)]
        leaks += [f"{one}: {leak}" for leak in lists(visit, other)]
    for line in rows("inside.txt"):
        if line[0] in visits:
            leaks += [f"inside: {leak}" for leak in inside(visits[line[0]], line, other, own)]
    after = snapshot()
    leaks += [f"{name} has changed" for name in before if before[name] != after[name]]
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(leaks)


def inside(visit: Visit, line: tuple[str, ...], other: Side, own: Side) -> Iterator[str]:
    """The leaks of one line of inside.txt: a reference of the other world in a form, a body or a query."""
    _who, method, place, name, thing, more = line
    address = re.sub(r"{own ([^}]+)}", lambda found: str(own.first(found[1])), place)
    rest = dict(one.split("=", 1) for one in more.split(" & ")) if more != "-" else {}
    answers = []
    values = (other.first(thing), nowhere(other.first(thing)))
    for value in values:
        key = name.removesuffix("[]")
        given = {field: int(text[1:]) if text[0] == "#" else text for field, text in rest.items()}
        sent = given | {key: [value] if name.endswith("[]") else value}
        if method == "GET":
            asked = f"{address}?{urlencode({key: value})}"
            answers.append((visit.get(asked), asked))
        elif address.startswith("/api/"):
            answers.append((visit.call(address, sent), f"{address}/{value}"))
        else:
            form = {field: [str(one)] for field, one in sent.items()}
            answers.append((visit.send(address, form), f"{address}/{value}"))
    (real, at), (fake, nobody) = answers
    if found := told(real, at, secrets_of(other)):
        yield f"{' '.join(line)} tells {found}"
    seen, void = shape(real, at, values[0]), shape(fake, nobody, values[1])
    if seen != void:
        yield f"{' '.join(line)}: {seen[0]}, {void[0]}{unlike(seen[1], void[1])}"


def unlike(one: str, other: str) -> str:
    """The first lines that differ."""
    found = [line for line in difflib.ndiff(one.splitlines(), other.splitlines()) if line[0] in "+-"]
    return "".join(f"\n    {line[:160]}" for line in found[:4])


def lists(visit: Visit, other: Side) -> Iterator[str]:
    """What pages and lists without arguments tell of the other world."""
    secrets = secrets_of(other)
    for api in (False, True):
        for rule in rules(visit.app, api=api, method="GET", arguments=False):
            if visit.passes(rule) or visit.party is None:
                address = f"{rule.rule}?limit=100" if api else rule.rule
                if rule.endpoint == "api_openapi" or rule.endpoint.startswith("demo."):
                    continue
                answer = visit.get(address)
                if found := told(answer, address, secrets):
                    yield f"GET {address} tells {found}"
                if answer.status_code >= 500:
                    yield f"GET {address} is {answer.status_code}"


def knock(visitor: Visit, side: Side) -> Iterator[str]:
    """What somebody who has not signed in finds: sent to sign in, or refused, whatever the reference."""
    yield from lists(visitor, side)
    for api in (False, True):
        for method in ("GET", "POST"):
            for rule in rules(visitor.app, api=api, method=method):
                real, fake = next(addresses(rule, side))
                answers = [_again(visitor, method, one, {}, {}) for one in (real, fake)]
                if found := told(answers[0], real, secrets_of(side)):
                    yield f"{method} {real} tells {found}"
                shown = method == "GET" and is_open(rule.endpoint, real, side)
                if not shown and shape(answers[0], real) != shape(answers[1], fake):
                    yield f"{method} {real}: {answers[0].status_code}, {answers[1].status_code}"
