"""The first steps of the chain by the API."""

from __future__ import annotations

from tests.support import world as chain


def test_a_lot_is_drafted_published_claimed_and_awarded(world, caller):
    holder, actor = caller(world.holder()), caller(world.reuse_actor())
    ids = chain.fleet(holder.party, 3)
    lot = holder.post("/lots", 201, units=ids)
    ref = lot["reference"]
    assert set(lot["actions"]) >= {"publish", "change", "add-counted-line"}
    lot = holder.post(f"/lots/{ref}:add-counted-line", kind="monitor", units=2, label="Écrans")
    assert [line["declared"] for line in lot["lines"]] == [3, 2]
    terms = {k: (v.isoformat() if hasattr(v, "isoformat") else v) for k, v in chain.conditions(holder.party).items()}
    holder.post(f"/lots/{ref}:change", title="Portables et écrans", **terms)
    lot = holder.post(f"/lots/{ref}:publish")
    assert lot["state"] == "published"
    assert lot["balance"]["listed"] == 5
    seen = actor.get(f"/lots/{ref}")
    assert "street" not in seen["place"]
    assert seen["actions"] == ["claim"]
    claim = actor.post(
        f"/lots/{ref}:claim", 201, lines=[{"line": 1, "units": 3}], proposal="pay", amount_cents=100_00, committed=True
    )
    assert claim["actions"] == ["release"]
    assert holder.get(f"/claims/{claim['reference']}")["actions"] == ["award", "decline"]
    awarded = holder.post(f"/claims/{claim['reference']}:award")
    assert (awarded["state"], awarded["awarded"]) == ("awarded", 3)
    assert actor.get(f"/lots/{ref}")["place"]["street"] == "1 rue de l’Exemple"
    assert [one["reference"] for one in actor.all("/lots?open=true")] == [ref]
    assert [one["reference"] for one in holder.all("/claims")] == [claim["reference"]]


def test_a_key_is_demanded_and_acts_once(world, caller):
    holder = caller(world.holder())
    answer = holder.ask("POST", "/lots", json={"title": "Un lot"})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.missing")
    first = holder.post("/lots", 201, key="k", title="Un lot")
    again = holder.post("/lots", 201, key="k", title="Un lot")
    assert first == again
    assert holder.post("/lots", 422, key="k", title="Un autre")["code"] == "idempotency.reused"
    assert len(holder.all("/lots")) == 1
