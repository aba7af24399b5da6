"""Saved searches, declared capacity and the register of protocols, by programs."""

from __future__ import annotations

from reuse_market.collection import services as collection
from reuse_market.kernel import clock, db
from tests.support import world as chain

MINE = {"units_per_month": 40, "kinds": ["laptop", "monitor"], "condition": "working", "within_km": 30,
        "communes": ["38185"], "minimum_per_stop": 5}  # fmt: skip


def test_a_search_is_kept_changed_and_forgotten_by_its_person_alone(world, caller):
    me, other = caller(world.reuse_actor()), caller(world.reuse_actor("Réemploi Exemple"))
    made = me.post("/saved-searches", 201, name=" Près  d’ici ", query="kind=monitor&page=4&nonsense=1")
    assert (made["name"], made["query"], made["cadence"], made["room"]) == (
        "Près d’ici", "kind=monitor", "daily", "lots"
    )  # fmt: skip
    assert (made["actions"], made["links"]["page"]) == (["change", "delete"], "/lots?kind=monitor")
    at = made["links"]["self"].removeprefix("/api/v1")
    for wrong in ({"name": ""}, {"name": "Tout", "cadence": "hourly"}, {"name": "Tout", "room": "nowhere"}):
        assert me.post("/saved-searches", 422, **wrong)["status"] == 422
    caller(world.reuse_actor(), "read").post("/saved-searches", 403, name="Lecture")
    other.get(at, 404)
    other.post(f"{at}:change", 404, name="Pris")
    other.post(f"{at}:delete", 404)
    assert other.all("/saved-searches") == []
    changed = me.post(f"{at}:change", cadence="weekly")
    assert (changed["name"], changed["cadence"]) == ("Près d’ici", "weekly")
    me.post("/saved-searches", 201, name="Autre", cadence="never")
    assert [one["name"] for one in me.all("/saved-searches")] == ["Près d’ici", "Autre"]
    for number in range(8):
        me.post("/saved-searches", 201, name=f"N° {number}", cadence="never")
    assert me.post("/saved-searches", 409, name="Une de trop")["type"].endswith("search.most")
    assert me.post(f"{at}:delete")["actions"] == []
    me.get(at, 404)


def test_capacity_is_declared_by_its_actor_and_read_by_it_and_those_who_oversee(world, caller):
    actor, rival, holder = world.reuse_actor(), world.reuse_actor("Réemploi Exemple"), world.holder()
    me, at = caller(actor), f"/organisations/{actor.organisation_id}"
    before = me.get(f"{at}/capacity")
    assert (before["units_per_month"], before["kinds"], before["condition"]) == (None, [], "any")
    assert "declare-capacity" in me.get(at)["actions"]
    told = me.post(f"{at}:declare-capacity", **MINE)
    assert {name: told[name] for name in MINE} == MINE
    assert {name: me.get(f"{at}/capacity")[name] for name in MINE} == MINE
    for wrong in ({"units_per_month": 0}, {"units_per_month": 40, "kinds": ["spaceship"]},
                  {"units_per_month": 40, "communes": ["99999"]}, {"kinds": ["laptop"]}):  # fmt: skip
        assert me.post(f"{at}:declare-capacity", 422, **wrong)["status"] == 422
    assert {name: me.get(f"{at}/capacity")[name] for name in MINE} == MINE
    for stranger in (rival, holder):
        caller(stranger).get(f"{at}/capacity", 404)
        assert caller(stranger).ask(
            "POST", f"{at}:declare-capacity", json=MINE, headers={"Idempotency-Key": "theirs"}
        ).status_code in (403, 404)
    operator = caller(world.operator())
    assert operator.get(f"{at}/capacity")["units_per_month"] == 40
    assert "declare-capacity" not in operator.get(at)["actions"]
    me.post(f"{at}:declare-capacity", units_per_month=60)
    assert me.get(f"{at}/capacity")["kinds"] == []  # what was said before no longer holds


def test_the_register_of_protocols_has_ones_own_page_by_page(world, caller):
    actor = world.reuse_actor()
    people, stranger = caller(actor), caller(world.reuse_actor("Réemploi Exemple"))
    for number in range(9):
        holder = world.party(f"Détenteur {number}", "holder")
        claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, actor)
        made = collection.propose_pickup(
            claim.reference, actor=actor.actor, day=clock.in_days(2), from_time="09:00", to_time="11:00"
        ).reference
        db.release()
        people.post(f"/pickups/{made}:sign-protocol", rules="Fourgon, diable, gilets.")
    last = caller(world.party("Détenteur 8", "holder"))
    assert last.post(f"/pickups/{made}:sign-protocol", rules="Au pas.")["state"] == "in_force"
    found = people.all("/loading-protocols")
    assert [one["state"] for one in found] == ["in_force", *["prepared"] * 8]
    assert len({one["reference"] for one in found}) == 9
    assert [one["reference"] for one in last.all("/loading-protocols")] == [found[0]["reference"]]
    assert stranger.all("/loading-protocols") == []
    assert len(caller(world.operator()).all("/loading-protocols")) == 9
