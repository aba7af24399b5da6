"""Nothing that cannot be done is offered: on its way elsewhere, said not arrived, locked, waiting for a second look."""

from __future__ import annotations

import re

import pytest

from reuse_market.collection.shipments import services as shipments
from reuse_market.erasure import words as erasure_words
from reuse_market.kernel import clock, db
from reuse_market.lots import second_look
from reuse_market.refurbishing import lists, queries, words
from reuse_market.refurbishing.services.intake import receive_units
from reuse_market.units import queries as units
from reuse_market.units.labels import codes_of
from reuse_market.units.models import Unit
from tests.refurbishing.test_pages import Visitor, shop
from tests.support import world as chain
from tests.support.workshop import make_lot

__all__ = ("shop",)  # a fixture
LINE = "/atelier/series/LOT-2026-0001/1"
# reasons → the words of the bench's list, in the order of the work
SAID = [
    (["certificate.missing", "test.missing"], ["Tests", "Erasure"]),
    (["test.fault", "check.sample"], ["Fault", "Second check"]),
    (["test.locked", "media.not-counted"], ["Erasure"]),
    (["unit.under-repair"], ["Belongs to somebody else"]), (["unit.not-owned"], ["Belongs to somebody else"]),
    (["check.refused", "unit.not-countersigned"], ["Erasure", "Counter-signature"]), ([], ["Grade and price"]),
]  # fmt: skip


def test_a_list_says_what_is_missing_in_the_order_of_the_work():
    for codes, said in SAID:
        assert words.short([queries.Reason(code, "") for code in codes]) == said, codes


def ticked(page):
    return {int(one) for one in re.findall(r'id="unit-(\d+)" value="\d+" checked', page)}


def test_identical_devices_are_those_that_wait_for_the_same_thing(app, shop):
    tested, locked, sent, *plain = shop.received(5)
    shop.tested([tested])
    shop.tested([locked], {"lock_mdm": "fault"})
    other = shop.world.reuse_actor("Reconditionneur Exemple")
    shipments.send_shipment([sent], other.organisation_id, actor=shop.actor.actor)
    page = Visitor(app, shop.actor).get(LINE).text
    assert f'id="unit-{sent}"' not in page
    assert ticked(page) == set(plain)
    shop.tested(plain)
    visitor = Visitor(app, shop.actor)
    assert ticked(visitor.get(LINE).text) == {tested, *plain}  # all wait for their erasure but the locked one
    assert "Une fois libéré par son détenteur" in visitor.get(f"/atelier/appareils/{locked}").text
    assert f"EXP-{clock.today().year}-0001" in visitor.get("/atelier").text
    page = visitor.get(f"/atelier/appareils/{sent}").text
    assert "Pas encore prêt" not in page
    for act in ("tests", "supports", "identite", "dechet", "perdu", "pieces"):
        assert f'action="/atelier/appareils/{sent}/{act}"' not in page, act


def test_an_erasure_that_waits_for_a_second_look_is_not_refused(app, shop):
    make_lot(shop.holder, "LOT-2026-0002", "purge")
    second_look.ask_second_look("LOT-2026-0002", "unit", None, actor=shop.holder.actor)
    [unit_id] = shop.received(1, lot="LOT-2026-0002")
    shop.erased(unit_id)
    case = queries.case(unit_id)
    assert {reason.code for reason in case.gate.missing} <= erasure_words.TO_CHECK
    assert words.erasure_state(case) == ("To be checked by another person", "wait")
    page = Visitor(app, shop.actor).get(f"/atelier/appareils/{unit_id}").text
    assert page.count('href="/effacements/controles"') == 2  # in what is missing, and beside the medium
    assert "/attestation" not in page  # another certificate is recorded on a page of its own


@pytest.fixture
def pallet(app):
    """Fifteen devices signed for by the driver, in the hands of the workshop: (workshop, ids, codes)."""
    world = chain.World.begin()
    holder, actor = world.holder(), world.reuse_actor()
    ids = chain.collected_units(holder, actor, numbered=15, counted=0)
    return actor, ids


def test_a_big_arrival_is_answered_by_numbers_and_what_did_not_come_is_not_taken_in(app, pallet):
    actor, ids = pallet
    visitor = Visitor(app, actor)
    url = re.search(r"/atelier/arrivees/ENL-[\d-]+", visitor.get("/atelier?liste=arrivals").text)[0]
    page = visitor.get(url).text
    assert 'name="refused_numbers"' in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    with db.scope():
        numbers = {one.id: codes_of([one.id]).get(one.id) or one.serial for one in units.by_ids(ids)}
    boxes = page.count('name="refused"')
    assert boxes == sum(1 for number in numbers.values() if not number)

    def send(refused, missing):
        return visitor.client.post(url, data={
            "refused_numbers": refused, "missing_numbers": missing, "reason_refused": "broken",
            "reason_missing": "miscounted", "csrf_token": token,
        })  # fmt: skip

    first, second = numbers[ids[0]], numbers[ids[1]]
    for refused, missing in (("RIEN", ""), (first, f"{second}\n{first.lower()}")):
        answer = send(refused, missing)
        assert answer.status_code == 422, answer.text
    assert "est refusé ou manquant, pas les deux" in answer.text
    answer = send(first, f"\n {second.lower()} \n")
    assert "/revisions/" in answer.headers["Location"], answer.text
    with db.scope():
        states = [one.state for one in units.by_ids(ids)]
        assert states == ["collected", "collected", *["in_workshop"] * 13]
        assert lists.arrivals(actor.organisation_id) == []
    page = visitor.get("/atelier?liste=arrivals").text
    assert "2 appareils sont dits refusés ou manquants" in page
    assert "Tout réceptionner" not in page


def test_a_number_that_two_devices_bear_names_none_and_numbers_typed_before_some_left_still_count(
    app, pallet
):
    actor, ids = pallet
    first, second, alone = ids[:3]

    @db.command
    def tag():
        for unit_id in (first, second):
            db.lock(Unit, Unit.id == unit_id).asset_tag = "LOT 7"

    tag()
    db.release()
    visitor = Visitor(app, actor)
    url = re.search(r"/atelier/arrivees/ENL-[\d-]+", visitor.get("/atelier?liste=arrivals").text)[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(url).text)[1]

    def send(refused):
        return visitor.client.post(url, data={
            "refused_numbers": refused, "reason_refused": "broken", "reason_missing": "miscounted", "csrf_token": token,
        })  # fmt: skip

    answer = send("lot-7")
    assert answer.status_code == 422
    assert "Plusieurs appareils portent le numéro lot-7" in answer.text
    receive_units(ids[3:8], actor=actor.actor)
    number = codes_of([alone])[alone]
    db.release()
    answer = send(number)  # the page had no boxes when it was opened; ten devices are left now
    assert "/revisions/" in answer.headers.get("Location", ""), answer.status_code
    with db.scope():
        assert units.by_ids([alone])[0].state == "collected"
