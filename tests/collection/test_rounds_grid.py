"""Who may move a round, from which state: written by hand, never computed from the table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reuse_market.collection.round_models import ROUND_STATES
from reuse_market.collection.rounds import reading, services
from reuse_market.collection.rounds.lifecycle import FLOW, PLANNING
from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.errors import Conflict, NotAllowed
from tests.collection.test_rounds import agreed, terms

# action and actor → what becomes of a round that is draft, planned, under_way, done, cancelled.
# "no": never this actor's right here; "late": not in this state; else the new state.
GRID = {
    ("change", "actor"): "draft late late late late",
    ("plan", "actor"): "planned late late late late",
    ("reopen", "actor"): "late draft late late late",
    ("start", "actor"): "late under_way late late late",
    ("finish", "actor"): "no no no no no",
    ("cancel", "actor"): "cancelled cancelled cancelled late late",
    ("change", "helper"): "draft late late late late",
    ("plan", "helper"): "no no no no no",
    ("reopen", "helper"): "no no no no no",
    ("start", "helper"): "late under_way late late late",
    ("cancel", "helper"): "no no no no no",
    ("change", "driver by link"): "no no no no no",
    ("plan", "driver by link"): "no no no no no",
    ("reopen", "driver by link"): "no no no no no",
    ("cancel", "driver by link"): "no no no no no",
    ("start", "driver by link"): "late under_way late late late",
    ("finish", "system"): "late late done late late",
    ("start", "system"): "no no no no no",
}
ALWAYS_NO = ("holder at a stop", "other actor", "suspended actor", "operator", "visitor", "driver of another")
# A question put to the planner, by the job: asked, running, answered, failed. Nobody else moves it.
PLANS = {
    "begin": "running running late late",
    "answer": "late answered late late",
    "fail": "late failed late late",
}


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(flow, action, found, actor):
    flow.fire(action, found, actor)
    raise Undo(found.state)


def tried(flow, action, found, actor):
    try:
        _try(flow, action, found, actor)
    except Undo as undo:
        return str(undo)
    except NotAllowed:
        return "no"
    except Conflict:
        return "late"
    raise AssertionError("unreachable")


def test_the_grid(world):
    actor, other = world.reuse_actor(), world.reuse_actor("Autre atelier")
    rounds = {}
    for number, state in enumerate(ROUND_STATES):
        rounds[state] = services.draft_round(
            [agreed(world, actor, number)], actor=actor.actor, **terms(actor)
        ).reference
        if state != "draft":
            services.plan_round(rounds[state], actor=actor.actor)
        if state in ("under_way", "done"):
            services.start_round(rounds[state], actor=actor.actor)
        if state == "cancelled":
            services.cancel_round(rounds[state], "Panne", actor=actor.actor)
    _finish(rounds["done"])
    assert {state: reading.get(ref).state for state, ref in rounds.items()} == {s: s for s in ROUND_STATES}
    link = {"via": "link", "roles": frozenset({"driver"}), "commits": False, "person_id": None}
    actors = {
        "actor": actor.actor, "helper": replace(actor.actor, commits=False), "system": SYSTEM,
        "driver by link": replace(actor.actor, scope=frozenset(rounds.values()), **link),
        "driver of another": replace(actor.actor, scope=frozenset({"TRN-2000-0001"}), **link),
        "holder at a stop": world.party("Détenteur 0", "holder").actor, "other actor": other.actor,
        "suspended actor": replace(actor.actor, roles=frozenset()), "operator": world.operator().actor,
        "visitor": VISITOR,
    }  # fmt: skip

    def row(action, name):
        return " ".join(tried(FLOW, action, reading.get(rounds[s]), actors[name]) for s in ROUND_STATES)

    assert {key: row(*key) for key in GRID} == GRID
    never = {(action, name): row(action, name) for action in FLOW.transitions for name in ALWAYS_NO}
    assert set(never.values()) == {"no no no no no"}, never


@db.command
def _finish(reference):
    FLOW.fire("finish", reading.get(reference), SYSTEM)


def test_the_grid_of_plans(world):
    from reuse_market.collection.rounds import asking

    actor = world.reuse_actor()
    hours = {name: value for name, value in terms(actor).items() if name != "vehicle_id"}
    vans = [services.add_vehicle("Fourgon", actor=actor.actor).id]
    plans = {}
    for number, state in enumerate(PLANNING.states):
        plan = services.ask_rounds([agreed(world, actor, number)], vans, actor=actor.actor, **hours)
        if state != "asked":
            asking._begin(plan.id)
        if state in ("answered", "failed"):
            asking._end(plan.id, {"answered": "answer", "failed": "fail"}[state], {})
        plans[state] = plan
    found = {
        a: " ".join(tried(PLANNING, a, plans[s], SYSTEM) for s in PLANNING.states)
        for a in PLANNING.transitions
    }
    assert found == PLANS
    assert {tried(PLANNING, a, plans["asked"], actor.actor) for a in PLANS} == {"no"}


pytestmark = pytest.mark.usefixtures("world")
