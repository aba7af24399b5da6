"""Locks: found by a test, asked of the holder by mail, answered by a link, an account or a program."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.refurbishing import services
from reuse_market.refurbishing.locks import queries
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.models import LockLink, LockWait
from reuse_market.traceability import queries as journal
from reuse_market.units import queries as units
from tests.refurbishing.test_pages import Visitor
from tests.support.workshop import Workshop
from tests.support.world import World

LOT = "LOT-2026-0001"


def _test(workshop, unit_id, **results):
    return services.record_test(unit_id, results, actor=workshop.actor.actor, battery_percent=90)


def _mails(template):
    return list(
        session().scalars(sa.select(Message).where(Message.template == template).order_by(Message.id))
    )


def _token(mail):
    return re.search(r"/verrous/([\w-]+)", mail.text)[1]


def test_from_a_lock_found_to_the_line_tested_again(workshop):
    first, second, third = workshop.received(3, serial=None)
    for number, unit_id in enumerate((first, second, third)):
        services.identify_unit(unit_id, {"serial": f"VERROU{number}"}, actor=workshop.actor.actor)
    _test(workshop, first, lock_mdm="fault", lock_bios="fault")
    _test(workshop, second, lock_activation="fault")
    _test(workshop, third, camera="fault")  # a fault, no lock: nobody waits
    told = {i: sorted(w.kind for w in waits) for i, waits in queries.of_units([first, second, third]).items()}
    assert told == {first: ["bios", "mdm"], second: ["activation"]}
    assert units.get(first).state == "in_workshop"  # no state of the unit
    assert not _mails("locks_asked")
    assert locks.ask_due() == 0  # the batch is still being tested
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert locks.ask_due() == 1
        assert locks.ask_due() == 0
        mails = _mails("locks_asked")
        assert len(mails) == 1  # one for the lot and its batch, to the one member
        lines = [line for line in mails[0].text.splitlines() if line.startswith("- ")]
        assert LOT in mails[0].subject
        assert len(lines) == 2
        assert "VERROU0" in lines[0]
        assert "VERROU1" in lines[1]
        assert "VERROU2" not in mails[0].text
        with pytest.raises(Conflict) as refused:
            locks.ask_holder(LOT, actor=workshop.actor.actor)
        assert refused.value.code == "locks.none"
        rows = [
            row for group in queries.groups(workshop.holder.actor, asked_of_me=True) for row in group.rows
        ]
        assert [row.wait.unit_id for row in rows] == [first, first, second]
        token = _token(mails[0])
        ids = {(row.wait.unit_id, row.wait.kind): row.wait.id for row in rows}
        given = {
            ids[first, "mdm"]: "released",
            ids[first, "bios"]: "released",
            ids[second, "activation"]: "refused",
        }
        for wrong, why in (({}, Invalid), ({ids[first, "mdm"]: "perhaps"}, Invalid)):
            with pytest.raises(why):
                locks.answer_link(token, wrong, "Contact Exemple")
        with pytest.raises(Invalid):
            locks.answer_link(token, given, " ")
        with pytest.raises(Conflict):
            locks.answer_link("nothing", given, "Contact Exemple")
        assert locks.answer_link(token, given, "Contact Exemple") == 2
        [mail] = _mails("locks_answered")
        assert mail.to_address == workshop.actor.email
        waits = queries.of_units([first])[first]
        assert {w.answer for w in waits} == {"released"}
        assert {w.answered_by for w in waits} == {"Contact Exemple"}
    kinds = [event.type for event in journal.events_of_unit(first)]
    assert [k for k in kinds if k.startswith("lock") or k == "unit.locked"] == [
        "unit.locked", "locks.asked", "locks.answered",
    ]  # fmt: skip
    _test(workshop, first)  # redone: sound
    assert queries.of_units([first]) == {}
    _test(workshop, first, lock_mdm="fault")  # said released, and locked again: asked again
    [again] = queries.of_units([first])[first]
    assert (again.answer, again.request_id) == (None, None)
    assert locks.ask_holder(LOT, actor=workshop.actor.actor) == 1
    services.declare_waste(second, "parts_missing", actor=workshop.actor.actor)
    assert second not in queries.of_units([second])  # it left the bench: nobody waits for it


def test_one_reminder_then_a_dead_link(workshop):
    [unit_id] = workshop.received(serial="RELANCE")
    _test(workshop, unit_id, lock_mdm="fault")
    start = clock.now()
    locks.ask_holder(LOT, actor=workshop.actor.actor)
    token = _token(_mails("locks_asked")[0])
    with clock.frozen(start + timedelta(days=6)):
        assert locks.remind_due() == 0
    with clock.frozen(start + timedelta(days=8)):
        assert (locks.remind_due(), locks.remind_due()) == (1, 0)
        assert len(_mails("locks_asked")) == 2
    with clock.frozen(start + timedelta(days=31)):
        assert queries.peek(token) is None
        [wait] = queries.of_units([unit_id])[unit_id]
        with pytest.raises(Conflict):
            locks.answer_link(token, {wait.id: "released"}, "Contact Exemple")
    digests = list(session().scalars(sa.select(LockLink.digest)))
    assert token not in digests
    assert len(set(digests)) == 2


def test_who_may_ask_and_answer(workshop):
    [unit_id] = workshop.received(serial="QUI")
    _test(workshop, unit_id, lock_mdm="fault")
    stranger = workshop.world.reuse_actor("Autre Atelier Exemple")
    with pytest.raises(NotAllowed):
        locks.ask_holder(LOT, actor=workshop.holder.actor)
    with pytest.raises(Conflict):
        locks.ask_holder(LOT, actor=stranger.actor)  # it has no device of this lot
    [wait_id] = session().scalars(sa.select(LockWait.id)).all()
    assert queries.groups(workshop.holder.actor, asked_of_me=True) == []  # not asked yet: not shown
    with pytest.raises(NotFound):
        locks.answer({wait_id: "released"}, actor=workshop.holder.actor)
    locks.ask_holder(LOT, actor=workshop.actor.actor)
    for actor in (workshop.actor.actor, stranger.actor, SYSTEM):
        with pytest.raises(NotFound):
            locks.answer({wait_id: "released"}, actor=actor)
        assert queries.groups(actor, asked_of_me=True) == []
    assert queries.wait_seen(wait_id, stranger.actor) is None
    assert locks.answer({wait_id: "released"}, actor=workshop.holder.actor) == 1


def test_the_pages_of_both_sides(app):
    shop = Workshop(World.begin())
    [unit_id] = shop.received(serial="PAGE-01")
    bench = Visitor(app, shop.actor)
    unit = f"/atelier/appareils/{unit_id}"
    bench.get(unit)
    bench.submit(f"{unit}/tests", **{"test-battery_percent": "80", "test-lock_mdm": "fault"})
    assert "Attend que le détenteur le libère" in bench.get(unit).text
    assert "Attend que le détenteur le libère" in bench.get("/atelier?liste=workshop").text
    bench.get("/atelier/verrous")
    bench.submit("/atelier/verrous/demander")
    with db.scope():
        token = _token(_mails("locks_asked")[0])
        [wait_id] = session().scalars(sa.select(LockWait.id)).all()
    anybody = app.test_client()
    shown = anybody.get(f"/verrous/{token}")
    assert "PAGE-01" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    dead = anybody.get("/verrous/faux")
    assert dead.status_code == 404
    assert 'href="/atelier/verrous"' in dead.text, "who has an account answers there"
    own = {"Origin": "http://localhost"}
    assert (
        anybody.post(f"/verrous/{token}", data={"all": "released"}, headers=own).status_code == 422
    )  # no name
    sent = {"all": "refused", "name": "Contact Exemple"}
    assert anybody.post(f"/verrous/{token}", data=sent, headers=own).status_code == 302
    assert "Ne peut pas être libéré" in bench.get("/atelier/verrous").text
    holder = Visitor(app, shop.holder)
    assert "PAGE-01" in holder.get("/atelier/verrous").text
    holder.submit("/atelier/verrous/repondre", **{f"wait{wait_id}": "released"})
    assert "Tester de nouveau le verrou" in bench.get(unit).text
    assert "PAGE-01" in bench.get("/atelier/verrous?lang=en").text
