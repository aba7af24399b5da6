"""Identical groups, models and corrections for programs: the same reads and verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable

from reuse_market.fleets import configurations, spellings
from tests.api.conftest import Caller
from tests.fleets.conftest import imported
from tests.fleets.test_models import LINES, file_of, id_of
from tests.support.world import World


def test_groups_models_corrections(world: World, caller: Callable[..., Caller]) -> None:
    holder = world.holder()
    imported(holder, file_of(*LINES))
    me = caller(holder)
    first = me.get("/fleet-units/groups?limit=5")
    rest = me.get(f"/fleet-units/groups?limit=5&cursor={first['next']}")
    shown = [*first["items"], *rest["items"]]
    assert [one["key"] for one in shown] == sorted(
        g.key for g in configurations.groups(holder.organisation_id)
    )
    assert next(one for one in shown if one["model"] == "ThinkPad T480") | {"key": "", "links": {}} == {
        "key": "", "kind": "laptop", "maker": "Lenovo", "model": "ThinkPad T480", "processor": "", "ram_gb": None,
        "storage_gb": None, "screen_tenths": None, "windows_11": "unknown", "units": 2, "in_use": 2,
        "discarded": 0, "actions": [], "links": {},
    }  # fmt: skip
    assert {one["name"] for one in me.get("/fleet-units/models?to_check=true")["items"]} == {
        "20ZZS00000",
        "Latitude 5400",
        "Machin",
    }
    assert me.get("/fleet-units/models?kind=desktop")["items"][0]["confidence"] == "unsure"
    code = id_of(holder, "20ZZS00000")
    wanted = {"kind": "tablet", "maker": "Lenovo", "name": "ThinkPad X12"}
    assert me.post(f"/fleet-units/models/{code}:correct", key="k1", **wanted) == {"units": 2}
    assert me.post(f"/fleet-units/models/{code}:correct", key="k1", **wanted) == {
        "units": 2
    }  # the same request again
    [told] = me.get("/fleet-units/corrections")["items"]
    assert (told["written"], told["kind"], told["model"]) == (
        "Lenovo 20ZZS00000", "tablet", "Lenovo ThinkPad X12",
    )  # fmt: skip
    assert me.post(f"/fleet-units/corrections/{told['id']}:forget", key="k2") == {"units": 2}
    me.post(f"/fleet-units/corrections/{told['id']}:forget", 404)
    me.post("/fleet-units/models/999999:correct", 404, **wanted)
    me.post(f"/fleet-units/models/{code}:correct", 422, **wanted | {"kind": "toaster"})
    kept, long = id_of(holder, "EliteBook 840 G5"), id_of(holder, "HP Elitebook 840 G5 Notebook PC")
    assert me.post("/fleet-units/models:merge", key="k6", models=[kept, long], into=kept) == {"units": 1}
    me.post("/fleet-units/models:merge", 422, models=[kept], into=kept)
    assert len(spellings.corrected(holder.organisation_id)) == 1
