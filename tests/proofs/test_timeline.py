"""A lot's timeline: one step an act, names for those who may read them, a constant number of reads."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.claims.lifecycle import FLOW as CLAIM
from reuse_market.collection.lifecycle import FLOW as PICKUP
from reuse_market.kernel import db
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.lots import queries as lots
from reuse_market.lots.lifecycle import LIFE as LOT
from reuse_market.proofs import timeline
from reuse_market.proofs.panels import lot_timeline
from reuse_market.proofs.wording import TITLES
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.units.lifecycle import LIFE as UNIT
from tests.support.lives import Life
from tests.support.world import World, awarded_claim, published_lot


def test_every_transition_has_words() -> None:
    events = {t.event for flow in (UNIT, LOT, CLAIM, PICKUP, BOOKING) for t in flow.transitions.values()}
    assert events - TITLES.keys() == {"pickup.checked-off"}  # never written down


def test_acts_with_their_counts(life: Life) -> None:
    steps = [(s.event_type, s.organisation, s.units) for s in timeline.of_lot(life.lot)]
    holder, workshop = "Entreprise Exemple", "Atelier Exemple"
    assert [step for step in steps if step[2]] == [
        ("unit.declared", holder, 3),
        ("lot.published", holder, 6),
        ("claim.awarded", holder, 6),
        ("pickup.proposed", workshop, 6),
        ("pickup.missing", workshop, 1),
        ("pickup.collected", workshop, 5),
        ("pickup.extra", workshop, 1),
        ("pickup.countersigned", workshop, 6),
    ]


def test_a_signature_typed_on_the_other_side_is_not_said_to_be_theirs(app: Flask, life: Life) -> None:
    """The holder's contact signed with a code on the driver's phone."""
    context = _panel(app, life.lot, life.holder.actor)
    assert context is not None
    signed = [step["by"] for step in context["frise"] if step["title"] == "Remise signée par le détenteur"]
    assert signed == [""]


def _panel(app: Flask, reference: str, actor: Actor) -> dict[str, Any] | None:
    lot = lots.get(reference)
    assert lot is not None
    with app.test_request_context("/"):
        panel = lot_timeline(lot, actor)
    return panel and panel.context


def test_the_sentence_of_this_lot(app: Flask, life: Life) -> None:
    context = _panel(app, life.lot, life.holder.actor)
    assert context is not None
    assert context["sentence"] == "6 appareils déclarés + 1 trouvé en plus = 6 en route, 1 manquant."


def _names(app: Flask, life: Life, actor: Actor) -> set[object]:
    context = _panel(app, life.lot, actor)
    assert context is not None
    return {step["by"] for step in context["frise"]} - {""}


def test_holder_and_operator_read_every_name(app: Flask, world: World, life: Life) -> None:
    both = {"Entreprise Exemple", "Atelier Exemple"}
    assert _names(app, life, life.holder.actor) == both
    assert _names(app, life, world.operator().actor) == both


def test_an_actor_does_not_read_its_rivals_nor_their_customers(app: Flask, world: World, life: Life) -> None:
    rival = world.reuse_actor("Rival Exemple")
    lot = published_lot(life.holder, numbered=0, counted=4)
    awarded_claim(lot, life.holder, life.workshop, {1: 2})
    awarded_claim(lot, life.holder, rival, {1: 2})
    context = _panel(app, lot.reference, rival.actor)
    assert context is not None
    assert {step["by"] for step in context["frise"]} >= {"Rival Exemple", "Entreprise Exemple"}
    assert "Atelier Exemple" not in {step["by"] for step in context["frise"]}


@pytest.mark.parametrize("who", ["visitor", "buyer", "stranger"])
def test_nobody_else_sees_it(app: Flask, world: World, life: Life, who: str) -> None:
    strangers = {
        "visitor": VISITOR,
        "buyer": life.buyer.actor,
        "stranger": world.reuse_actor("Autre Exemple").actor,
    }
    assert _panel(app, life.lot, strangers[who]) is None


def test_reads_do_not_grow_with_the_life(app: Flask, life: Life) -> None:
    def count(reference: str) -> int:
        db.release()
        lot = lots.get(reference)
        assert lot is not None
        told: list[str] = []

        def listener(*args: Any) -> None:
            told.append(args[2])

        sa.event.listen(db.database().engine, "before_cursor_execute", listener)
        try:
            with app.test_request_context("/"):
                lot_timeline(lot, life.holder.actor)
        finally:
            sa.event.remove(db.database().engine, "before_cursor_execute", listener)
        return len(told)

    # steps, names, corrections; two for the sentence; whether an act of ours may be corrected
    assert count(life.lot) == count(life.open_lot) == 6
