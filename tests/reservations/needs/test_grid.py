"""Who may move a need, or a proposal for it, from which state: written by hand, never computed from the table."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.reservations.needs import policy, reading, services
from reuse_market.reservations.needs.lifecycle import MATCH, NEED
from reuse_market.reservations.needs.need_models import MATCH_STATES, NEED_STATES, Need, NeedMatch
from tests.support.world import World

# action → who may, and what becomes of a need that is open, matched, met, closed; for all others "no" everywhere.
NEEDS = {
    "change": ("asker preparer on-behalf operator link", "open late late late"),
    "attach": ("operator", "open late late late"),
    "close": ("asker preparer on-behalf operator link", "closed closed late late"),
    "match": ("system", "matched matched late late"),
    "reopen": ("system", "late open late late"),
    "meet": ("system", "met met late late"),
}
# The same of a proposal: proposed promised reserved served kept declined withdrawn lapsed over.
MATCHES = {
    "accept": ("asker on-behalf", "reserved late late late late late late late late"),
    "accept_promise": ("asker on-behalf", "promised late late late late late late late late"),
    "decline": ("asker on-behalf", "declined declined late late late late late late late"),
    "let_pass": ("system", "declined late late late late late late late late"),
    "withdraw": ("seller operator system", "withdrawn withdrawn late late late late late late late"),
    "lapse": ("system", "lapsed lapsed late late late late late late late"),
    "serve": ("system", "late late served late late late late late late"),
    "keep": ("system", "late kept late late late late late late late"),
    "end": ("system", "late late over late late late late late late"),
}
SEES_WHO = {"asker", "preparer", "on-behalf", "operator", "auditor", "system", "link"}
SEES_WHAT = {"seller", "seller’s preparer", "other reuse actor"}
SEES_MATCH = {"asker", "preparer", "on-behalf", "seller", "seller’s preparer", "operator", "auditor"}


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(flow, action, model, state, actor):
    db.session().execute(sa.update(model).values(state=state))
    found = db.session().scalars(sa.select(model)).one()
    db.session().refresh(found)
    flow.fire(action, found, actor)
    raise Undo(found.state)


def tried(flow, action, model, state, actor):
    try:
        _try(flow, action, model, state, actor)
    except Undo as undo:
        return str(undo)
    except NotAllowed:
        return "no"
    except Conflict:
        return "late"
    raise AssertionError("unreachable")


@db.command
def _proposed(need: Need, seller_id: int) -> None:
    db.session().add(NeedMatch(
        reference="RAP-2026-0001", state="proposed", need_id=need.id, source="ready", units=1, seller_id=seller_id,
        organisation_id=need.organisation_id, until=clock.in_days(5), made_at=clock.now(),
    ))  # fmt: skip


def test_the_grid(world: World) -> None:
    asker, seller = world.recipient().actor, world.reuse_actor().actor
    need = services.post_need(actor=asker, kind="laptop", units=2)
    _proposed(need, seller.organisation_id or 0)
    people = {
        "asker": asker, "preparer": replace(asker, commits=False), "on-behalf": replace(asker, via="operator"),
        "other structure": world.buyer().actor, "seller": seller,
        "seller’s preparer": replace(seller, commits=False),
        "other reuse actor": world.reuse_actor("Autre Exemple").actor, "operator": world.operator().actor,
        "holder": world.holder().actor, "auditor": world.party("Audit Exemple", "auditor").actor,
        "visitor": VISITOR, "system": SYSTEM,
        "link": Actor(via="link", commits=False, scope=frozenset({need.reference})),
        "other link": Actor(via="link", commits=False, scope=frozenset({"BES-2026-9999"})),
    }  # fmt: skip
    for flow, model, states, grid in (
        (NEED, Need, NEED_STATES, NEEDS),
        (MATCH, NeedMatch, MATCH_STATES, MATCHES),
    ):
        assert set(grid) == set(flow.transitions)
        for action, (who, becomes) in grid.items():
            for name, actor in people.items():
                found = [tried(flow, action, model, state, actor) for state in states]
                wanted = becomes.split() if name in who.split() else ["no"] * len(states)
                assert found == wanted, (flow.name, action, name)
    match = db.session().scalars(sa.select(NeedMatch)).one()
    need = db.session().scalars(sa.select(Need)).one()
    assert {name for name, actor in people.items() if policy.may_see(actor, need)} == SEES_WHO
    assert {name for name, actor in people.items() if policy.sees_anonymous(actor, need)} == SEES_WHAT
    assert {name for name, actor in people.items() if policy.sees_match(actor, match)} == SEES_MATCH
    posting = {name for name, actor in people.items() if policy.may_post(actor)}
    assert posting == {
        "asker", "preparer", "on-behalf", "other structure", "operator", "system", "link", "other link",
    }  # fmt: skip
    assert reading.match_actions(match, asker) == ["accept", "decline"]
