"""Who may do what in which state at the bench, written out: locks, hardware, labels that wait."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.db import session
from reuse_market.refurbishing import label_queue, services
from reuse_market.refurbishing.hardware import services as hardware
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.models import LockWait
from tests.refurbishing.test_hardware import FILES
from tests.refurbishing.test_locks import _mails, _token
from tests.support.undoing import undone

LOT = "LOT-2026-0001"
GLPI = FILES["glpi.json"][0].encode()
N, A, C, V = "NotFound", "NotAllowed", "Conflict", "Invalid"
ACTORS = (
    "workshop", "its preparer", "its program", "operator for it", "other workshop", "holder", "operator", "visitor",
)  # fmt: skip
# verb → state → one outcome an actor, in the order of ACTORS; None: done
GRID: dict[str, dict[str, tuple[str | None, ...]]] = {
    "ask_holder": {
        "no lock": (C, C, C, C, C, A, A, A),
        "locked": (None, None, None, None, C, A, A, A),
        "asked": (C, C, C, C, C, A, A, A),
        "answered": (C, C, C, C, C, A, A, A),
        "tested again": (C, C, C, C, C, A, A, A),
        "gone": (C, C, C, C, C, A, A, A),
    },
    "answer": {
        "locked": (N, N, N, N, N, N, N, N),  # not asked: nobody knows of it
        "asked": (N, N, N, N, N, None, N, N),
        "answered": (N, N, N, N, N, None, N, N),  # another answer replaces the first
        "tested again": (N, N, N, N, N, N, N, N),
        "gone": (N, N, N, N, N, N, N, N),
    },
    "answer_link": {  # whoever holds the link; no actor
        "asked": (None,) * 8,
        "answered": (None,) * 8,
        "tested again": (V,) * 8,
        "gone": (V,) * 8,
    },
    "import_report": {
        "collected": (None, None, None, None, N, N, A, N),
        "in_workshop": (None, None, None, None, N, N, A, N),
        "ready": (C, C, C, C, N, N, A, N),
        "waste": (C, C, C, C, N, N, A, N),
    },
    "decide": {
        "collected": (None, None, None, None, N, N, A, N),
        "in_workshop": (None, None, None, None, N, N, A, N),
        "decided": (C, C, C, C, N, N, A, N),
        "waste": (C, C, C, C, N, N, A, N),
    },
    "count_told_media": {
        "in_workshop": (None, None, None, A, N, N, A, N),
        "counted": (C, C, C, A, N, N, A, N),
    },
    "add to the queue": {
        "collected": (None, None, None, None, N, N, N, N),
        "in_workshop": (None, None, None, None, N, N, N, N),
        "waste": (None, None, None, None, N, N, N, N),
    },
    "print the queue": {
        "nothing waits": (C, C, C, C, C, A, A, A),
        "one waits": (None, None, None, None, C, A, A, A),
    },
    "put back": {"printed": (None, None, None, None, N, A, A, A), "put back": (N, N, N, N, N, A, A, A)},
}  # fmt: skip


class Bench:
    """A workshop's devices in the states of the grid, and the verbs on them."""

    def __init__(self, shop):
        self.shop, self.own = shop, shop.actor.actor
        world = shop.world
        operator = world.operator().actor
        self.actors = dict(zip(ACTORS, (
            self.own, replace(self.own, commits=False), replace(self.own, via="token"),
            replace(self.own, via="operator", person_id=operator.person_id),
            world.reuse_actor("Autre Atelier Exemple").actor, shop.holder.actor, operator, VISITOR,
        ), strict=True))  # fmt: skip

    def device(self, state):
        """A laptop in that state; its lock found, asked about, answered, gone."""
        if state == "collected":
            return self.shop.collected(1)[0]
        if state == "ready":
            return self.shop.ready(1)[0]
        [unit_id] = self.shop.received(1)
        if state in ("locked", "asked", "answered", "tested again", "gone"):
            self._locked(unit_id, state)
        if state == "waste":
            services.declare_waste(unit_id, "too_old", actor=self.own)
        return unit_id

    def _locked(self, unit_id, state):
        services.record_test(unit_id, {"lock_mdm": "fault"}, actor=self.own, battery_percent=80)
        if state != "locked":
            locks.ask_holder(LOT, actor=self.own)
        if state == "answered":
            locks.answer({self.wait(unit_id): "refused"}, actor=self.shop.holder.actor)
        if state == "tested again":
            services.record_test(unit_id, {}, actor=self.own, battery_percent=80)
        if state == "gone":
            services.declare_waste(unit_id, "too_old", actor=self.own)

    def wait(self, unit_id):
        """The last wait of a device."""
        statement = sa.select(LockWait.id).where(LockWait.unit_id == unit_id).order_by(LockWait.id.desc())
        return session().scalars(statement.limit(1)).first() or 0

    def prepared(self, verb, state):
        """What the verb is done on, made ready for it."""
        if verb in ("print the queue", "put back"):
            return self._queue(verb, state)
        if verb == "decide":
            unit_id = self.device("collected" if state == "collected" else "in_workshop")
            report = hardware.import_report(unit_id, GLPI, "g.json", actor=self.own).id
            if state == "decided":
                hardware.decide(report, ALL, actor=self.own)
            if state == "waste":
                services.declare_waste(unit_id, "too_old", actor=self.own)
            return report
        if verb == "count_told_media":
            report = hardware.import_report(self.device(state), GLPI, "g.json", actor=self.own).id
            if state == "counted":
                hardware.count_told_media(report, actor=self.own)
            return report
        return self.device(state)

    def _queue(self, verb, state):
        while label_queue.count(self.own.organisation_id):
            label_queue.print_queue(actor=self.own)
        if state == "nothing waits":
            return ""
        label_queue.add([self.device("in_workshop")], actor=self.own)
        if verb == "print the queue":
            return ""
        sheet = label_queue.print_queue(actor=self.own)
        if state == "put back":
            label_queue.undo(sheet, actor=self.own)
        return sheet

    def do(self, verb, thing, actor):
        """The verb, by the actor."""
        verbs = {
            "ask_holder": lambda: locks.ask_holder(LOT, actor=actor),
            "answer": lambda: locks.answer({self.wait(thing): "released"}, actor=actor),
            "answer_link": lambda: locks.answer_link(
                _token(_mails("locks_asked")[-1]), {self.wait(thing): "released"}, "Contact Exemple"
            ),
            "import_report": lambda: hardware.import_report(thing, GLPI, "g.json", actor=actor),
            "decide": lambda: hardware.decide(thing, ALL, actor=actor),
            "count_told_media": lambda: hardware.count_told_media(thing, actor=actor),
            "add to the queue": lambda: label_queue.add([thing], actor=actor),
            "print the queue": lambda: label_queue.print_queue(actor=actor),
            "put back": lambda: label_queue.undo(thing, actor=actor),
        }
        verbs[verb]()


ALL = dict.fromkeys(
    ("serial", "maker", "model", "cpu", "ram_mb", "storage_mb", "os", "screen_tenths"), "kept"
)


def outcome(bench, verb, thing, actor):
    """The refusal's class, or None; then all is undone."""
    return undone(lambda: bench.do(verb, thing, actor))


def test_each_verb_in_each_state_by_each_actor(workshop):
    bench = Bench(workshop)
    wrong = {}
    for verb, states in GRID.items():
        for state, expected in states.items():
            thing = bench.prepared(verb, state)
            found = [outcome(bench, verb, thing, actor) for actor in bench.actors.values()]
            if verb == "ask_holder" and state == "locked":
                bench.do(verb, thing, bench.own)  # so that the next device alone waits
            if tuple(found) != expected:
                wrong[verb, state] = dict(zip(ACTORS, found, strict=True))
    assert wrong == {}
    assert outcome(bench, "answer", bench.device("asked"), SYSTEM) == N
