"""Needs through the API: posted, proposed with reasons, accepted, served; each actor sees its own part."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.conftest import Caller
from tests.reservations import solidarity
from tests.support.world import World, ready_units


def test_from_a_need_to_a_reservation(world: World, caller: Callable[..., Caller]) -> None:
    ready_units(world.reuse_actor(), 5)
    asker, seller = caller(world.recipient()), caller(world.reuse_actor())
    office, other = caller(world.operator()), caller(world.buyer())
    made = asker.post("/needs", 201, kind="laptop", units=8, ram_mb=8192, publics=["families"], note="Merci")
    at = f"/needs/{made['reference']}"
    assert (made["state"], made["actions"], made["left"]) == ("open", ["change", "close"], 8)
    assert asker.post(f"{at}:change", units=7)["units"] == 7
    other.get(at, 404)
    seen = seller.get(at)
    assert (seen["organisation"], seen["organisation_id"], seen["note"]) == (None, None, None)
    assert (seen["structure"], seen["commune"], seen["actions"]) == ("association", "Eybens", ["propose"])
    assert [row["reference"] for row in seller.all("/needs?state=open&kind=laptop")] == [made["reference"]]
    found = office.get(f"{at}/matches")
    [supply] = found["supplies"]
    assert (supply["source"], supply["units"], supply["refused"], found["missing"]) == ("ready", 5, False, 2)
    assert "comme demandé" in supply["reasons"][1]
    asked = {"source": "ready", "supply": supply["supply"], "units": 5}
    other.post(f"{at}:propose", 404, **asked)
    match = seller.post(f"{at}:propose", 201, **asked)
    assert (match["state"], match["structure"], match["answers"]) == ("proposed", "", ["withdraw"])
    name = match["reference"]
    other.post(f"{at}:accept", 404, match=name)
    assert asker.get(at)["actions"] == ["close", "accept", "decline"]
    for who, verb, about in ((asker, "decline", name), (seller, "withdraw", name), (asker, "close", "")):
        for reason in ({}, {"reason": ""}, {"reason": "nothing"}):
            refused = who.post(f"{at}:{verb}", 422, **({"match": about} if about else {}), **reason)
            assert [one["field"] for one in refused["errors"]] == ["reason"], (verb, reason)
    taken = asker.post(f"{at}:accept", match=name)
    assert (taken["state"], taken["reservation"][:4]) == ("reserved", "RES-")
    asker.post(f"{at}:decline", 409, match=name, reason="far")
    assert asker.get(f"{at}/proposals")["items"][0]["seller"] == "Atelier Exemple"
    assert office.post("/needs:share")["made"] == []
    closed = office.post(f"{at}:close", reason="found")
    assert (closed["state"], closed["reason"], closed["actions"]) == ("closed", "found", [])


def test_the_law_is_told_with_its_article_and_refuses_the_proposal(
    world: World, caller: Callable[..., Caller]
) -> None:
    """Units of a free transfer may be given to an association of the law, not sold to a company."""
    solidarity.given(world, solidarity.seller(world), 3, price_cents=5_000)
    buyer, office = caller(world.buyer()), caller(world.operator())
    at = f"/needs/{buyer.post('/needs', 201, kind='laptop', units=2)['reference']}"
    [supply] = office.get(f"{at}/matches")["supplies"]
    assert (supply["refused"], supply["units"]) == (True, 0)
    assert "L3212-2" in " ".join(supply["reasons"])
    refused = office.post(f"{at}:propose", 422, source="ready", supply=supply["supply"], units=2)
    assert "L3212-2" in refused["detail"] + str(refused["errors"])
