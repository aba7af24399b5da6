"""What one may not see answers like what does not exist; addresses and serials go to whom pages show them."""

from __future__ import annotations

import re

import pytest

from reuse_market.api.application import document
from reuse_market.kernel import clock
from tests.support import world as chain

# Refused at the gate to everybody but the operator, whatever the number says.
THE_OPERATORS = {
    f"/organisations/{{organisation_id}}:{verb}"
    for verb in ("admit", "refuse", "suspend", "reinstate", "qualify", "grant-exception")
}


@pytest.fixture
def things(world, caller):
    """One object of each collection that a stranger may not see."""
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder)
    claim = chain.awarded_claim(lot, holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    found = {"claims": claim.reference, "pickups": pickup.reference, "units": chain.ready_units(actor, 2)[0]}
    published = lot.reference
    found["sites"], found["organisations"] = holder.site_id, holder.organisation_id
    found["fleet-units"] = chain.fleet(holder, 1)[0]
    found["lots"] = caller(holder).post("/lots", 201, title="Un brouillon")["reference"]
    key = caller(world.buyer()).get("/offers")["items"][0]["key"]
    found["reservations"] = caller(world.buyer()).post(f"/offers/{key}:reserve", 201, units=1)["reference"]
    found["removals"] = caller(actor).post("/removals", 201)["reference"]
    ends_on = clock.in_days(30).isoformat()
    found["vouchers"] = caller(world.recipient()).post("/vouchers", 201, ends_on=ends_on)["reference"]
    found["documents"] = caller(holder).get(f"/documents?owner=pickup/{found['pickups']}")["items"][0][
        "number"
    ]
    return found, published


def stranger(world, caller):
    """Somebody with every role a company can have, and no part in anything."""
    return caller(world.party("Passante Exemple", "holder", "reuse_actor", "buyer", "recipient"))


def test_not_seen_and_not_there_answer_alike(app, world, caller, things):
    found, _published = things
    nosy = stranger(world, caller)
    fakes = {name: 10**6 if isinstance(real, int) else "XXX-2026-9999" for name, real in found.items()}
    asked = set()
    for path, each in document(app)["paths"].items():
        collection = re.split("[/:]", path)[3]
        if "{" not in path or collection not in found:
            continue
        for method in each.keys() - {"parameters"}:
            if collection == "lots" and path.endswith((":claim",)):
                continue  # a lot is claimed once published: asked below
            body, query = sample(app, each[method]), demanded(app, each[method])
            answers = []
            for value in (found[collection], fakes[collection]):
                at = re.sub(r"{[^}]*}", str(value), path)
                headers = {"Idempotency-Key": f"{method}:{at}"}
                answers.append(nosy.ask(method.upper(), at, json=body, headers=headers, query_string=query))
            due = 403 if path.removeprefix("/api/v1") in THE_OPERATORS else 404
            assert [answer.status_code for answer in answers] == [due, due], (path, answers[0].data)
            assert answers[0].json == answers[1].json, path
            asked.add(collection)
    assert asked == set(found)
    assert all(nosy.get(f"/{name}")["items"] == [] for name in asked - {"organisations", "sites", "lots"})
    assert found["sites"] not in {one["id"] for one in nosy.all("/sites")}
    assert [one["id"] for one in nosy.all("/organisations")] == [nosy.party.organisation_id]
    assert found["lots"] not in {one["reference"] for one in nosy.all("/lots")}


def sample(app, operation):
    """A body that passes the schema."""
    if "requestBody" not in operation:
        return None
    told = operation["requestBody"]["content"].get("application/json", {}).get("schema", {})
    return _filled(document(app), told)


def demanded(app, operation):
    """What the query of a list must say."""
    told = [
        one for one in operation.get("parameters", ()) if one.get("in") == "query" and one.get("required")
    ]
    return {one["name"]: _filled(document(app), one["schema"]) for one in told}


def _filled(told, schema):
    if "$ref" in schema:
        schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        filled = {name: _filled(told, schema["properties"][name]) for name in schema.get("required", ())}
        apart = {"to_time": "11:00", "siret": "73282932000074"}  # more than their schema is asked of them
        return filled | {name: value for name, value in apart.items() if name in filled}
    if kind == "array":
        return [_filled(told, schema["items"]) for _ in range(schema.get("minItems", 0))]
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if schema.get("format") == "date":
        return clock.in_days(30).isoformat()
    by_pattern = {
        "^([01]": "09:00",
        "^[0-9]{4}": "1234",
        "^20[0-9]{2}-": "2027-Q2",
        "^[0-9]{5}": "38000",
        "^[^\\s@": "a@b.test",
    }
    return next(
        (v for start, v in by_pattern.items() if schema.get("pattern", "").startswith(start)),
        "B" * min(3, schema.get("maxLength", 3)),
    )


def test_a_published_lot_tells_a_stranger_its_commune_only(world, caller, things):
    _found, ref = things
    nosy, holder = stranger(world, caller), caller(world.holder())
    seen = nosy.get(f"/lots/{ref}")
    assert seen["place"].keys() & {"street", "contact_phone", "contact_name", "site_id"} == set()
    assert seen["commune"] == "Eybens"
    nosy.get(f"/lots/{ref}/units", 404)
    nosy.get(f"/events?lot={ref}", 404)
    assert caller(world.buyer()).get(f"/lots/{ref}")["holder"] is None
    assert holder.get(f"/lots/{ref}")["place"]["street"] == "1 rue de l’Exemple"
    serials = {unit["serial"] for unit in holder.all(f"/lots/{ref}/units")}
    assert len(serials - {None}) == 3
    actor = caller(world.reuse_actor())
    assert {unit["serial"] for unit in actor.all(f"/lots/{ref}/units")} == serials
    assert actor.get(f"/lots/{ref}")["place"]["contact_phone"]


def test_each_side_sees_its_own_code_only(world, caller, things):
    found, _ref = things
    at = f"/pickups/{found['pickups']}"
    assert re.fullmatch("[0-9]{4}", caller(world.holder()).get(at)["handover_code"])
    assert caller(world.reuse_actor()).get(at)["handover_code"] is None
    assert caller(world.operator()).get(at)["handover_code"] is None


def test_overseers_read_and_do_nothing(world, caller, things):
    found, _ref = things
    for name in ("lots", "claims", "pickups", "reservations"):
        told = caller(world.operator()).get(f"/{name}/{found[name]}")
        assert told["actions"] == [], name


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {"title": "Un lot", "titel": "x"}}, 422, "invalid"),
        ({"json": {"title": 12}}, 422, "invalid"),
        ({"json": {"title": "a\x00b"}}, 422, "invalid"),
        ({"json": {"title": "a\ud800b"}}, 422, "invalid"),
        ({"json": {"title": "Un lot", "site_id": "1"}}, 422, "invalid"),
        ({"json": {"title": "Un lot", "site_id": True}}, 422, "invalid"),
        ({"json": {"title": "Un lot", "site_id": 10**30}}, 422, "invalid"),
        ({"json": []}, 422, "invalid"),
        ({"data": b"{", "content_type": "application/json"}, 400, "json"),
        ({"data": b"[" * 200_000, "content_type": "application/json"}, 400, "json"),
        (
            {"data": b"title=x", "content_type": "application/x-www-form-urlencoded"},
            415,
            "unsupported-media-type",
        ),
    ],
)
def test_bodies_are_taken_strictly(world, caller, sent, status, code):
    answer = caller(world.holder()).ask("POST", "/lots", headers={"Idempotency-Key": "k"}, **sent)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=-1", "colour=red", "mine=1"]
)
def test_queries_are_taken_strictly(world, caller, query):
    assert caller(world.holder()).get(f"/lots?{query}", 422)["code"] == "invalid"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_addresses_that_are_none(world, caller):
    holder = caller(world.holder())
    for path in ("/nothing", "/lots/a:b:c", "/sites/0", f"/sites/{10**12}", "/lots/%00"):
        assert holder.get(path, 404)["detail"]
    answer = holder.ask("DELETE", "/lots")
    assert (answer.status_code, sorted(answer.headers["Allow"].split(", "))) == (
        405, ["GET", "HEAD", "OPTIONS", "POST"]
    )  # fmt: skip
