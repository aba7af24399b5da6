"""A second inventory by program: judged, read, answered, applied; then merges and fates. As on the pages."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.conftest import Caller
from tests.fleets.conftest import imported, inventory
from tests.support.world import World


def test_judge_answer_apply_and_fates(world: World, caller: Callable[..., Caller]) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    ids = imported(holder, inventory(6))
    me, stranger = caller(holder), caller(other)
    data = inventory(3).replace(b"INV-1;8192", b"INV-91;8192") + b"\r\nSN000005;HP;EliteBook;Portable;;8192"
    report = me.send("/fleet-units:import?apply=false", data, "text/csv")
    assert (report["applied"], report["counts"]["gone"], report["unit_ids"]) == (False, 3, [])
    path = f"/fleet-units/imports/{report['import_id']}"
    [changed] = me.get(f"{path}/records?list=changed")["items"]
    assert changed["changes"] == {"asset_tag": {"from": "INV-1", "to": "INV-91"}}
    [unsure] = me.get(f"{path}/records?list=unsure")["items"]
    assert (unsure["unit_id"], unsure["why"], unsure["in_file"]["maker"]) == (ids[5], "other_maker", "HP")
    first = me.get(f"{path}/records?list=gone&limit=1")
    gone = [*first["items"], *me.get(f"{path}/records?list=gone&limit=1&cursor={first['next']}")["items"]]
    assert [one["unit_id"] for one in gone] == ids[3:5]
    stranger.get(f"{path}/records?list=gone", 404)
    stranger.post(f"{path}:answer", 404, gone="discarded")
    me.post(f"{path}:answer", 422, gone="same")
    me.post(f"{path}:answer", 422, each=[{"record": gone[0]["id"], "answer": "same"}])
    each = [{"record": gone[0]["id"], "answer": "discarded"}]
    assert me.post(f"{path}:answer", key="a", unsure="same", each=each)["state"] == "judged"
    assert me.post(f"{path}:apply", key="b")["state"] == "done"
    me.post(f"{path}:answer", 409, gone="unknown")
    assert [one["id"] for one in me.get("/fleet-units?missed=true")["items"]] == [ids[4]]
    assert me.get(f"/fleet-units/{ids[5]}")["maker"] == "HP"
    [fate] = me.get("/fleet-units/fates")["items"]
    assert (fate["unit_id"], fate["fate"], fate["asset_tag"]) == (ids[3], "discarded", "INV-3")
    assert stranger.get("/fleet-units/fates")["items"] == []
    assert me.post(f"/fleet-units/{ids[1]}:merge", key="c", into=ids[0])["id"] == ids[0]
    me.post(f"/fleet-units/{ids[2]}:merge", 404, into=10**6)
    stranger.post(f"/fleet-units/{ids[2]}:merge", 404, into=ids[0])
