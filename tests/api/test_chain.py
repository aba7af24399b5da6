"""The whole chain by the API alone, from an inventory to what the last beneficiary signed."""

from __future__ import annotations

import base64
import io
from datetime import date, timedelta

from reuse_market.fleets.sample_inventory import sample_inventory
from reuse_market.kernel import clock
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.verify import verify_chains

TERMS = {
    "title": "Parc de bureau, soixante appareils et écrans", "regime": "sale", "price_kind": "proposals",
    "award_mode": "holder_choice", "erased_by": "reuse_actor", "erasure_policy": "purge",
}  # fmt: skip


def day(days=0):
    return (clock.today() + timedelta(days=days)).isoformat()


def published(holder):
    """The inventory imported, a lot of it and of 20 screens without serials; its lot."""
    site = holder.post("/sites", 201, name="Dépôt", street="2 rue de l’Exemple", postcode="38320",
                       commune_name="Eybens", has_dock="yes")  # fmt: skip
    form = {"file": (io.BytesIO(sample_inventory()), "glpi.csv")}
    judged = holder.send("/fleet-units:import?dry_run=true", form, "multipart/form-data")
    assert (judged["format"], judged["records"], judged["applied"]) == ("glpi-csv", 60, False)
    assert holder.all("/fleet-units") == []
    path = f"/fleet-units:import?site_id={site['id']}&filename=glpi.csv"
    report = holder.send(path, sample_inventory(), "text/csv")
    assert {name: len(report[name]) for name in ("good", "to_correct", "set_aside", "known")} == {
        name: len(judged[name]) for name in ("good", "to_correct", "set_aside", "known")
    }
    assert sum(len(report[name]) for name in ("good", "to_correct", "set_aside", "known")) == 60
    assert len(report["unit_ids"]) == len(report["good"]) > 50
    assert len(holder.all("/fleet-units?state=in_use")) == len(report["good"])
    one = report["unit_ids"][0]
    assert holder.post(f"/fleet-units/{one}:discard")["state"] == "discarded"
    assert holder.post(f"/fleet-units/{one}:annul-discard")["actions"] == ["discard", "merge"]
    lot = holder.post("/lots", 201, units=report["unit_ids"], site_id=site["id"])
    ref = lot["reference"]
    holder.post(f"/lots/{ref}:add-counted-line", kind="monitor", units=20, label="Écrans 24 pouces")
    lot = holder.post(f"/lots/{ref}:add-counted-line", kind="dock", units=2)
    holder.post(f"/lots/{ref}:remove-line", line=lot["lines"][-1]["number"])
    holder.post(f"/lots/{ref}:change-line", line=1, works="works", charger="yes", note="Housses comprises")
    holder.post(f"/lots/{ref}:change", **TERMS, available_from=day(), available_until=day(60))
    lot = holder.post(f"/lots/{ref}:publish")
    assert lot["state"] == "published"
    assert lot["lines"][0]["charger"] == "yes"
    assert lot["balance"]["listed"] == lot["declared"] == len(report["good"]) + 20
    return lot


def awarded(holder, actor, lot, lines):
    """A claim on those lines, awarded; its reference."""
    ref = lot["reference"]
    assert "claim" in actor.get(f"/lots/{ref}")["actions"]
    assert (
        actor.post(f"/lots/{ref}:claim", 422, lines=lines, committed=False)["errors"][0]["field"]
        == "committed"
    )
    claim = actor.post(
        f"/lots/{ref}:claim", 201, lines=lines, proposal="pay", amount_cents=500_00, committed=True,
        message="Nous venons avec un camion.",
    )  # fmt: skip
    assert claim["actions"] == ["release"]
    reference = claim["reference"]
    assert holder.get(f"/claims/{reference}")["actions"] == ["award", "decline"]
    claim = holder.post(f"/claims/{reference}:award")
    assert claim["open_units"] == claim["asked"] == sum(each["units"] for each in lines)
    return reference


