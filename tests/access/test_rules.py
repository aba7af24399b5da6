"""Each access rule, written out: who passes it (rules.txt), asked of real people and through the real gate."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from reuse_market.accounts import admission, queries, services
from reuse_market.accounts.models import ROLES
from reuse_market.collection import driving
from reuse_market.desk import on_behalf
from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.web.access import RULES, access, guard
from tests.access.routes import routes
from tests.access.tables import rows
from tests.support.world import PASSWORD, World, agreed_pickup, awarded_claim, published_lot

HEADER, *GRID = rows("rules.txt")
DOC = Path(__file__).parents[2] / "docs" / "security.md"


@pytest.fixture
def people(app: Flask) -> dict[str, Actor]:
    """The actor of each column, as the application itself resolves it."""
    with db.scope():
        world = World.begin()
        found = {"visitor": VISITOR} | {
            role: world.party(f"Un {role}", role).actor for role in ROLES
        }  # fmt: skip
        holder, operator = world.party("Un holder", "holder"), world.party("Un operator", "operator")
        found["prepare-only holder"] = _person(holder.organisation_id, "prepare")
        asked = services.register_organisation(
            "Une candidate", "association", ["holder", "recipient"], actor=Actor()
        )
        found["applicant"] = _person(asked.id)
        ended = world.party("Un suspendu", "holder", "reuse_actor")
        admission.decide_on_organisation(
            ended.organisation_id, "suspend", actor=operator.actor, reason="Essai"
        )
        found["suspended"] = _actor(ended.person_id)
        found["nobody's member"] = _person(None)
        begun = on_behalf.start(holder.organisation_id, "phone", actor=operator.actor)
        found["for a holder"] = on_behalf.acting(begun)
        found["driver by a link"] = _driver(world)
        return found


def _driver(world: World) -> Actor:
    holder, workshop = world.holder(), world.reuse_actor()
    claim = awarded_claim(published_lot(holder, numbered=1, counted=0), holder, workshop)
    pickup = agreed_pickup(claim, holder, workshop)
    given = driving.give_link(pickup.reference, "Lou Exemple", actor=workshop.actor)
    made = driving.actor_of(given.link.id)
    assert made is not None
    return made


def _person(organisation_id: int | None, rights: str = "commit") -> Actor:
    made = services.add_person("Personne", f"p{organisation_id}-{rights}@regles.example", password=PASSWORD)
    if organisation_id is not None:
        services.add_member(made.id, organisation_id, rights=rights)
    return _actor(made.id)


def _actor(person_id: int) -> Actor:
    found = queries.actor_of(person_id)
    assert found is not None
    return found


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_passes_each_rule(people: dict[str, Actor]) -> None:
    assert list(people) == list(HEADER[1:])
    assert {rule for rule, *_ in GRID} == set(RULES)
    found = [(rule, *("x" if RULES[rule](actor) else "-" for actor in people.values())) for rule, *_ in GRID]
    assert found == GRID


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_gate_is_shut_by_default_and_says_so_alike(
    database: db.Database, people: dict[str, Actor]
) -> None:
    """A view that names no rule answers nobody; who does not pass is sent to sign in, or refused."""
    small = Flask("gate", template_folder=str(DOC.parents[1] / "templates"))
    small.add_url_rule("/sans-regle", "bare", lambda: "open")
    small.add_url_rule("/connexion", "accounts.sign_in", access("public")(lambda: "sign in"))
    small.add_url_rule("/reserve", "kept", access("operator")(lambda: "open"), methods=["GET", "POST"])
    guard(small)

    @small.before_request
    def nobody() -> None:
        return None

    visitor = small.test_client()
    assert visitor.get("/sans-regle").status_code == 403
    assert visitor.get("/reserve").status_code == 302
    assert visitor.post("/reserve").status_code == 403
    assert visitor.get("/connexion").data == b"sign in"


def test_a_rule_nobody_wrote_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="unknown access rule"):
        access("anybody-nice")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_security_page_prints_this_grid(app: Flask) -> None:
    printed = [
        tuple(cell.strip() for cell in line.strip("|\n ").split("|"))
        for line in DOC.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == len(HEADER) + 1
    ]
    assert printed == [HEADER, *GRID], "docs/security.md does not print tests/access/rules.txt"
    assert SYSTEM.roles == {"system"}  # no role that any rule asks for
    assert {rule for *_route, rule in routes(app)} <= {rule for rule, *_ in GRID}
