"""Interest in a lot to come: who may say it, who sees it, what is told; and that it gives no right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.claims import interest, services
from reuse_market.claims.lifecycle import INTEREST
from reuse_market.claims.models import INTEREST_STATES, Interest
from reuse_market.claims.policy import sees_interest
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.notices.models import Message
from reuse_market.traceability.queries import body, events_of_stream
from reuse_market.units.models import Engagement
from tests.support.world import World, conditions

ACTORS = (
    "interested", "its helper", "holder", "other holder", "town", "recipient", "buyer", "operator", "applicant",
    "visitor", "system",
)  # fmt: skip
# Who may say an interest in a lot that is: draft, planned, published, withdrawn, expired.
# "yes"; "no": never this actor's; "late": not in this state; "-": there is no such lot for them.
MAY_SAY = {
    "interested": "- yes late late late",
    "its helper": "- yes late late late",
    "holder": "no no no no no",
    "other holder": "- no no no no",
    "town": "- yes late late late",
    "recipient": "- yes late late late",
    "buyer": "- no no no no",
    "operator": "no no no no no",
    "applicant": "- no no no no",
    "visitor": "- no no no no",
    "system": "- no no no no",
}
# action and actor → what becomes of an interest that is: open, withdrawn, published, over.
GRID = {
    ("change", "interested"): "open late late late",
    ("change", "its helper"): "open late late late",
    ("withdraw", "interested"): "withdrawn late late late",
    ("withdraw", "its helper"): "withdrawn late late late",
    ("publish", "system"): "published late late late",
    ("end", "system"): "over late late late",
}  # everything else: "no no no no"


class Undo(Exception):
    """Rolls what was tried back."""


def actors(world: World) -> dict[str, Actor]:
    reuse = world.reuse_actor().actor
    return {
        "interested": reuse, "its helper": replace(reuse, commits=False), "holder": world.holder().actor,
        "other holder": world.holder("Autre Exemple").actor, "town": world.public_holder().actor,
        "recipient": world.recipient().actor, "buyer": world.buyer().actor,
        "operator": world.operator().actor, "visitor": VISITOR, "system": SYSTEM,
        "applicant": replace(world.recipient().actor, roles=frozenset({"applicant", "holder"}), commits=False),
    }  # fmt: skip


def lot_in(world: World, state: str) -> Lot:
    """A lot of 40 laptops announced for this month, brought to a state."""
    holder = world.holder()
    said: dict[str, Any] = {"site_id": holder.site_id, "expected_month": clock.today()}
    lot = lots.draft_plan([lots.Expected("laptop", 40)], said, actor=holder.actor)
    if state != "draft":
        lots.announce_lot(lot.id, actor=holder.actor)
    return end(world, lot, state)


def end(world: World, lot: Lot, state: str) -> Lot:
    """What becomes of an announcement."""
    holder = world.holder()
    if state == "published":
        lots.set_conditions(lot.id, conditions(holder), actor=holder.actor)
        lots.publish_lot(lot.id, actor=holder.actor)
    elif state == "withdrawn":
        lots.withdraw_lot(lot.id, actor=holder.actor, reason="Budget reporté")
    elif state == "expired":
        with clock.frozen(clock.now() + timedelta(days=100)):
            assert lots.expire_due_plans()
    return lot


def outcome(act: Callable[[], object]) -> str:
    """What an act leads to, undone."""

    @db.command
    def tried() -> None:
        found = act()
        raise Undo(getattr(found, "state", ""))

    try:
        tried()
    except Undo as undo:
        return str(undo)
    except NotFound:
        return "-"
    except NotAllowed:
        return "no"
    except Conflict:
        return "late"
    raise AssertionError("unreachable")


def test_who_may_say_an_interest_in_which_lot(world: World) -> None:
    everybody = actors(world)
    assert set(everybody) == set(MAY_SAY) == set(ACTORS)
    found: dict[str, list[str]] = {name: [] for name in ACTORS}
    for state in ("draft", "planned", "published", "withdrawn", "expired"):
        reference = lot_in(world, state).reference
        for name, actor in everybody.items():
            told = outcome(lambda r=reference, a=actor: services.register_interest(r, 5, actor=a))  # type: ignore[misc]  # defaults bind the loop
            found[name].append("yes" if told == "open" else told)
    assert {name: " ".join(told) for name, told in found.items()} == MAY_SAY


def test_every_transition_by_every_actor_from_every_state(world: World) -> None:
    everybody, ids = actors(world), {}
    for state in INTEREST_STATES:
        lot = lot_in(world, "planned")
        ids[state] = services.register_interest(lot.reference, 5, actor=everybody["interested"]).id
        if state == "withdrawn":
            services.withdraw_interest(lot.reference, actor=everybody["interested"])
        elif state != "open":
            end(world, lot, "published" if state == "published" else "withdrawn")
            services.tell_interested()
    assert {state: session().get_one(Interest, one).state for state, one in ids.items()} == {
        state: state for state in INTEREST_STATES
    }

    def fire(action: str, interest_id: int, actor: Actor) -> Interest:
        row = session().get_one(Interest, interest_id)
        INTEREST.fire(action, row, actor)
        return row

    for action in INTEREST.transitions:
        for name, actor in everybody.items():
            told = [outcome(lambda i=ids[s], a=actor, v=action: fire(v, i, a)) for s in INTEREST_STATES]  # type: ignore[misc]  # the same
            assert " ".join(told) == GRID.get((action, name), "no no no no"), (action, name)
    assert set(INTEREST.transitions) == {action for action, _name in GRID}


def test_from_the_first_word_to_the_publication(world: World) -> None:
    holder, reuse, town = world.holder(), world.reuse_actor(), world.public_holder()
    lot = lot_in(world, "planned")
    services.register_interest(lot.reference, 5, "Pour un atelier", actor=reuse.actor)
    services.register_interest(lot.reference, 12, actor=reuse.actor)
    services.register_interest(lot.reference, 30, actor=town.actor)
    for units in (0, 41):
        with pytest.raises(Invalid) as refused:
            services.register_interest(lot.reference, units, actor=town.actor)
        assert refused.value.field == "units"
    assert interest.counts([lot.id])[lot.id] == interest.Counts(2, 42)
    seen = {name: [one.units for one in interest.of_lot(lot, actor)] for name, actor in actors(world).items()}
    assert seen == {name: [] for name in ACTORS} | {
        "holder": [12, 30], "operator": [12, 30], "interested": [12], "its helper": [12], "town": [30],
    }  # fmt: skip
    assert [sees_interest(actor, lot) for actor in (holder.actor, town.actor)] == [True, False]
    assert session().scalar(sa.select(sa.func.count()).select_from(Engagement)) == 0  # it holds nothing
    lots.set_conditions(lot.id, {"note": "Avec sacoches"}, actor=holder.actor)
    assert services.tell_interested() == 0  # others may follow: changes made in a row are told together
    with clock.frozen(clock.now() + timedelta(minutes=15)):
        assert (services.tell_interested(), services.tell_interested()) == (2, 0)
    services.withdraw_interest(lot.reference, actor=town.actor)
    end(world, lot, "published")
    assert (services.tell_interested(), services.tell_interested()) == (1, 0)
    sent = session().execute(sa.select(Message.template, Message.to_address).order_by(Message.id)).all()
    assert [tuple(row) for row in sent] == [
        ("interest_received", holder.email), ("interest_received", holder.email),
        ("interest_changed", reuse.email), ("interest_changed", town.email), ("interest_published", reuse.email),
    ]  # fmt: skip
    told = [
        one for one in events_of_stream(f"organisation/{reuse.organisation_id}") if "interest" in one.type
    ]
    assert [(one.type, body(one)["facts"]["units"]) for one in told] == [
        ("interest.registered", 5), ("interest.changed", 12), ("interest.published", 12),
    ]  # fmt: skip