def collected(holder, actor, claim, *, differences=False):
    """Its pick-up agreed, checked off and signed by both; its reference."""
    slot = {"day": day(), "from_time": "09:00", "to_time": "11:00"}
    made = actor.post(f"/claims/{claim}:propose-pickup", 201, **slot)
    at = f"/pickups/{made['reference']}"
    assert holder.get(at)["actions"] == ["counter", "agree", "cancel"]
    holder.post(f"{at}:counter", **slot | {"from_time": "10:00"})
    agreed = actor.post(f"{at}:agree")
    assert agreed["street"] == "2 rue de l’Exemple"
    assert agreed["handover_code"] is None
    units = actor.all(f"{at}/units")
    assert len(units) == agreed["planned"]
    if differences:
        numbered = [unit for unit in units if unit["serial"]]
        actor.post(f"{at}:check-off", code=numbered[0]["code"])
        actor.post(f"{at}:check-off", code=numbered[1]["serial"], outcome="missing", reason="not_found")
        actor.post(f"{at}:add-extra", kind="dock", label="Station d’accueil", serial="EXTRA-1")
        loose = next(unit for unit in units if not unit["serial"] and not unit["asset_tag"])
        actor.post(f"{at}:check-off-line", line=loose["line"], units=3)
        actor.post(f"{at}:undo-check", check=actor.all(f"{at}/checks")[-1]["id"])
        actor.post(f"{at}:note-differences", outcome="refused", reason="broken",
                   lines=[{"line": loose["line"], "units": 1}])  # fmt: skip
    actor.post(f"{at}:check-off-rest")
    done = actor.post(f"{at}:sign-as-driver", driver_name="Camille Modèle", plate="aa-000-aa")
    assert done["state"] == "done"
    assert done["actions"] == ["sign-as-holder", "ask-signature", "propose-revision"]
    code = holder.get(at)["handover_code"]
    wrong = "0000" if code != "0000" else "1111"
    assert (
        actor.post(f"{at}:sign-as-holder", 422, name="Dominique Modèle", code=wrong)["errors"][0]["field"]
        == "code"
    )
    signed = actor.post(f"{at}:sign-as-holder", name="Dominique Modèle", code=code)
    assert signed["holder_signer"] == "Dominique Modèle"
    assert signed["actions"] == ["propose-revision"]
    return made["reference"]


def worked(actor):
    """Everything collected is received; laptops ready, one waste and removed; ids of the ready ones."""
    arrived = [unit["id"] for unit in actor.all("/units?state=collected")]
    assert actor.post(f"/units/{arrived[0]}:receive")["state"] == "in_workshop"
    assert actor.post("/units:receive", units=arrived[1:])["units"] == len(arrived) - 1
    laptops = actor.all("/units?state=in_workshop&kind=laptop")
    first, *others = [unit["id"] for unit in laptops]
    refused = actor.post(f"/units/{first}:make-ready", 409, cosmetic_grade="B", price_cents=150_00)
    assert refused["code"] == "test.missing"
    assert "make-ready" not in actor.get(f"/units/{first}")["actions"]
    told = actor.post(f"/units/{first}:identify", model="Portable 840", maker="Exemple", ram_mb=8192)
    assert (told["maker"], told["ram_mb"], told["same_serial"]) == ("Exemple", 8192, [])
    actor.post(f"/units/{first}:record-test", results={"ports": "fault"}, battery_percent=80)
    actor.post(f"/units/{first}:record-test", battery_percent=80)
    erase(actor, first)
    ready = actor.post(f"/units/{first}:make-ready", cosmetic_grade="B", price_cents=150_00)
    assert (ready["state"], ready["offer"]["price_cents"], ready["missing"]) == ("ready", 150_00, [])
    alike = others[:15]
    for unit in alike:
        actor.post(f"/units/{unit}:identify", model="Portable 840", maker="Exemple", ram_mb=8192, storage_mb=None,
                   screen_tenths=140, cpu="i5-8350U", os="Microsoft Windows 10 Pro")  # fmt: skip
    tested = [{"unit": unit, "percent": 80} for unit in alike]
    assert actor.post("/units:record-tests", units=alike, batteries=tested)["units"] == 15
    assert actor.post("/units:count-no-media", units=alike, seen_how="opened")["units"] == 15
    assert actor.post("/units:make-ready", units=alike, cosmetic_grade="B", price_cents=150_00,
                      os="Debian GNU/Linux 12")["units"] == 15  # fmt: skip
    waste = others[15]
    assert (
        actor.post(f"/units/{waste}:declare-waste", diagnosis="not_repairable", weight_g=2100)["state"]
        == "waste"
    )
    removal = actor.post("/removals", 201)["reference"]
    assert actor.post(f"/removals/{removal}:add", units=[waste])["actions"] == ["add", "take-out", "remove"]
    gone = actor.post(f"/removals/{removal}:remove", producer_scheme="Éco-organisme Exemple", weight_g=2100)
    assert (gone["state"], gone["units"], gone["actions"]) == ("removed", 1, [])
    assert actor.post(f"/units/{others[16]}:to-parts")["state"] == "parts"
    return [first, *alike]


