"""A lot straight to a public body by the API alone: claimed for its own use, collected with the holder's proof."""

from __future__ import annotations

from reuse_market.kernel import clock, db
from reuse_market.proofs.reconcile import reconcile
from tests.support import direct


def test_straight_to_a_commune(world, caller):
    town, association = direct.town(world), world.recipient()
    lot = direct.lot_as_is(world.public_holder(), "public_transfer", numbered=1, counted=2).reference
    db.release()
    taker, giver, other = caller(town), caller(world.public_holder()), caller(association)
    assert "claim" in taker.get(f"/lots/{lot}")["actions"]
    lines = [{"line": 1, "units": 1}, {"line": 2, "units": 2}]
    refused = other.post(f"/lots/{lot}:claim", 422, lines=lines)
    assert "L3212-2 11°" in refused["detail"].replace("\u00a0", " ")
    claim = taker.post(f"/lots/{lot}:claim", 201, lines=lines)
    assert (claim["capacity"], claim["commitment_version"], claim["proposal"]) == ("recipient", "", "free")
    claim = claim["reference"]
    giver.post(f"/claims/{claim}:award")
    slot = {"day": clock.today().isoformat(), "from_time": "09:00", "to_time": "11:00"}
    pickup = taker.post(f"/claims/{claim}:propose-pickup", 201, **slot)["reference"]
    told = giver.post(f"/pickups/{pickup}:agree")
    assert (told["as_is"], len(told["not_erased"])) == (True, 3)
    told = taker.post(f"/pickups/{pickup}:check-off-rest")
    assert "add-extra" not in told["actions"]
    refused = taker.post(f"/pickups/{pickup}:sign-as-driver", 409, driver_name="Camille Modèle")
    assert refused["type"].endswith("pickup.not-erased")
    direct.prove(world.public_holder(), [unit["unit_id"] for unit in taker.all(f"/pickups/{pickup}/units")])
    db.release()
    assert taker.get(f"/pickups/{pickup}")["not_erased"] == []
    taker.post(f"/pickups/{pickup}:sign-as-driver", driver_name="Camille Modèle")
    code = giver.get(f"/pickups/{pickup}")["handover_code"]
    done = giver.post(f"/pickups/{pickup}:sign-as-holder", name="Contact Exemple", code=code)
    assert done["state"] == "done"
    assert taker.get(f"/lots/{lot}")["balance"]["provided"] == 3
    assert reconcile() == []
