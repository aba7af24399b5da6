"""Who may move a claim, from which state: written by hand, never computed from the table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reuse_market.claims import queries, services
from reuse_market.claims.lifecycle import FLOW
from reuse_market.claims.models import STATES
from reuse_market.claims.services import answering
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.errors import Conflict, NotAllowed
from tests.support import world as chain

# action and actor → what becomes of a claim that is: submitted, awarded, declined, released, expired.
# "no": never this actor's right; "late": not in this state; else the new state.
GRID = (
    {
        ("award", "holder"): "awarded late late late late",
        ("award", "claimant"): "no no no no no",
        ("award", "holder's helper"): "no no no no no",
        ("award", "other actor"): "no no no no no",
        ("award", "operator"): "no no no no no",
        ("award", "visitor"): "no no no no no",
        ("award", "system"): "no no no no no",
        ("decline", "holder"): "declined late late late late",
        ("decline", "claimant"): "no no no no no",
        ("decline", "holder's helper"): "no no no no no",
        ("decline", "other actor"): "no no no no no",
        ("decline", "operator"): "no no no no no",
        ("decline", "visitor"): "no no no no no",
        ("decline", "system"): "no no no no no",
        ("retract", "holder"): "no no no no no",
        ("retract", "claimant"): "released late late late late",
        ("retract", "holder's helper"): "no no no no no",
        ("retract", "other actor"): "no no no no no",
        ("retract", "operator"): "no no no no no",
        ("retract", "visitor"): "no no no no no",
        ("retract", "system"): "no no no no no",
        ("release", "holder"): "late released late late late",
        ("release", "claimant"): "late released late late late",
        ("release", "holder's helper"): "no no no no no",
        ("release", "other actor"): "no no no no no",
        ("release", "operator"): "no no no no no",
        ("release", "visitor"): "no no no no no",
        ("release", "system"): "no no no no no",
        ("expire", "holder"): "no no no no no",
        ("expire", "claimant"): "no no no no no",
        ("expire", "holder's helper"): "no no no no no",
        ("expire", "other actor"): "no no no no no",
        ("expire", "operator"): "no no no no no",
        ("expire", "visitor"): "no no no no no",
        ("expire", "system"): "expired late late late late",
    }
    | {
        # By the answer to a proposal of share (tests/claims/test_sharing.py): nobody does it by hand.
        (action, who): "no no no no no"
        for action in ("share", "pass_over")
        for who in ("holder", "claimant", "holder's helper", "other actor", "operator", "visitor")
    }
    | {
        ("share", "system"): "awarded late late late late",
        ("pass_over", "system"): "declined late late late late",
    }
)


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(action, reference, actor):
    claim = queries.get(reference)
    FLOW.fire(action, claim, actor)
    raise Undo(claim.state)


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
def claims_by_state(world):
    """One claim in each state, by its verbs."""
    holder, actor = world.holder(), world.reuse_actor()
    refs = [chain.submitted_claim(chain.published_lot(holder), actor).reference for _ in STATES]
    services.award_claim(refs[1], actor=holder.actor)
    services.decline_claim(refs[2], "Trop loin", actor=holder.actor)
    services.release_claim(refs[3], "Plus de place", actor=actor.actor)
    late = clock.at_paris(clock.in_days(9), 9)
    with clock.frozen(late):
        answering._expire(queries.get(refs[4]).id)
    found = dict(zip(STATES, refs, strict=True))
    assert {state: queries.get(ref).state for state, ref in found.items()} == {s: s for s in STATES}
    return found


def test_every_transition_by_every_actor_from_every_state(world, claims_by_state):
    actors = {
        "holder": world.holder().actor,
        "claimant": world.reuse_actor().actor,
        "holder's helper": replace(world.holder().actor, commits=False),
        "other actor": world.reuse_actor("Réemploi Exemple").actor,
        "operator": world.operator().actor,
        "visitor": VISITOR,
        "system": SYSTEM,
    }
    found = {
        (action, who): " ".join(tried(action, claims_by_state[state], actor) for state in STATES)
        for action in ("award", "decline", "retract", "release", "expire", "share", "pass_over")
        for who, actor in actors.items()
    }
    assert found == GRID
    assert set(FLOW.transitions) == {action for action, _ in GRID}
