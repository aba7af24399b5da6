"""The life of a unit, state by state, written by hand: what each action does to each state, and for whom.

A row reads: action, the states it leaves from, where it leads, who may do it. Every other pair is refused.
"""

from __future__ import annotations

import pytest

from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.traceability import journal
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import STATES, Unit
from reuse_market.units.policy import UnitsAtStake
from reuse_market.units.services import Move, act
from tests.support.world import World
from tests.units.conftest import EARLIER, Born

GRID = """
discard            in_use                            discarded    owner
annul_discard      discarded                         in_use       owner
publish            discarded                         listed       owner
award              listed                            awarded      owner party system
release            awarded                           listed       owner party system
release_to_holder  awarded                           discarded    owner party system
withdraw           listed awarded                    discarded    owner system
expire             listed                            discarded    owner system
collect            awarded                           collected    party
provide_as_is      awarded                           provided     party
refuse             awarded                           discarded    party
miss               awarded                           missing      party
find_at_holder     missing                           discarded    owner
revise_taken       missing discarded                 collected    owner party operator
revise_missing     collected in_workshop discarded   missing      owner party operator
revise_refused     collected in_workshop missing     discarded    owner party operator
receive            collected                         in_workshop  custodian
arrive             ready                             in_workshop  party
miss_in_shipment   collected in_workshop ready       missing      party
lose               collected in_workshop ready       missing      custodian
find_at_actor      missing                           in_workshop  custodian
make_ready         in_workshop                       ready        custodian
back_to_workshop   ready                             in_workshop  custodian
hold               ready                             held         party
release_hold       held                              ready        custodian party system
provide            held                              provided     custodian party
take_back          provided                          in_workshop  party
hand_back          in_workshop                       provided     party
dismantle          in_workshop                       parts        custodian
declare_waste      discarded collected in_workshop   waste        custodian
remove             waste                             recycled     custodian
merge              in_use                            merged       owner
"""
PLACES = {"owner", "custodian", "party", "system", "operator"}


def _rows() -> dict[str, tuple[set[str], str, set[str]]]:
    found = {}
    for line in GRID.strip().splitlines():
        action, *words = line.split()
        who = {word for word in words if word in PLACES}
        *sources, target = [word for word in words if word not in PLACES]
        found[action] = (set(sources), target, who)
    return found


ROWS = _rows()


def test_the_grid_is_the_table() -> None:
    assert {a: (set(t.sources), t.target) for a, t in LIFE.transitions.items()} == {
        action: (sources, target) for action, (sources, target, _) in ROWS.items()
    }


@pytest.mark.parametrize("action", ROWS)
def test_who_may(action: str) -> None:
    stake = UnitsAtStake(owner_id=1, custodian_id=2, party_id=3)
    askers = {
        "owner": Actor(organisation_id=1), "custodian": Actor(organisation_id=2),
        "party": Actor(organisation_id=3), "system": SYSTEM, "stranger": Actor(organisation_id=4),
        "operator": Actor(organisation_id=5, roles=frozenset({"operator"})),
        "nobody": Actor(),
    }  # fmt: skip
    allowed = {name for name, actor in askers.items() if LIFE.transition(action).policy(actor, stake)}
    assert allowed == ROWS[action][2]


def test_without_a_party_nobody_is_the_party() -> None:
    assert not LIFE.transition("collect").policy(Actor(), UnitsAtStake(1, 2, None))


def test_every_state_by_every_action(born: Born, database: db.Database, world: World) -> None:
    """14 states × 32 actions on the database itself: the target, or a Conflict and nothing moved."""
    stake = {"owner": 1, "custodian": 1}
    ids = {state: born(state)[0] for state in STATES}
    row = db.session().get_one(Unit, ids["in_use"])
    holder = Actor(organisation_id=row.owner_id, via="self")
    assert stake["owner"] == row.owner_id == row.custodian_id
    workshop = world.reuse_actor().actor  # a repair is of what is somebody else's
    lent = {state: born(state, custodian_id=workshop.organisation_id)[0] for state in STATES}
    gates = {"erased_at": EARLIER, "tested_at": EARLIER}

    @db.command
    def attempt(action: str, unit_id: int, actor: Actor) -> str:
        move = Move(action=action, party_id=actor.organisation_id, **gates)
        act(move, [unit_id], doing=journal.Act(actor), stream="lot/LOT-2026-0001")
        state = str(db.session().get_one(Unit, unit_id).state)
        raise _Undo(state)

    found, wanted = {}, {}
    for action, (sources, target, _who) in ROWS.items():
        which, actor = (lent, workshop) if action == "hand_back" else (ids, holder)
        for state, unit_id in which.items():
            try:
                attempt(action, unit_id, actor)
            except _Undo as undone:
                found[action, state] = undone.state
            except Conflict:
                found[action, state] = "refused"
            wanted[action, state] = target if state in sources else "refused"
    assert found == wanted
    assert {state: db.session().get_one(Unit, i).state for state, i in ids.items()} == {s: s for s in STATES}


class _Undo(Exception):
    """Throws the transaction away, carrying what it saw."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def test_a_stranger_is_refused_before_anything_moves(born: Born) -> None:
    [unit_id] = born("in_use")

    @db.command
    def discard() -> None:
        act(
            Move(action="discard"), [unit_id], doing=journal.Act(Actor(organisation_id=404)), stream="fleet/1"
        )

    with pytest.raises(NotAllowed):
        discard()
    assert db.session().get_one(Unit, unit_id).state == "in_use"
