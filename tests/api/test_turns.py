"""Several who ask one process for the same device at once: each in turn, and who comes too late locks nothing."""

from __future__ import annotations

import threading
import time

import sqlalchemy as sa
from sqlalchemy import event

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.reservations import services
from reuse_market.reservations.models import Reservation
from reuse_market.web import turns
from tests.support.world import ready_units


def wanting(name, count):
    """Wait until so many are in the queue of this name."""
    until = time.monotonic() + 20
    while (queue := turns._queues.get(name)) is None or queue.wanted < count:
        assert time.monotonic() < until, f"nobody came for {name}"
        time.sleep(0.002)


def test_one_acts_the_others_wait_and_know_it(monkeypatch):
    seen = []

    def other(name):
        with turns.turn(name) as waited:
            seen.append((name, waited))

    with turns.turn("a") as waited:
        assert not waited
        threads = [threading.Thread(target=other, args=("a",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        wanting("a", 3)
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
        wanting(f"POST /api/v1{path}", 2)
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
        wanting(f"POST /api/v1{path}", 3)
    for thread in threads:
        thread.join(20)
    assert len(told) == 2
    assert len(set(told)) == 1
    with db.scope() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Reservation)) == 1
