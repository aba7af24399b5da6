"""Life-cycles: rights, state and version are checked, by one guarded UPDATE."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.kernel.workflow import T, Workflow
from tests.support.races import together

TAKER = Actor(organisation_id=1, roles=frozenset({"reuse_actor"}))
HOLDER = Actor(organisation_id=2, roles=frozenset({"holder"}))


def _may_take(actor, _subject):
    return actor.has("reuse_actor")


def _anybody(_actor, _subject):
    return True


@pytest.fixture
def flow(widget):
    return Workflow(
        "widget",
        widget,
        ("open", "taken", "gone"),
        [
            T("take", {"open"}, "taken", _may_take, "widget.taken"),
            T("give_back", {"taken"}, "open", _may_take, "widget.given-back"),
            T("end", {"open", "taken"}, "gone", _anybody, "widget.ended"),
        ],
    )


@pytest.fixture
def numbers(widget):
    @db.command
    def add():
        rows = [widget(name=f"w{n}") for n in range(10)]
        db.session().add_all(rows)
        db.session().flush()
        return [row.id for row in rows]

    return add()


@pytest.fixture
def fire(flow, widget):
    """`fire(action, number, actor, **values)`: one transition in a command of its own."""

    @db.command
    def act(action, number, actor, **values):
        return flow.fire(action, db.session().get(widget, number), actor, **values).event

    return act


# action, state before, actor: written by hand, not read from the table.
GRID = [
    ("take", "open", TAKER, "taken"),
    ("take", "taken", TAKER, Conflict),
    ("take", "gone", TAKER, Conflict),
    ("take", "open", HOLDER, NotAllowed),
    ("take", "taken", HOLDER, NotAllowed),
    ("take", "open", VISITOR, NotAllowed),
    ("give_back", "open", TAKER, Conflict),
    ("give_back", "taken", TAKER, "open"),
    ("give_back", "gone", TAKER, Conflict),
    ("give_back", "taken", HOLDER, NotAllowed),
    ("end", "open", HOLDER, "gone"),
    ("end", "taken", SYSTEM, "gone"),
    ("end", "gone", HOLDER, Conflict),
]


@pytest.mark.parametrize(("action", "before", "actor", "expected"), GRID)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_grid(database, widget, flow, fire, numbers, action, before, actor, expected):
    steps = {"open": [], "taken": ["take"], "gone": ["take", "end"]}[before]
    for step in steps:
        fire(step, numbers[0], TAKER)
    subject = db.session().get(widget, numbers[0])
    assert flow.allows(action, subject, actor) is isinstance(expected, str)
    if isinstance(expected, str):
        fire(action, numbers[0], actor)
        assert db.session().get(widget, numbers[0]).state == expected
    else:
        with pytest.raises(expected):
            fire(action, numbers[0], actor)
        assert db.session().get(widget, numbers[0]).state == before


def test_offered_follows_state_and_rights(database, widget, flow, fire, numbers):
    subject = db.session().get(widget, numbers[0])
    assert flow.offered(subject, TAKER) == ["take", "end"]
    assert flow.offered(subject, HOLDER) == ["end"]


def test_fire_moves_counts_and_sets_values(database, widget, fire, numbers):
    assert fire("take", numbers[0], TAKER, taker="Atelier Exemple") == "widget.taken"
    row = db.session().get(widget, numbers[0])
    assert (row.state, row.version, row.taker) == ("taken", 2, "Atelier Exemple")
    assert db.session().get(widget, numbers[1]).state == "open"


def test_fire_refreshes_the_subject(database, widget, flow, numbers):
    @db.command
    def act():
        subject = db.session().get(widget, numbers[0])
        flow.fire("take", subject, TAKER)
        return subject.state, subject.version

    assert act() == ("taken", 2)


def test_a_version_seen_too_early_is_a_conflict(database, widget, flow, numbers):
    """The state is the expected one again, yet somebody went there and back meanwhile."""

    @db.command
    def act():
        subject = db.session().get(widget, numbers[0])
        there_and_back = sa.update(widget).where(widget.id == numbers[0]).values(version=widget.version + 2)
        db.session().execute(there_and_back.execution_options(synchronize_session=False))
        flow.fire("take", subject, TAKER)

    with pytest.raises(Conflict) as raised:
        act()
    assert raised.value.code == "raced"
    assert db.session().get(widget, numbers[0]).version == 1


def test_one_of_eight_rivals_takes_it(database, widget, fire, numbers):
    outcomes = together(8, lambda n: fire("take", numbers[0], TAKER, taker=str(n)))
    assert [o.value for o in outcomes].count("widget.taken") == 1
    assert {type(o.error) for o in outcomes if o.error} == {Conflict}
    row = db.session().get(widget, numbers[0])
    assert (row.state, row.version) == ("taken", 2)
    assert outcomes[int(row.taker)].error is None


def test_fire_needs_a_command(database, widget, flow, numbers):
    subject = db.session().get(widget, numbers[0])
    with pytest.raises(RuntimeError, match="inside a command"):
        flow.fire("take", subject, TAKER)


def _take_many(flow, widget, chosen, count, actor=TAKER):
    @db.command
    def act():
        loaded = db.session().get(widget, chosen[0])
        flow.fire_many("take", widget.id.in_(chosen), count, actor, taker="x")
        return loaded.state, loaded.version, loaded.taker

    return act()


def test_fire_many_moves_all(database, widget, flow, numbers):
    assert _take_many(flow, widget, numbers[:6], 6) == ("taken", 2, "x")  # loaded rows are not stale
    states = list(db.session().scalars(sa.select(widget.state).order_by(widget.id)))
    assert states == ["taken"] * 6 + ["open"] * 4


def test_fire_many_is_all_or_nothing(database, widget, flow, fire, numbers):
    fire("take", numbers[2], TAKER)
    with pytest.raises(Conflict) as raised:
        _take_many(flow, widget, numbers[:6], 6)
    assert raised.value.code == "widget.take.state"
    assert list(db.session().scalars(sa.select(widget.state))).count("taken") == 1


def test_fire_many_asks_for_rights(database, widget, flow, numbers):
    with pytest.raises(NotAllowed):
        _take_many(flow, widget, numbers, 10, HOLDER)
    assert set(db.session().scalars(sa.select(widget.state))) == {"open"}


def test_a_statement_kept_is_of_the_row_as_it_is(database, widget, flow, numbers, monkeypatch):
    """What the criterion's parameters stand for is told beside: the UPDATE is built once, for this row alone."""
    among = widget.id.in_(sa.bindparam("ids", expanding=True))

    @db.command
    def take(*ids):
        flow.fire_many("take", among, len(ids), TAKER, told={"ids": ids}, taker=f"t{ids[0]}")

    take(*numbers[:2])
    take(*numbers[2:5])
    takers = list(db.session().scalars(sa.select(widget.taker).order_by(widget.id)))
    assert takers == [f"t{numbers[0]}"] * 2 + [f"t{numbers[2]}"] * 3 + [None] * 5
    db.release()
    row = flow.transitions["take"]
    monkeypatch.setitem(flow.transitions, "take", replace(row, sources=frozenset({"gone"})))
    with pytest.raises(Conflict):
        take(numbers[6])


def test_overlapping_sets_never_share_a_row(database, widget, flow, numbers):
    outcomes = together(4, lambda n: _take_many(flow, widget, numbers[n : n + 5], 5))
    assert [o.error for o in outcomes].count(None) == 1
    assert {type(o.error) for o in outcomes if o.error} == {Conflict}
    assert list(db.session().scalars(sa.select(widget.state))).count("taken") == 5


def test_tables_with_a_mistake_are_refused(widget):
    row = T("take", {"open"}, "taken", _anybody, "x")
    with pytest.raises(ValueError, match="twice"):
        Workflow("w", widget, ("open", "taken"), [row, row])
    with pytest.raises(ValueError, match="unknown"):
        Workflow("w", widget, ("open",), [row])
