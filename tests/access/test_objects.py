"""Who reads each kind of thing, by page and by API: objects.txt, line by line."""

from __future__ import annotations

import itertools
import re

import pytest
from flask import Flask

from reuse_market.kernel import db
from tests.access.asking import Visit, addresses, rules, text_of
from tests.access.sides import Side, side
from tests.access.tables import laid_out, rows
from tests.support.world import World

READERS = ("own", "partner", "stranger", "visitor", "operator", "auditor")
OUTSIDERS = ("buyer", "stranger", "visitor")  # `make long` looks with everybody's eyes
EVERY_ROLE = ("holder", "reuse_actor", "obliged_buyer", "buyer", "recipient")


@pytest.fixture
def alpha(world: World) -> Side:
    """One whole world."""
    with db.scope():
        return side("zqalpha")


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
@pytest.mark.parametrize("looking", [OUTSIDERS, pytest.param((), marks=pytest.mark.long, id="everybody")])
def test_who_reads_what(app: Flask, world: World, alpha: Side, looking: tuple[str, ...]) -> None:
    """The stranger holds every role an organisation can have, so that no first gate hides a leak."""
    with db.scope():
        others = {
            "stranger": Visit(app, world.party("Passante Exemple", *EVERY_ROLE)),
            "visitor": Visit(app, None), "operator": Visit(app, world.operator()),
            "auditor": Visit(app, world.party("Auditrice Exemple", "auditor")),
        }  # fmt: skip
    visits = {who: Visit(app, party) for who, party in alpha.parties.items()}
    listed, found = rows("objects.txt"), []
    for thing, own, partner, address, *_said in listed:
        asked = re.sub(r"{([^}]+)}", lambda name: str(alpha.first(name[1])), address)
        readers = {"own": visits[own], "partner": visits[partner], **others}
        answers = [str(readers[who].get(asked).status_code) for who in READERS]
        found.append((thing, own, partner, address, *answers))
    wrong = [row for row, said in zip(found, listed, strict=True) if row != said]
    assert not wrong, "\n".join(["objects.txt says otherwise. Now:", *laid_out(wrong)])
    everybody = visits | others
    seen = private_words(app, alpha, {who: everybody[who] for who in looking or everybody})
    assert seen == listed_for(looking), "\n".join(["particulars.txt says otherwise. Now:", *laid_out(seen)])


def listed_for(looking: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The columns of particulars.txt of these readers; all of them for none named."""
    header, *lines = rows("particulars.txt")
    kept = [at for at, who in enumerate(header) if at < 2 or who in looking or not looking]
    return [tuple(line[at] for at in kept) for line in (header, *lines)]


def private_words(app: Flask, side: Side, visits: dict[str, Visit]) -> list[tuple[str, ...]]:
    """Which private words each finds on any page, list, file or paper of this world that it may open."""
    read = dict.fromkeys(visits, "")
    kinds = itertools.product((False, True), (False, True))
    found = [rule for api, named in kinds for rule in rules(app, api=api, method="GET", arguments=named)]
    for who, visit in visits.items():
        for rule in found:
            if rule.endpoint == "api_openapi" or not (visit.passes(rule) or visit.party is None):
                continue
            for address, _fake in addresses(rule, side):
                answer = visit.get(address)
                read[who] += text_of(answer) if answer.status_code == 200 else ""
    _header, *listed = rows("particulars.txt")
    return [
        ("what", "words", *visits),
        *(
            (what, words, *("x" if words in read[who] else "-" for who in visits))
            for what, words, *_said in listed
        ),
    ]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_each_address_that_shows_a_thing_is_judged(app: Flask) -> None:
    """Every GET with a reference stands in objects.txt, or among those that only its own verbs use."""
    judged = {_plain(address) for _thing, _own, _partner, address, *_said in rows("objects.txt")}
    steps = {_plain(address) for address, _why in rows("steps.txt")}
    found = {
        _plain(rule.rule) for api in (False, True) for rule in rules(app, api=api, method="GET")
        if not rule.rule.startswith("/demo")
    }  # fmt: skip
    assert sorted(found - judged - steps) == []
    assert sorted(steps - found) == []


def _plain(address: str) -> str:
    """An address with its references alike, however they are written."""
    plain = re.sub(r"<[^>]*>|{[^}]*}", "…", address.partition("?")[0])
    return re.sub(
        r"(?<=enlevements/…/)(bon|bordereau)(?=\.pdf)|(?<=organismes/…/)suspend|(?<=…/)1$|(?<=…/lignes/)1$"
        r"|(?<=epcis/voc/)claiming|(?<=datasets/)resource|(?<=etiquettes/)(lot|serie)",
        "…",
        plain,
    )
