"""A request sent again with its key is answered, not done, again; whatever happens in between."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from reuse_market.accounts.signatures import current_code
from reuse_market.fleets.services import working
from reuse_market.kernel import clock, db, idempotency
from reuse_market.kernel.idempotency import IdempotencyKey
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from tests.support import world as chain


def counted(model):
    with db.scope() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_post_without_a_key_is_refused(caller, world):
    answer = caller(world.holder()).ask("POST", "/lots", json={"title": "Un lot"})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.missing")
    for odd in ("", "clé à moi", "x" * 201):
        headers = {"Idempotency-Key": odd.encode().decode("latin-1")}
        answer = caller(world.holder()).ask("POST", "/lots", json={"title": "Un lot"}, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (400, "idempotency.missing")
    assert counted(Lot) == 0


def test_the_same_request_gets_the_same_answer(caller, world):
    holder = caller(world.holder())
    sent = {"json": {"title": "Un lot"}, "headers": {"Idempotency-Key": "k"}}
    first, again = holder.ask("POST", "/lots", **sent), holder.ask("POST", "/lots", **sent)
    assert (first.status_code, first.data, first.headers["Location"]) == (
        again.status_code, again.data, again.headers["Location"]
    )  # fmt: skip
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert counted(Lot) == 1


def test_another_request_under_the_same_key_is_refused(caller, world):
    holder = caller(world.holder())
    reference = holder.post("/lots", 201, key="k", title="Un lot")["reference"]
    assert holder.post("/lots", 422, key="k", title="Un autre")["code"] == "idempotency.reused"
    assert holder.post(f"/lots/{reference}:delete", 422, key="k")["code"] == "idempotency.reused"
    assert counted(Lot) == 1


def test_a_key_is_its_callers_own(caller, world):
    first, other = caller(world.holder()), caller(world.public_holder())
    mine = first.post("/lots", 201, key="k", title="Un lot")
    assert other.post("/lots", 201, key="k", title="Un lot")["reference"] != mine["reference"]
    renewed = caller(world.holder())  # another token of the same person for the same organisation
    assert renewed.post("/lots", 201, key="k", title="Un lot") == mine


def test_a_refusal_is_not_kept(caller, world):
    holder = caller(world.holder())
    ref = holder.post("/lots", 201, title="Un lot")["reference"]
    assert holder.post(f"/lots/{ref}:publish", 422, key="publish")["errors"][0]["field"] == "lines"
    ids = chain.fleet(holder.party, 1)
    terms = chain.conditions(holder.party)
    holder.post(f"/lots/{ref}:add-units", units=ids)
    lots.set_conditions(lots_id(ref), terms, actor=holder.party.actor)
    assert holder.post(f"/lots/{ref}:publish", key="publish")["state"] == "published"
    assert holder.post(f"/lots/{ref}:publish", key="publish")["state"] == "published"


def lots_id(reference):
    return db.session().scalar(sa.select(Lot.id).where(Lot.reference == reference))


@pytest.mark.parametrize("rivals", [2, 6])
def test_at_once_it_acts_once(caller, world, rivals):
    holder = caller(world.holder())
    start, answers = threading.Barrier(rivals), []

    def run():
        start.wait()
        sent = {"json": {"title": "Un lot"}, "headers": {"Idempotency-Key": "k"}}
        answers.append(holder.ask("POST", "/lots", **sent))

    threads = [threading.Thread(target=run) for _ in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201] * rivals
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == rivals - 1
    assert counted(Lot) == 1


def test_a_crash_leaves_both_or_none(caller, world, monkeypatch):
    """Before the commit nothing stays, not even the key; after it, the lost answer is given again."""
    holder = caller(world.holder())

    def crash(_answer):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("reuse_market.web.acting.dumps", crash)  # the act is done, its transaction still open
        with pytest.raises(ConnectionError):
            holder.post("/lots", 201, key="k", title="Un lot")
    assert (counted(Lot), counted(IdempotencyKey)) == (0, 0)
    with monkeypatch.context() as patch:
        patch.setattr("reuse_market.web.acting._response", crash)  # committed, nothing said yet
        with pytest.raises(ConnectionError):
            holder.post("/lots", 201, key="k", title="Un lot")
    assert (counted(Lot), counted(IdempotencyKey)) == (1, 1)
    assert holder.post("/lots", 201, key="k", title="Un lot")["state"] == "draft"
    assert counted(Lot) == 1


def test_a_wrong_code_counts_though_its_act_is_refused(caller, world):
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder), holder, actor)
    reference = chain.signed_pickup(
        chain.agreed_pickup(claim, holder, actor), holder, actor, both=False
    ).reference
    code = current_code(f"pickup/{reference}").code
    wrong = "0000" if code != "0000" else "1111"
    driver, at = caller(actor), f"/pickups/{reference}:sign-as-holder"
    for left in (4, 3, 2, 1):
        assert str(left) in driver.post(at, 422, key="k", name="Dominique Modèle", code=wrong)["detail"]
    assert driver.post(at, 409, key="k", name="Dominique Modèle", code=wrong)["code"] == "signature.spent"
    assert driver.post(at, 409, name="Dominique Modèle", code=code)["code"] == "signature.no-code"
    code = caller(holder).post(f"/pickups/{reference}:new-code")["handover_code"]
    signed = driver.post(at, key="good", name="Dominique Modèle", code=code)
    assert driver.post(at, key="good", name="Dominique Modèle", code=code) == signed
    stranger = caller(world.reuse_actor("Autre Exemple"))
    stranger.post(at, 404, name="Dominique Modèle", code=code)


def test_an_inventory_sent_twice_comes_in_once(caller, world):
    holder = caller(world.holder())
    data = "Numéro de série;Fabricant;Modèle;Type\r\nSN1;Dell Inc.;Latitude 5400;Portable\r\n".encode()
    headers = {"Idempotency-Key": "k"}
    sent = {"data": data, "content_type": "text/csv", "headers": headers}
    first, again = (holder.ask("POST", "/fleet-units:import", **sent) for _ in range(2))
    assert first.status_code == again.status_code == 200, first.data
    assert first.json == again.json
    assert len(first.json["unit_ids"]) == 1
    assert len(holder.all("/fleet-units")) == 1
    told = holder.send("/fleet-units:import", data, "text/csv")
    assert (len(told["good"]), len(told["known"])) == (0, 1)
    assert holder.send("/fleet-units:import", b"", "text/csv", 422)["errors"][0]["field"] == "file"
    assert (
        holder.send("/fleet-units:import", b"\x00\x01\x02", "text/csv", 422)["errors"][0]["field"] == "file"
    )


def test_a_long_inventory_is_a_job_whose_address_is_told(caller, world, monkeypatch):
    monkeypatch.setattr(working, "LONG", {"csv": 100})
    holder, other = caller(world.holder()), caller(world.holder("Autre Exemple"))
    rows = [f"SN{n};Dell Inc.;Latitude 5400;Portable" for n in range(9)] + [
        "SN1;Dell Inc.;Latitude 5400;Portable"
    ]
    data = "\r\n".join(["Numéro de série;Fabricant;Modèle;Type", *rows]).encode()
    sent = {"data": data, "content_type": "text/csv", "headers": {"Idempotency-Key": "long"}}
    first, again = (holder.ask("POST", "/fleet-units:import", **sent) for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json) == (202, again.json)
    assert first.headers["Location"] == first.json["links"]["self"]
    where = first.headers["Location"].removeprefix("/api/v1")
    told = holder.get(where)
    assert (told["state"], told["rows"], told["of"]) == ("judging", 0, 11)
    rival = holder.send("/fleet-units:import", data, "text/csv", 202)
    assert rival["links"] == first.json["links"]  # the same file follows the same work
    other.get(where, 404)
    assert working.run_due() == 1
    told = holder.get(where)
    assert (told["state"], told["counts"]["good"], told["rows"]) == ("done", 9, None)
    assert [(one["row"], one["verdict"]) for one in told["problems"]] == [(11, "set_aside")]
    assert holder.ask("POST", "/fleet-units:import", **sent).json == first.json
    assert len(holder.all("/fleet-units")) == 9


def test_old_keys_are_forgotten(caller, world):
    holder = caller(world.holder())
    holder.post("/lots", 201, key="k", title="Un lot")
    assert idempotency.forget_old() == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert idempotency.forget_old() == 1
    holder.post("/lots", 201, key="k", title="Un lot")
    assert counted(Lot) == 2


def test_an_act_tried_again_reads_the_same_body(caller, world, database):
    """The database is busy once, in the middle of a claim: the second try is asked for the same devices."""
    lot = chain.published_lot(
        world.holder(), numbered=0, counted=9, regime="gift", price_kind="free", price_cents=None,
        award_mode="first_come",
    ).reference  # fmt: skip
    actor, refused = caller(world.reuse_actor()), []

    def busy_once(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO claim ") and not refused:
            refused.append(statement)
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(database.engine, "before_cursor_execute", busy_once)
    asked = {"lines": [{"line": 1, "units": 4}], "committed": True}
    made = actor.post(f"/lots/{lot}:claim", 201, **asked)
    event.remove(database.engine, "before_cursor_execute", busy_once)
    assert (len(refused), made["state"], made["awarded"]) == (1, "awarded", 4)
