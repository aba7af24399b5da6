"""Several who ask one process for the same device at once: each in turn, and who comes too late locks nothing."""

from __future__ import annotations

import threading
import time

import sqlalchemy as sa
from sqlalchemy import event

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db, idempotency
from reuse_market.kernel.errors import Conflict
from reuse_market.reservations import services
from reuse_market.reservations.models import Reservation
from reuse_market.web import acting, turns
from tests.support.world import ready_units


def wanting(name, count):
    """Wait until so many are in the queue of this name, behind the one whose turn it is."""
    until = time.monotonic() + 20
    while len(turns._queues.get(name, ())) < count:
        assert time.monotonic() < until, f"nobody came for {name}"
        time.sleep(0.002)


def test_one_acts_the_others_wait_and_know_it(monkeypatch):
    seen = []

    def other(name):
        with turns.turn(name) as mine:
            seen.append((name, mine.waited))

    with turns.turn("a") as first:
        assert not first.waited
        threads = [threading.Thread(target=other, args=("a",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        wanting("a", 2)
        other("b")  # another thing has a queue of its own
        assert seen == [("b", False)]
    for thread in threads:
        thread.join(20)
    assert seen == [("b", False), ("a", True), ("a", True)]
    monkeypatch.setattr(turns, "LONGEST_S", 0.01)
    with turns.turn("a"):
        slow = threading.Thread(target=other, args=("a",))
        slow.start()
        slow.join(20)
        assert seen[3:] == [("a", True)]  # too long a wait: it goes on, and the verb's own locks decide
    assert turns._queues == {}


def test_who_waited_looks_again_and_locks_nothing(caller, world, database):
    seller = world.reuse_actor()
    ready_units(seller, 1)
    late, quick = world.buyer("Acheteur Exemple lent"), world.buyer("Acheteur Exemple vif")
    [group] = catalogue.groups(Filters(), quick.actor)
    path, asks, told, begun = f"/offers/{group.key}:reserve", caller(late), [], []
    asks.get("/reservations")
    db.release()

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(*_statement):
        if db.in_command():
            begun.append(threading.current_thread())

    thread = threading.Thread(target=lambda: told.append(asks.post(path, 409, units=1)))
    with turns.turn(f"POST /api/v1{path}"):
        thread.start()
        wanting(f"POST /api/v1{path}", 1)
        services.place_reservation(group.key, 1, actor=quick.actor)
        db.release()
    thread.join(20)
    assert [one["code"] for one in told] == ["group-gone"]
    assert begun, "the reservation itself was a writer's"
    assert thread not in begun


def test_the_same_request_twice_at_once_is_answered_twice_and_done_once(caller, world):
    ready_units(world.reuse_actor(), 1)
    buyer = world.buyer()
    [group] = catalogue.groups(Filters(), buyer.actor)
    path, asks, told = f"/offers/{group.key}:reserve", caller(buyer), []
    db.release()

    def ask():
        told.append(asks.post(path, 201, key="k", units=1)["reference"])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    with turns.turn(f"POST /api/v1{path}"):
        for thread in threads:
            thread.start()
        wanting(f"POST /api/v1{path}", 2)
    for thread in threads:
        thread.join(20)
    assert len(told) == 2
    assert len(set(told)) == 1
    with db.scope() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Reservation)) == 1


def test_one_look_serves_all_who_wait(caller, world, database):
    """Three too late, one of them with a key already answered: one look and one question of the keys for all."""
    ready_units(world.reuse_actor(), 1)
    quick = world.buyer("Acheteur Exemple vif")
    [group] = catalogue.groups(Filters(), quick.actor)
    path, done, asked, told = f"/offers/{group.key}:reserve", caller(quick), [], []
    late = [caller(world.buyer(f"Acheteur Exemple lent {n}")) for n in range(3)]
    for one in late:
        one.get("/reservations")
    held = done.post(path, 201, key="once", units=1)["reference"]
    db.release()

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    asks = [lambda one=one: told.append(one.post(path, 409, units=1)["code"]) for one in late]
    asks.append(lambda: told.append(done.post(path, 201, key="once", units=1)["reference"]))
    threads = [threading.Thread(target=ask) for ask in asks]
    with turns.turn(f"POST /api/v1{path}"):
        for thread, number in zip(threads, range(1, 5), strict=True):
            thread.start()
            wanting(f"POST /api/v1{path}", number)
        asked.clear()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == sorted(["group-gone"] * 3 + [held])
    looks = [one for one in asked if "max(offer_group.units)" in one]
    keys = [one for one in asked if "FROM idempotency_key" in one]
    assert (len(looks), len(keys)) == (2, 3), (
        asked
    )  # once for all; then who was answered before, and its answer
    assert turns._queues == {}


def test_a_turn_tells_only_who_waited_when_it_looked():
    seen = {}

    def other(name):
        with turns.turn("a") as mine:
            seen[name] = (mine.waited, mine.told, [one.asked for one in mine.behind()])

    with turns.turn("a") as first:
        early, late = (threading.Thread(target=other, args=(name,)) for name in ("early", "late"))
        early.start()
        wanting("a", 1)
        behind = first.behind()
        late.start()
        wanting("a", 2)
        refusal = Conflict("gone")
        first.tell([*behind, turns.Turn("gone on without a turn")], refusal)
        early.join(20)
    late.join(20)
    assert seen["early"] == (True, refusal, [])
    assert seen["late"] == (True, None, [])
    assert turns._queues == {}


def test_a_look_for_others_sees_what_was_written_before_they_came(database, monkeypatch):
    """Who has the turn at once has read before, in a snapshot of its own: those behind came after that."""
    first, behind = (idempotency.Asked(f"organisation/{n}", "k", "POST /x", "d") for n in (1, 2))

    def come(_mine):
        write = threading.Thread(
            target=lambda: (
                idempotency.once(behind, lambda: idempotency.Answer(200, b"{}", "")),
                db.release(),
            )
        )
        write.start()
        write.join(20)
        return [turns.Turn(behind)]

    def look():
        if idempotency.kept(behind) is None:
            raise Conflict("an old look")

    monkeypatch.setattr(turns.Turn, "behind", come)
    with db.scope():
        assert idempotency.kept(first) is None
        assert acting._in_turn(first, lambda: idempotency.Answer(201, b"{}", ""), look).status == 201


def test_a_reservation_and_its_answer_ask_little_while_others_wait(world, database, caller):
    """The answer is written under the act's locks: it asks nothing twice, of one device as of two."""
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 4)
    [group] = catalogue.groups(Filters(), buyer.actor)
    calling = caller(buyer)
    said = []

    def note(*told):
        said.append(told[2])

    counts = []
    for units in (1, 1, 2):  # the first notes as well that the token was used
        said.clear()
        event.listen(database.engine, "before_cursor_execute", note)
        made = calling.post(f"/offers/{group.key}:reserve", 201, units=units)
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(made["held"]) == units
        assert "extend" in made["actions"]
        counts.append(sum(not one.startswith("BEGIN") for one in said))
    assert counts[1] == counts[2] <= 32, counts
