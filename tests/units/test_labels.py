"""Labels: a code a unit, for ever."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.units import codes, labels
from tests.support.world import World
from tests.units.conftest import Born


def test_each_unit_gets_one_code_and_keeps_it(world: World, born: Born) -> None:
    ids = born("collected", 3)
    actor = world.reuse_actor().actor
    first = labels.ensure_labels(ids[:2], actor=actor)
    again = labels.ensure_labels(ids, actor=actor)
    assert {i: again[i] for i in ids[:2]} == first
    assert len(set(again.values())) == 3
    assert labels.codes_of(ids) == again
    assert [labels.unit_of_code(code).id for code in again.values()] == list(again)


def test_a_blank_label_is_stuck_once(world: World, born: Born) -> None:
    one, two = born("collected", 2)
    actor = world.reuse_actor().actor
    blank, other = labels.print_blank_labels(2, actor=actor)
    assert labels.unit_of_code(blank) is None
    assert labels.bind_label(f" {blank[:3]} {blank[3:].lower()}", one, actor=actor) == blank
    with pytest.raises(Conflict, match="another device"):
        labels.bind_label(blank, two, actor=actor)
    with pytest.raises(Conflict, match="already has a label"):
        labels.bind_label(other, one, actor=actor)
    assert labels.codes_of([one, two]) == {one: blank}


def test_only_ones_own_blank_labels(world: World, born: Born) -> None:
    [unit_id] = born("collected")
    [blank] = labels.print_blank_labels(1, actor=world.reuse_actor().actor)
    with pytest.raises(NotFound):
        labels.bind_label(blank, unit_id, actor=world.reuse_actor("Autre Exemple").actor)


def test_a_typing_mistake_is_told_from_an_unknown_code(world: World, born: Born) -> None:
    [unit_id] = born("collected")
    actor = world.reuse_actor().actor
    with pytest.raises(Invalid) as mistyped:
        labels.bind_label("2222223", unit_id, actor=actor)
    assert mistyped.value.field == "code"
    with pytest.raises(NotFound):
        labels.bind_label("2222222", unit_id, actor=actor)


@pytest.mark.parametrize("count", [0, -1, 501])
def test_sheets_of_1_to_500(world: World, count: int) -> None:
    with pytest.raises(Invalid):
        labels.print_blank_labels(count, actor=world.reuse_actor().actor)


def test_a_code_drawn_before_is_drawn_again(
    world: World, born: Born, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = world.reuse_actor().actor
    ids = born("collected", 2)
    drawn = iter(["2222222", "2222222", codes.draw(random.Random(1))])
    monkeypatch.setattr(codes, "draw", lambda _rng=None: next(drawn))
    assert len(set(labels.ensure_labels(ids, actor=actor).values())) == 2


def test_many_labels_cost_few_statements(world: World, born: Born) -> None:
    """A pick-up of ten thousand devices labels them all at once."""
    actor = world.reuse_actor().actor

    def statements(count: int) -> int:
        ids = born("collected", count)
        told: list[str] = []

        def note(*args: Any) -> None:
            told.append(args[2])

        sa.event.listen(db.database().engine, "before_cursor_execute", note)
        try:
            assert sorted(labels.ensure_labels(ids, actor=actor)) == ids
        finally:
            sa.event.remove(db.database().engine, "before_cursor_execute", note)
        return len(told)

    assert statements(40) == statements(400)
