"""Shipments, parts, repairs, dismantling, arrivals and the register by the API alone."""

from __future__ import annotations

from reuse_market.refurbishing import services as bench
from tests.support import world as chain
from tests.support.workshop import Workshop


def test_from_actor_to_actor(world, caller):
    shop, other = Workshop(world), world.reuse_actor("Reconditionneur Exemple")
    ids = shop.received(3)
    sender, receiver = caller(shop.actor), caller(other)
    stranger, reader, holder = caller(world.reuse_actor("Tiers")), caller(other, "read"), caller(shop.holder)
    assert sender.post("/shipments", 422, units=ids, receiver_id=shop.actor.organisation_id)["type"].endswith(
        "shipment.receiver"
    )
    holder.post("/shipments", 403, units=ids, receiver_id=other.organisation_id)
    made = sender.post("/shipments", 201, units=ids, receiver_id=other.organisation_id, weight_g=6000)
    assert (made["state"], made["waiting"], made["actions"]) == ("sent", 3, ["void"])
    at = made["links"]["self"].removeprefix("/api/v1")
    stranger.get(at, 404)
    reader.post(f"{at}:answer", 403)
    assert sender.post(f"/units/{ids[0]}:report-lost", 409)["type"].endswith("unit.shipped")
    assert receiver.get(at)["actions"] == ["answer"]
    assert receiver.post(f"{at}:answer", 422, units=ids[:1], outcome="refused")["type"].endswith(
        "shipment.reason"
    )
    receiver.post(f"{at}:answer", units=ids[:1], outcome="missing", reason="not_loaded")
    assert sender.post(f"{at}:void", 409)["type"].endswith("shipment.begun")
    done = receiver.post(f"{at}:answer", received_g=5950)
    assert (done["state"], done["received"], done["missing"], done["weights_agree"]) == (
        "answered",
        2,
        1,
        True,
    )
    assert receiver.post(f"{at}:answer", 409)["status"] == 409
    assert [one["reference"] for one in receiver.all("/shipments?state=answered")] == [made["reference"]]
    again = sender.post("/shipments", 201, units=shop.received(1), receiver_id=other.organisation_id)
    assert sender.post(f"/shipments/{again['reference']}:void")["state"] == "voided"


def test_parts_repairs_dismantling_and_the_register(world, caller):
    shop = Workshop(world)
    one, two, lost = shop.received(3)
    people, stranger = caller(shop.actor), caller(world.reuse_actor("Tiers"))
    work = people.post(f"/units/{one}:take-part", kind="screen", serial="SCR-1", weight_g=400)
    [part] = work["taken"]
    assert (part["state"], part["actions"]) == ("in_stock", ["install"])
    stranger.get(f"/parts/{part['id']}", 404)
    assert people.post(f"/parts/{part['id']}:install", unit_id=two)["unit_id"] == two
    assert people.post(f"/parts/{part['id']}:install", 409, unit_id=one)["type"].endswith("part.installed")
    assert people.post(f"/parts/{part['id']}:remove")["state"] == "in_stock"
    done = people.post(f"/units/{two}:record-repair", work=["screen"], parts=[part["id"]], cost_cents=1500)
    assert [each["work"] for each in done["repairs"]] == [["screen"]]
    assert [each["id"] for each in people.all("/parts?state=installed")] == [part["id"]]
    wrong = people.post(f"/units/{one}:dismantle", 422, unit_g=2000, residue_g=100)
    assert wrong["type"].endswith("dismantling.balance")
    apart = people.post(f"/units/{one}:dismantle", parts=[{"kind": "case", "weight_g": 900}], unit_g=2000,
                        residue_g=1080)  # fmt: skip
    assert apart["dismantling"]["loss_g"] == 20
    people.post(f"/units/{lost}:declare-waste", diagnosis="too_old", weight_g=2100)
    reference = people.post("/removals", 201)["reference"]
    people.post(f"/removals/{reference}:add", units=[lost])
    people.post(f"/removals/{reference}:remove", producer_scheme="Éco-organisme Exemple")
    [line] = people.all("/removals/register")
    assert (line["units"], line["weight_g"], line["weighed"], line["slip_number"]) == (
        1,
        2100,
        "weighed",
        None,
    )
    assert stranger.all("/removals/register") == []


def test_an_arrival_is_answered_in_one_go(world, caller):
    holder, actor = world.holder(), world.reuse_actor()
    ids = chain.collected_units(holder, actor, numbered=3, counted=0)
    people = caller(actor)
    pickup = people.get("/pickups")["items"][0]["reference"]
    wrong = people.post(f"/pickups/{pickup}:answer-arrival", 409, refused=[999])
    assert wrong["type"].endswith("arrival.units")
    told = people.post(f"/pickups/{pickup}:answer-arrival", missing=ids[:1], reason_missing="not_found")
    assert (told["received"], bool(told["revision"])) == (2, True)
    caller(holder).post(f"/revisions/{told['revision']}:approve")
    assert bench.receive_units([], actor=actor.actor) == 0
    people.post(f"/pickups/{pickup}:answer-arrival", 404)