def erase(actor, unit):
    """Its two media counted, one taken for a miscount, the other erased with its report."""
    media = [{"kind": "ssd", "serial": "SSD-1"}, {"kind": "hdd"}]
    counted = actor.post(f"/units/{unit}:count-media", media=media, seen_how="firmware")
    assert counted["media_counted"] == 2
    ssd, hdd = counted["media"]
    assert ssd["missing"][0]["code"] == "certificate.missing"
    actor.post(f"{hdd['links']['self']}:remove", miscounted=True)
    proof = {
        "technique": "sanitize_block_erase", "result": "ok", "errors": 0, "hidden_areas": "none",
        "tool": "Outil Exemple", "erased_on": day(), "operator_name": "Alix Modèle",
    }  # fmt: skip
    at = f"{ssd['links']['self']}:record-certificate"
    assert actor.post(at, 422, **proof, report="TVqQAAMAAAAEAAAA")["code"] == "file.type"
    report = base64.b64encode(b"Rapport d'effacement: 0 erreur\n").decode()
    told = actor.post(at, **proof, report=report)
    assert told["media"][0]["missing"] == []
    assert told["media"][0]["certificates"][0]["report_sha256"]


def test_the_chain_by_the_api(world, caller):
    holder, actor, other = (
        caller(world.holder()), caller(world.reuse_actor()), caller(world.reuse_actor("Recyclerie Exemple"))
    )  # fmt: skip
    lot = published(holder)
    ref = lot["reference"]
    lines = [{"line": each["number"], "units": each["left"]} for each in lot["lines"]]
    shared = [lines[-1] | {"units": 8}]
    mine = [*lines[:-1], lines[-1] | {"units": 12}]
    first, second = awarded(holder, actor, lot, mine), awarded(holder, other, lot, shared)
    assert [one["reference"] for one in holder.all(f"/claims?lot={ref}")] == [second, first]
    assert [one["reference"] for one in other.all("/claims")] == [second]
    collected(holder, actor, first, differences=True)
    collected(holder, other, second)
    assert holder.get(f"/lots/{ref}")["state"] == "closed"

    worked(actor)
    buyer, association = caller(world.buyer()), caller(world.recipient())
    offers = {offer["units"]: offer for offer in buyer.all("/offers")}
    assert sorted(offers) == [1, 15]
    assert offers[15]["os"] == "Debian GNU/Linux 12", (
        "the system installed after erasure, not the one of the inventory"
    )
    assert offers[15]["actions"] == ["reserve", "quote", "wait"]
    key = offers[15]["key"]
    assert actor.get(f"/offers/{key}")["actions"] == ["add-photo"], "its own"
    booked = buyer.post(f"/offers/{key}:reserve", 201, units=10, order_number="BC-1")
    given = association.post(f"/offers/{key}:reserve", 201, units=5)
    assert buyer.post(f"/offers/{key}:reserve", 409, units=1)["code"] == "group-gone"
    at, by_code = f"/reservations/{booked['reference']}", f"/reservations/{given['reference']}"
    assert actor.get(at)["actions"] == ["confirm", "release", "quote", "plan-handover"]
    actor.post(f"{at}:confirm")
    actor.post(f"{at}:prepare")
    still = ["sign", "release", "quote", "extend", "renew-code", "plan-handover", "order"]
    assert buyer.get(at)["actions"] == still
    assert buyer.post(f"{at}:sign", name="Sacha Modèle")["state"] == "provided"
    actor.post(f"{by_code}:confirm")
    code = association.get(by_code)["handover_code"]
    assert actor.get(by_code)["handover_code"] is None
    assert actor.post(f"{by_code}:sign-with-code", name="Lou Modèle", code=code)["state"] == "provided"

    balance = holder.get(f"/lots/{ref}")["balance"]
    counts = [n for name, n in balance.items() if name not in ("declared", "extra")]
    assert balance["declared"] + balance["extra"] == sum(counts)
    wanted = {
        "provided": 15,
        "recycled": 1,
        "parts": 1,
        "missing": 1,
        "refused": 1,
        "extra": 1,
        "in_stock": 1,
    }
    assert {name: balance[name] for name in wanted} == wanted
    told = holder.all(f"/events?lot={ref}")
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert {event["via"] for event in told} == {"token"}
    assert {"lot.published", "pickup.countersigned", "unit.ready", "waste.removed", "unit.provided"} <= {
        event["type"] for event in told
    }
    sold = [event for event in actor.all(f"/events?lot={ref}") if event["type"] == "reservation.placed"]
    assert all(event["organisation"] is None for event in sold)
    assert caller(world.operator()).get(f"/lots/{ref}")["balance"] == balance
    assert date.fromisoformat(booked["until"]) > clock.today()
    assert verify_chains() == []
    assert reconcile() == []
