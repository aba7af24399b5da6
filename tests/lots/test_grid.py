"""Every transition of a lot, state × actor, written out: who may, who is refused, who finds no lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotCommitting, NotFound
from reuse_market.lots import queries, services
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.models import STATES, Lot
from tests.lots.conftest import draft
from tests.support.world import World

ACTORS = ("holder", "helper", "other_holder", "reuse_actor", "operator", "visitor", "system")
# state → who is offered what; an actor not named is offered nothing
OFFERED = {
    "draft": {"holder": ["announce", "publish"]},
    "planned": {"holder": ["publish", "withdraw"], "system": ["expire"]},
    "published": {"holder": ["withdraw"], "system": ["close", "expire"]},
    "closed": {},
    "withdrawn": {},
    "expired": {},
}
# verb → state → actor → outcome: "" done, else the error; states and actors not named: see the defaults
VERBS: dict[str, Callable[[int, Actor], object]] = {
    "publish": lambda lot_id, actor: services.publish_lot(lot_id, actor=actor),
    "withdraw": lambda lot_id, actor: services.withdraw_lot(lot_id, actor=actor, reason="Erreur de site"),
    "announce": lambda lot_id, actor: services.announce_lot(lot_id, actor=actor),
}
OUTCOMES: dict[tuple[str, str], dict[str, type[DomainError] | None]] = {
    ("announce", "draft"): {  # of fleet units: an announcement only counts
        "holder": Conflict, "helper": NotCommitting, "other_holder": NotFound, "reuse_actor": NotFound,
        "operator": NotAllowed, "visitor": NotFound, "system": NotFound,
    },
    ("announce", "ready"): {
        "holder": None, "helper": NotCommitting, "other_holder": NotFound, "reuse_actor": NotFound,
        "operator": NotAllowed, "visitor": NotFound, "system": NotFound,
    },
    ("announce", "planned"): {
        "holder": Conflict, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
    ("announce", "published"): {
        "holder": Conflict, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
    ("publish", "planned"): {
        "holder": None, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
    ("withdraw", "planned"): {
        "holder": None, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
    ("publish", "draft"): {
        "holder": None, "helper": NotCommitting, "other_holder": NotFound, "reuse_actor": NotFound,
        "operator": NotAllowed, "visitor": NotFound, "system": NotFound,
    },
    ("withdraw", "draft"): {
        "holder": Conflict, "helper": NotCommitting, "other_holder": NotFound, "reuse_actor": NotFound,
        "operator": NotAllowed, "visitor": NotFound, "system": NotFound,
    },
    ("publish", "published"): {
        "holder": Conflict, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
    ("withdraw", "published"): {
        "holder": None, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
        "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
    },
}  # fmt: skip
OVER = {
    "holder": Conflict, "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed,
    "operator": NotAllowed, "visitor": NotAllowed, "system": NotAllowed,
}  # fmt: skip
OUTCOMES |= {(verb, state): dict(OVER) for verb in VERBS for state in ("closed", "withdrawn", "expired")}


def actors(world: World) -> dict[str, Actor]:
    return {
        "holder": world.holder().actor,
        "helper": replace(world.holder().actor, commits=False),
        "other_holder": world.holder("Autre Exemple").actor,
        "reuse_actor": world.reuse_actor().actor,
        "operator": world.operator().actor,
        "visitor": VISITOR,
        "system": SYSTEM,
    }


def lot_in(world: World, state: str) -> Lot:
    """A lot brought to a state by the verbs."""
    holder = world.holder()
    if state in ("ready", "planned"):
        lot = draft(holder, units=0, expected_month=clock.today())
        return services.announce_lot(lot.id, actor=holder.actor) if state == "planned" else lot
    lot = draft(holder)
    if state == "draft":
        return lot
    services.publish_lot(lot.id, actor=holder.actor)
    if state == "withdrawn":
        services.withdraw_lot(lot.id, actor=holder.actor, reason="Erreur de site")
    elif state in ("closed", "expired"):
        _end(lot.id, "close" if state == "closed" else "expire")
    return lot


@db.command
def _end(lot_id: int, action: str) -> None:
    lot = db.lock(Lot, Lot.id == lot_id)
    LIFE.fire(action, lot, SYSTEM)


@pytest.mark.parametrize(("verb", "state"), sorted(OUTCOMES))
def test_verbs_state_by_actor(world: World, verb: str, state: str) -> None:
    lot_id = lot_in(world, state).id
    expected = OUTCOMES[verb, state]
    assert set(expected) == set(ACTORS)
    everybody = actors(world)
    for name in sorted(expected, key=lambda one: expected[one] is None):  # those who succeed come last
        error = expected[name]
        if error is None:
            VERBS[verb](lot_id, everybody[name])
        else:
            with pytest.raises(DomainError) as refused:
                VERBS[verb](lot_id, everybody[name])
            assert type(refused.value) is error, name


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_offered_state_by_actor(world: World) -> None:
    assert set(OFFERED) == set(STATES)
    lot = lot_in(world, "published")
    for state, by_actor in OFFERED.items():
        row = Lot(state=state, holder_id=lot.holder_id)
        for name, actor in actors(world).items():
            assert LIFE.offered(row, actor) == by_actor.get(name, []), (state, name)


DRAFT_VERBS: dict[str, Callable[[int, Actor], object]] = {
    "add_counted_line": lambda i, a: services.add_counted_line(i, actor=a, kind="dock", units=1),
    "set_line": lambda i, a: services.set_line(i, 2, {"works": "works"}, actor=a),
    "set_lines": lambda i, a: services.set_lines(i, [1], {"works": "works"}, actor=a),
    "value_lines": lambda i, a: services.value_lines(i, [1], value_cents=5000, value_how="expert", actor=a),
    "choose_outlet": lambda i, a: services.choose_outlet("gift", lot_id=i, actor=a),
    "set_conditions": lambda i, a: services.set_conditions(i, {"note": "x"}, actor=a),
    "remove_line": lambda i, a: services.remove_line(i, 2, actor=a),
    "delete_draft": lambda i, a: services.delete_draft(i, actor=a),
}


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("verb", DRAFT_VERBS)
def test_drafts_are_changed_by_their_holder_only(world: World, verb: str) -> None:
    expected = {
        "other_holder": NotFound, "reuse_actor": NotFound, "operator": NotAllowed, "visitor": NotFound,
        "system": NotFound,
    }  # fmt: skip
    lot_id = lot_in(world, "draft").id
    everybody = actors(world)
    for name, error in expected.items():
        with pytest.raises(DomainError) as refused:
            DRAFT_VERBS[verb](lot_id, everybody[name])
        assert type(refused.value) is error, name
    DRAFT_VERBS[verb](lot_id, everybody["helper"])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_announcements_are_changed_by_who_commits_their_holder(world: World) -> None:
    expected = {
        "helper": NotCommitting, "other_holder": NotAllowed, "reuse_actor": NotAllowed, "operator": NotAllowed,
        "visitor": NotAllowed, "system": NotAllowed,
    }  # fmt: skip
    lot_id = lot_in(world, "planned").id
    services.add_counted_line(lot_id, actor=world.holder().actor, kind="laptop", units=2)
    everybody = actors(world)
    for verb, act in DRAFT_VERBS.items():
        for name, error in expected.items():
            with pytest.raises(DomainError) as refused:
                act(lot_id, everybody[name])
            assert type(refused.value) is error, (verb, name)
        if verb == "delete_draft":  # it is withdrawn, with a reason
            with pytest.raises(Conflict):
                act(lot_id, everybody["holder"])
        else:
            act(lot_id, everybody["holder"])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_only_holders_begin_lots(world: World) -> None:
    for name, actor in actors(world).items():
        if name in ("holder", "helper", "other_holder"):
            assert services.draft_lot(actor=actor, title="Essai").state == "draft"
        else:
            with pytest.raises(NotAllowed):
                services.draft_lot(actor=actor, title="Essai")
    with pytest.raises(Invalid):
        services.draft_lot(actor=world.holder().actor, title="Essai", site_id=world.reuse_actor().site_id)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("state", STATES)
def test_who_sees_a_lot(world: World, state: str) -> None:
    lot = lot_in(world, state)
    seen = {name for name, actor in actors(world).items() if queries.may_see(lot, actor)}
    assert seen == ({"holder", "helper", "operator"} if state == "draft" else set(ACTORS))
