"""An auditor reads until a date and never writes: every address that takes something, on both doors."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import tokens
from reuse_market.accounts.models import Membership
from reuse_market.kernel import clock, db
from reuse_market.web.access import OWN_ACCOUNT, READING, only_reads
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.world import World

KEPT_BY_SIGNING = {"sign_in_attempt"}  # what a session itself leaves


def address(app: Flask, rule: Rule) -> str:
    """An address of this rule: the gate comes before the object, any value of the right form will do."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        tries = [*getattr(converter, "items", ()), "LOT-2026-0001", "a" * 64]
        fits = [one for one in tries if re.fullmatch(converter.regex, one)]
        values[name] = 1 if isinstance(converter, NumberConverter) else fits[0]
    return app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")


def rows() -> dict[str, int]:
    """How many rows every table has."""
    tables = {name: table for name, table in db.Base.metadata.tables.items() if name not in KEPT_BY_SIGNING}
    with db.scope():
        count = sa.func.count()
        return {n: db.session().scalar(sa.select(count).select_from(t)) or 0 for n, t in tables.items()}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_auditor_writes_nowhere(app: Flask) -> None:
    with db.scope():
        auditor = World.begin().party("Contrôle Exemple", "auditor")
        _made, secret = tokens.make_token(auditor.person_id, auditor.organisation_id, ("read", "write"))
    client = Visitor(app.test_client(), auditor).client
    bearer = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "essai"}
    client.get("/console")
    with client.session_transaction() as kept:
        own_page = ORIGIN | {
            "X-CSRF-Token": kept["csrf_token"]
        }  # its own page: what refuses is the gate alone
    app.test_client().get("/api/v1/lots", headers=bearer)
    before, asked = rows(), 0
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - READING):
            if rule.endpoint in OWN_ACCOUNT:
                continue
            to = address(app, rule)
            if to.startswith("/api/"):
                answer = app.test_client().open(to, method=method, headers=bearer, json={})
            else:
                answer = client.open(to, method=method, headers=own_page, data={})
            assert answer.status_code == 403, (method, to, answer.status_code)
            asked += 1
    assert asked > 200
    assert rows() == before
    assert {name for name in OWN_ACCOUNT if name not in app.view_functions} == set()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_has_another_role_too_is_judged_by_it(app: Flask) -> None:
    with db.scope():
        world = World.begin()
        both = world.party("Contrôle et parc Exemple", "auditor", "holder")
        assert not only_reads(both.actor)
        assert only_reads(world.party("Contrôle Exemple", "auditor").actor)


def test_access_ends_on_the_day_after(app: Flask) -> None:
    with db.scope():
        auditor = World.begin().party("Contrôle Exemple", "auditor")
        last = clock.today()
        _until(auditor.person_id, last)
        _made, secret = tokens.make_token(auditor.person_id, auditor.organisation_id, ("read",))
    client = Visitor(app.test_client(), auditor).client
    bearer = {"Authorization": f"Bearer {secret}"}

    def reads() -> tuple[int, int]:
        return client.get("/audit").status_code, app.test_client().get(
            "/api/v1/lots", headers=bearer
        ).status_code

    assert reads() == (200, 200)  # the last day counts
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert reads() == (403, 401)
        with db.scope():
            actor = accounts.actor_of(auditor.person_id)
            assert actor is not None
            assert not actor.has("auditor")
            assert actor.organisation_id is None


@db.command
def _until(person_id: int, last: Any) -> None:
    """What the form of the person writes down."""
    found = db.session().scalars(sa.select(Membership).where(Membership.person_id == person_id)).one()
    found.until = last
