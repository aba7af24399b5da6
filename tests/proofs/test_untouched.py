"""A database that only verbs have written to has no fault."""

from __future__ import annotations

import json

from flask import Flask

from reuse_market.kernel.db import session
from reuse_market.proofs.reconcile import reconcile
from reuse_market.proofs.wording import TITLES
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from tests.support.lives import Life


def test_nothing_is_broken(life: Life) -> None:
    assert [*verify_chains(), *reconcile()] == []


def test_the_life_is_rich_enough_to_prove_something(life: Life) -> None:
    states = ("in_use", "listed", "awarded", "collected", "ready", "held", "provided", "missing")
    assert [state for state in states if not life.unit_in(state)] == []


def test_every_event_of_a_life_has_words(life: Life) -> None:
    said = set(session().scalars(Event.__table__.select().with_only_columns(Event.type)))
    assert {kind for kind in said if not kind.startswith("organisation.")} - TITLES.keys() == set()


def test_the_command_says_so(app: Flask, life: Life) -> None:
    for command in (["reconcile", "--json"], ["journal", "verify", "--json"]):
        answer = app.test_cli_runner().invoke(args=command)
        assert (answer.exit_code, json.loads(answer.output)) == (0, {"ok": True, "broken": []})
