"""Locks, hardware read by a program, labels that wait, figures, PINs and badges: by the API alone."""

from __future__ import annotations

import base64

import pytest

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import technicians
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.locks import services as locks
from tests.refurbishing.test_hardware import FILES
from tests.refurbishing.test_shared_post import helper
from tests.support.workshop import GRADE, Workshop

LOT = "LOT-2026-0001"


@pytest.fixture
def shop(world):
    return Workshop(world)


def kind(problem):
    """The last part of a problem's type."""
    return problem["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1].rsplit("#", 1)[-1]


def test_locks(shop, world, caller):
    ids = shop.received(3)
    actor, holder = caller(shop.actor), caller(shop.holder)
    stranger, reader = caller(world.reuse_actor("Tiers Exemple")), caller(shop.actor, "read")
    for unit_id, lock in zip(ids, ("lock_mdm", "lock_bios", "lock_activation"), strict=True):
        bench.record_test(unit_id, {lock: "fault"}, actor=shop.actor.actor, battery_percent=80)
    rows = actor.get("/lock-waits?limit=2")
    assert [(row["unit_id"], row["kind"], row["actions"]) for row in rows["items"]] == [
        (ids[0], "mdm", []), (ids[1], "bios", []),
    ]  # fmt: skip
    assert len(actor.all("/lock-waits")) == 3
    assert (holder.all("/lock-waits"), stranger.all("/lock-waits")) == ([], [])  # not asked yet
    at = rows["items"][0]["links"]["self"].removeprefix("/api/v1")
    holder.get(at, 404)
    holder.post(f"{at}:answer", 404, answer="released")
    holder.post("/lock-waits:ask", 403, lot=LOT)
    reader.post("/lock-waits:ask", 403, lot=LOT)
    assert stranger.post("/lock-waits:ask", 409, lot=LOT)["type"].endswith("locks.none")
    assert actor.post("/lock-waits:ask", lot=LOT, key="once") == {"units": 3}
    assert actor.post("/lock-waits:ask", lot=LOT, key="once") == {"units": 3}  # the same act, not another
    assert actor.post("/lock-waits:ask", 409, lot=LOT)["type"].endswith("locks.none")
    assert [row["actions"] for row in holder.all("/lock-waits")] == [["answer"]] * 3
    assert stranger.get(at, 404)["status"] == 404
    actor.post(f"{at}:answer", 404, answer="released")
    holder.post(f"{at}:answer", 422, answer="perhaps")
    told = holder.post(f"{at}:answer", answer="refused")
    assert (told["answer"], told["answered_at"] is not None) == ("refused", True)
    assert actor.get(at)["answer"] == "refused"
    holder.post(f"{at}:answer", answer="released")  # found a way after all
    actor.post(f"/units/{ids[0]}:record-test", battery_percent=80)
    actor.get(at, 404)  # tested again without the lock: over
    assert len(actor.all("/lock-waits")) == 2
    assert locks.ask_due() == 0


def test_hardware(shop, world, caller):
    [unit_id] = shop.received(1)
    bench.identify_unit(unit_id, {"serial": "AUTRE", "ram_mb": 8192}, actor=shop.actor.actor)
    actor, reader = caller(shop.actor), caller(shop.actor, "read")
    at, file = f"/units/{unit_id}", base64.b64encode(FILES["glpi.json"][0].encode()).decode()
    for verb in ("decide-hardware", "count-hardware-media"):
        body = {"decisions": {}} if verb.startswith("decide") else {}
        actor.post(f"{at}:{verb}", 404, **body)  # nothing read yet
    for stranger in (caller(world.reuse_actor("Tiers Exemple")), caller(shop.holder)):
        assert stranger.ask("POST", f"{at}:import-hardware", json={"file": file},
                            headers={"Idempotency-Key": "k"}).status_code in (403, 404)  # fmt: skip
    reader.post(f"{at}:import-hardware", 403, file=file)
    actor.post(f"{at}:import-hardware", 422, file="*")
    actor.post(f"{at}:import-hardware", 422, file=base64.b64encode(b"rien").decode())
    told = actor.post(f"{at}:import-hardware", file=file, name="agent.json")
    assert {"decide-hardware", "count-hardware-media"} <= set(told["actions"])
    lines = {line["field"]: line for line in told["hardware"]["lines"] if not line["same"]}
    assert {"serial", "ram_mb"} <= set(lines)
    assert actor.get(at)["serial"] == "AUTRE"  # told, never merged
    actor.post(f"{at}:decide-hardware", 422, decisions={"serial": "accepted"})
    done = actor.post(
        f"{at}:decide-hardware", decisions=dict.fromkeys(lines, "kept") | {"serial": "accepted"}
    )
    assert (done["serial"], done["ram_mb"], done["same_serial"]) == ("LUSERIE1", 8192, [])
    assert "decide-hardware" not in done["actions"]
    actor.post(f"{at}:decide-hardware", 409, decisions={"serial": "kept"})
    assert len(actor.post(f"{at}:count-hardware-media")["media"]) == 1
    actor.post(f"{at}:count-hardware-media", 409)


def test_labels_that_wait(shop, world, caller):
    ids = shop.received(3)
    actor, reader = caller(shop.actor), caller(shop.actor, "workshop:read")
    stranger, holder = caller(world.reuse_actor("Tiers Exemple")), caller(shop.holder)
    paper = {"form": "a4-24", "start": 1}
    assert actor.post("/workshop/labels:print", 409, **paper)["type"].endswith("labels.none-waits")
    stranger.post("/workshop/labels:add", 404, units=ids)
    holder.post("/workshop/labels:add", 403, units=ids)
    reader.post("/workshop/labels:add", 403, units=ids)
    assert actor.post("/workshop/labels:add", units=ids) == {"added": 3, "waiting": 3}
    assert actor.post("/workshop/labels:add", units=ids[:1]) == {"added": 0, "waiting": 3}
    assert [row["unit_id"] for row in reader.all("/workshop/labels")] == ids
    assert stranger.all("/workshop/labels") == []
    holder.get("/workshop/labels", 403)
    actor.post(f"/workshop/labels/{ids[1]}:drop")
    actor.post(f"/workshop/labels/{ids[1]}:drop", 404)
    assert actor.post("/workshop/labels:print", 422, form="a4-24", start=40)["type"].endswith("labels.start")
    made = actor.post("/workshop/labels:print", **paper)
    assert (made["labels"], base64.b64decode(made["pdf"])[:5]) == (2, b"%PDF-")
    [sheet] = actor.all("/workshop/label-sheets")
    assert (sheet["sheet"], sheet["labels"], sheet["actions"]) == (made["sheet"], 2, ["put-back"])
    at = sheet["links"]["self"].removeprefix("/api/v1")
    assert actor.get(at) == sheet
    stranger.get(at, 404)
    stranger.post(f"{at}:put-back", 404)
    assert actor.post(f"{at}:put-back") == {"added": 2, "waiting": 2}
    actor.post(f"{at}:put-back", 404)


def test_figures(shop, caller):
    locked, _plain = shop.received(2)
    shop.tested([locked], {"lock_mdm": "fault"})
    [ready] = shop.sound(1)
    bench.make_ready(ready, actor=shop.actor.actor, **GRADE)
    told = caller(shop.actor, "read").get("/workshop/figures")
    assert {row["waits_for"]: row["units"] for row in told["waits"] if row["units"]} == {
        "lock": 1,
        "tests": 1,
    }
    assert (told["days"][0]["tested"], told["days"][0]["ready"], told["days"][0]["hours"]) == (2, 1, 1)
    assert [(row["tested"], row["passed"], row["percent"]) for row in told["models"]] == [(2, 1, 50)]
    caller(shop.holder).get("/workshop/figures", 403)


def test_pins_and_badges(shop, world, caller):
    here = shop.actor.organisation_id
    person, colleague = helper(here), helper(here, "Collègue Exemple")
    for one, pin in ((person, "8052"), (colleague, "7391")):
        technicians.set_pin(here, one, pin, actor=accounts.actor_of(one, here))
    keeper, reader = caller(shop.actor), caller(shop.actor, "read")
    [first, second] = keeper.all(f"/organisations/{here}/technicians")
    assert (first["person_id"], first["pin"], first["badge"], first["used_at"]) == (person, True, False, None)
    assert "8052" not in str(first)
    assert (first["actions"], second["actions"]) == (["withdraw"], ["withdraw"])
    at = first["links"]["self"].removeprefix("/api/v1")
    assert keeper.get(at) == first
    world_holder = caller(shop.holder)
    world_holder.get(f"/organisations/{here}/technicians", 404)
    world_holder.post(f"{at}:withdraw", 404)
    reader.post(f"{at}:withdraw", 403)
    keeper.post(f"{at}:set-pin", 404, pin="1379")  # no such operation: each sets their own, signed in
    assert keeper.post(f"{at}:withdraw")["pin"] is False
    keeper.post(f"{at}:withdraw", 404)
    assert [row["person_id"] for row in keeper.all(f"/organisations/{here}/technicians")] == [colleague]
