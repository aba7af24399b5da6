"""A round by the API alone: prepared, judged at once, arranged, planned, started, called off; what others are told."""

from __future__ import annotations

from reuse_market.collection.rounds import services
from reuse_market.kernel import clock, db
from tests.collection.test_rounds import agreed

ALL = {"change", "add-stop", "remove-stop", "move-stop", "reorder", "propose-order", "plan", "cancel"}


def body(party, *pickups, **changes):
    """What a new round asks."""
    return {"pickups": list(pickups), "day": clock.today().isoformat(), "from_time": "08:00", "to_time": "18:00",
            "depot_site_id": party.site_id} | changes  # fmt: skip


def test_a_round_from_the_van_to_its_end(world, caller):
    party = world.reuse_actor()
    refs = [agreed(world, party, n, slot=("08:00", "17:00")) for n in range(3)]
    people, stranger = caller(party), caller(world.reuse_actor("Autre atelier"))
    holder, reader = caller(world.party("Détenteur 1", "holder")), caller(party, "read")
    van = people.post("/vehicles", 201, name="Fourgon", units=5, tail_lift="no")
    assert set(van["actions"]) == {"change", "retire"}
    assert people.post("/vehicles", 422, name="Fourgon", units=0)["status"] == 422
    assert holder.post("/vehicles", 403, name="Fourgon")["status"] == 403
    stranger.get(f"/vehicles/{van['id']}", 404)
    reader.post("/rounds", 403, **body(party))
    wrong = people.post("/rounds", 422, **body(party, to_time="07:00"))
    assert wrong["type"].endswith("round.hours")
    assert stranger.post("/rounds", 422, **body(world.reuse_actor("Autre atelier"), refs[0]))["status"] == 422
    made = people.post("/rounds", 201, **body(party, *refs[:2], vehicle_id=van["id"]))
    assert set(made["actions"]) == ALL
    assert (made["fits"], made["units"]) == (False, 6)
    assert "too-many" in [doubt["code"] for doubt in made["doubts"] if doubt["blocks"]]
    assert [stop["pickup"] for stop in made["stops"]] == refs[:2]
    assert [stop["told_at"] for stop in made["stops"]] == [None, None]
    at = made["links"]["self"].removeprefix("/api/v1")

    def stops(answer):
        return [stop["pickup"] for stop in answer["stops"]]

    assert stops(people.post(f"{at}:add-stop", pickup=refs[2])) == refs
    assert people.post(f"{at}:add-stop", 409, pickup=refs[2])["type"].endswith("round.held")
    assert stops(people.post(f"{at}:move-stop", pickup=refs[2], up=True)) == [refs[0], refs[2], refs[1]]
    assert people.post(f"{at}:move-stop", 409, pickup=refs[0], up=True)["type"].endswith("round.end")
    assert stops(people.post(f"{at}:reorder", pickups=refs[::-1])) == refs[::-1]
    assert people.post(f"{at}:reorder", 422, pickups=refs[:2])["type"].endswith("round.order")
    assert sorted(stops(people.post(f"{at}:propose-order"))) == sorted(refs)
    assert sorted(stops(people.post(f"{at}:remove-stop", pickup=refs[2]))) == sorted(refs[:2])
    people.post(f"{at}:remove-stop", 404, pickup=refs[2])
    changed = people.post(f"{at}:change", **{k: v for k, v in body(party, driver_name="Sam Exemple").items()
                                             if k != "pickups"})  # fmt: skip
    assert (changed["driver_name"], changed["vehicle_id"]) == ("Sam Exemple", None)
    holder.get(at, 404)
    stranger.post(f"{at}:plan", 404)
    planned = people.post(f"{at}:plan")
    assert set(planned["actions"]) == {"reopen", "start", "cancel"}
    assert all(stop["told_at"] == stop["arrive_at"] for stop in planned["stops"])
    assert people.post(f"{at}:plan", 409)["status"] == 409
    people.post(f"{at}:reopen")
    people.post(f"{at}:plan")
    assert people.post(f"{at}:start")["state"] == "under_way"
    assert people.post(f"{at}:cancel", 422, reason="")["status"] == 422
    ended = people.post(f"{at}:cancel", reason="Panne")
    assert (ended["state"], ended["actions"]) == ("cancelled", [])
    assert [one["reference"] for one in people.all("/rounds?state=cancelled")] == [made["reference"]]
    assert people.all("/rounds?state=draft") == stranger.all("/rounds") == []
    assert people.post(f"/vehicles/{van['id']}:retire")["actions"] == []


def test_a_question_to_the_planner_by_the_api(world, caller):
    party = world.reuse_actor()
    refs = [agreed(world, party, n, units=1, slot=("08:00", "17:00")) for n in range(13)]
    people, stranger = caller(party), caller(world.reuse_actor("Autre atelier"))
    vans = [people.post("/vehicles", 201, name=f"Fourgon {n}", units=14)["id"] for n in range(2)]
    assert people.post("/round-plans", 422, **body(party, *refs[:3]), vehicles=[])["status"] == 422
    asked = people.post("/round-plans", 202, **body(party, *refs[:3]), vehicles=vans)
    assert (asked["state"], asked["actions"]) == ("asked", [])
    at = f"/round-plans/{asked['id']}"
    people.post(f"{at}:take", 409)
    db.release()
    assert services.run_due() == 1
    db.release()
    stranger.get(at, 404)
    found = people.get(at)
    assert sorted(stop for route in found["routes"] for stop in route) == sorted(refs[:3])
    assert (found["dropped"], found["actions"]) == ([], ["take"])
    taken = people.post(f"{at}:take")
    assert (taken["used_at"] is not None, taken["actions"]) == (True, [])
    people.post(f"{at}:take", 409)
    for one in people.all("/rounds?state=draft"):
        people.post(f"/rounds/{one['reference']}:cancel", reason="Essai")
    long = people.post("/rounds", 201, **body(party, *refs))
    later = people.post(f"/rounds/{long['reference']}:propose-order", 202)
    assert later["links"]["self"].startswith("/api/v1/round-plans/")
    db.release()
    services.run_due()
    db.release()
    people.post(f"{later['links']['self'].removeprefix('/api/v1')}:take")
    after = people.get(f"/rounds/{long['reference']}")
    assert sorted(stop["pickup"] for stop in after["stops"]) == sorted(refs)
    assert after["metres"] <= long["metres"]
