"""The handover and a return through the API: planned, told, asked, settled; each actor sees its own part."""

from __future__ import annotations

from collections.abc import Callable

from reuse_market.kernel import clock
from tests.api.conftest import Caller
from tests.support.world import World, ready_units


def test_the_handover_and_a_refund(world: World, caller: Callable[..., Caller]) -> None:
    buyer, seller, other = caller(world.buyer()), caller(world.reuse_actor()), caller(world.recipient())
    ready_units(world.reuse_actor(), 2)
    [offer] = buyer.all("/offers")
    reference = buyer.post(f"/offers/{offer['key']}:reserve", 201, units=2)["reference"]
    seller.post(f"/reservations/{reference}:confirm")
    at = f"/reservations/{reference}"
    assert "plan-handover" in seller.get(at)["actions"]
    seller.post(f"{at}:plan-handover", delivery="deliver", day=clock.in_days(2).isoformat())
    seller.post(f"{at}:prepare", 422, kit={"charger": "in"})
    seller.post(
        f"{at}:prepare", kit={"charger": "in", "os": "not_supplied", "mouse": "later", "bag": "has_one"}
    )
    agreed = buyer.get(f"{at}/handover")
    assert (agreed["delivery"], agreed["kit"]["mouse"], agreed["call"]) == (
        "deliver",
        "later",
        "04 00 00 00 00",
    )
    buyer.post(f"{at}:sign", name="Accueil Exemple")
    assert "return" in buyer.get(at)["actions"]
    assert buyer.get(f"{at}/handover")["warranty_until"] is not None
    [first, _second] = [unit["unit_id"] for unit in buyer.get(at)["held"]]
    made = buyer.post(f"{at}:return", 201, units=[first], reason="not_needed", wish="refund")
    one = f"/returns/{made['reference']}"
    assert (made["state"], made["units"], made["actions"]) == ("asked", [first], ["cancel"])
    other.get(one, 404)
    buyer.post(f"{at}:return", 409, units=[first], reason="not_needed", wish="refund")
    assert seller.get(one)["actions"] == ["accept", "refuse", "cancel"]
    seller.post(f"{one}:accept", remedy="refund")
    assert seller.post(f"{one}:receive")["actions"] == ["settle"]
    assert seller.post(f"{one}:settle")["state"] == "settled"  # no invoice: no credit note
    assert [row["reference"] for row in buyer.all("/returns?state=settled")] == [made["reference"]]
    assert other.all("/returns") == []
