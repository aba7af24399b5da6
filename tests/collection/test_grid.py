"""Who may move a pick-up, from which state: written by hand, never computed from the table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reuse_market.collection import queries, services
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import STATES
from reuse_market.collection.services import slots
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.errors import Conflict, NotAllowed
from tests.support import world as chain

# action and actor → what becomes of a pick-up that is:
#   proposed (by the actor), countered (by the holder), agreed, done, failed, expired, cancelled.
# "no": never this actor's right here; "late": not in this state; else the new state.
GRID = {
    ("counter", "holder"): "countered no late late late late late",
    ("counter", "actor"): "no countered no no no no no",
    ("agree", "holder"): "agreed no late late late late late",
    ("agree", "actor"): "no agreed no no no no no",
    ("cancel", "holder"): "cancelled cancelled cancelled late cancelled late late",
    ("cancel", "actor"): "cancelled cancelled cancelled late cancelled late late",
    ("fail", "holder"): "late late failed late late late late",
    ("fail", "actor"): "late late failed late late late late",
    ("repropose", "holder"): "late late late late proposed late late",
    ("repropose", "actor"): "late late late late proposed late late",
    ("announce", "holder"): "no no no no no no no",
    ("announce", "actor"): "late late agreed late late late late",
    ("ask_site", "holder"): "no no no no no no no",
    ("ask_site", "actor"): "late late agreed late late late late",
    ("day_off", "holder"): "no no no no no no no",
    ("day_off", "actor"): "no no no no no no no",
    ("expire", "holder"): "no no no no no no no",
    ("expire", "actor"): "no no no no no no no",
    ("check_off", "holder"): "no no no no no no no",
    ("check_off", "actor"): "late late agreed late late late late",
    ("sign_as_driver", "holder"): "no no no no no no no",
    ("sign_as_driver", "actor"): "late late done late late late late",
    ("sign_as_holder", "holder"): "late late late done late late late",
    ("sign_as_holder", "actor"): "late late late done late late late",
}
# A side's member who may not commit it says what happened, checks off, hands the screen over: no more.
# Somebody acting for the actor engages it and checks off, but never signs.
LESS = {
    ("counter", "actor's helper"): "no no no no no no no",
    ("agree", "actor's helper"): "no no no no no no no",
    ("cancel", "actor's helper"): "no no no no no no no",
    ("fail", "actor's helper"): "late late failed late late late late",
    ("repropose", "actor's helper"): "no no no no no no no",
    ("announce", "actor's helper"): "late late agreed late late late late",
    ("ask_site", "actor's helper"): "late late agreed late late late late",
    ("announce", "holder's helper"): "no no no no no no no",
    ("expire", "actor's helper"): "no no no no no no no",
    ("check_off", "actor's helper"): "late late agreed late late late late",
    ("sign_as_driver", "actor's helper"): "no no no no no no no",
    ("sign_as_holder", "actor's helper"): "late late late done late late late",
    ("counter", "holder's helper"): "no no no no no no no",
    ("agree", "holder's helper"): "no no no no no no no",
    ("cancel", "holder's helper"): "no no no no no no no",
    ("fail", "holder's helper"): "late late failed late late late late",
    ("repropose", "holder's helper"): "no no no no no no no",
    ("expire", "holder's helper"): "no no no no no no no",
    ("check_off", "holder's helper"): "no no no no no no no",
    ("sign_as_driver", "holder's helper"): "no no no no no no no",
    ("sign_as_holder", "holder's helper"): "late late late done late late late",
    ("agree", "acting for the actor"): "no agreed no no no no no",
    ("check_off", "acting for the actor"): "late late agreed late late late late",
    ("sign_as_driver", "acting for the actor"): "no no no no no no no",
    ("sign_as_holder", "acting for the actor"): "no no no no no no no",
}
ALWAYS_NO = ("suspended actor", "suspended holder", "other actor", "operator", "visitor")
SYSTEM_ROWS = {
    "day_off": "cancelled cancelled cancelled late late late late",
    "expire": "expired expired late late late late late",
}


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(action, reference, actor):
    pickup = queries.get(reference)
    FLOW.fire(action, pickup, actor)
    raise Undo(pickup.state)


def tried(action, reference, actor):
    """The new state, "no" or "late"."""
    try:
        _try(action, reference, actor)
    except Undo as undo:
        return str(undo)
    except NotAllowed:
        return "no"
    except Conflict:
        return "late"
    raise AssertionError("unreachable")


@pytest.fixture
def pickups(world):
    """One pick-up in each state, by its verbs."""
    holder, actor = world.holder(), world.reuse_actor()
    slot = {"day": clock.today(), "from_time": "09:00", "to_time": "11:00"}
    found = {}
    for state in STATES:
        claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, actor)
        ref = services.propose_pickup(claim.reference, actor=actor.actor, **slot).reference
        found[state] = ref
        if state == "countered":
            services.counter_pickup(ref, actor=holder.actor, **slot)
        if state in ("agreed", "done", "failed"):
            services.agree_pickup(ref, actor=holder.actor)
        if state == "done":
            services.check_off_rest(ref, actor=actor.actor)
            services.sign_as_driver(ref, actor=actor.actor)
        if state == "failed":
            services.fail_pickup(ref, "Panne", actor=actor.actor)
        if state == "expired":
            slots._expire(queries.get(ref).id)
        if state == "cancelled":
            services.cancel_pickup(ref, "Panne", actor=actor.actor)
    assert {state: queries.get(ref).state for state, ref in found.items()} == {s: s for s in STATES}
    return found


def row(action, actor, pickups):
    return " ".join(tried(action, pickups[state], actor) for state in STATES)


def test_every_transition_by_every_actor_from_every_state(world, pickups):
    actor = world.reuse_actor().actor
    actors = {
        "holder": world.holder().actor,
        "actor": actor,
        "actor's helper": replace(actor, commits=False),
        "holder's helper": replace(world.holder().actor, commits=False),
        "suspended actor": replace(actor, roles=frozenset(), commits=False),
        "suspended holder": replace(world.holder().actor, roles=frozenset(), commits=False),
        "acting for the actor": replace(actor, via="operator"),
        "other actor": world.reuse_actor("Réemploi Exemple").actor,
        "operator": world.operator().actor,
        "visitor": VISITOR,
    }
    for wanted in (GRID, LESS):
        assert {(a, who): row(a, actors[who], pickups) for a, who in wanted} == wanted
    for who in ALWAYS_NO:
        assert {a: row(a, actors[who], pickups) for a in FLOW.transitions} == dict.fromkeys(
            FLOW.transitions, "no no no no no no no"
        )
    never = dict.fromkeys(FLOW.transitions, "no no no no no no no")
    assert {a: row(a, SYSTEM, pickups) for a in FLOW.transitions} == never | SYSTEM_ROWS
    assert {a for a, _ in GRID} == set(FLOW.transitions)
