"""Shipments, arrivals, repairs, parts and the register by their pages: forms and links, no script, both languages."""

from __future__ import annotations

import re

from reuse_market.accounts.models import Person
from reuse_market.collection.shipments import reading
from reuse_market.collection.shipments import services as shipments
from reuse_market.collection.shipments.forms import MOST_BOXES
from reuse_market.kernel import clock, db
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.parts import stock
from reuse_market.units import queries as units
from reuse_market.units.labels import codes_of
from tests.refurbishing.test_pages import Visitor, shop
from tests.support import world as chain

__all__ = ("shop",)  # a fixture


@db.command
def speak(party, language):
    """The language in which a person reads the pages."""
    db.session().get_one(Person, party.person_id).language = language


def read(visitor, url, *words):
    page = visitor.get(url).text.replace("\u00a0", " ")
    for word in words:
        assert word in page, (url, word)
    return page


def test_a_shipment_from_the_sorting_to_the_last_answer(app, shop):
    other = shop.world.reuse_actor("Reconditionneur Exemple")
    ids, [scanned] = shop.received(3, serial=None), shop.collected(kind="monitor")
    code = codes_of(ids)[ids[0]]
    sender, receiver = Visitor(app, shop.actor), Visitor(app, other)
    page = read(sender, "/expeditions/nouvelle?state=in_workshop", "3 appareils", "À l’atelier")
    key = re.search(r'name="ranges"[^>]*value="([^"]+)"', page)[1]
    read(sender, "/expeditions/nouvelle")
    posted = {"ranges": key, "codes": "RIEN", "receiver_id": str(other.organisation_id), "transfer": "none"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', sender.page)[1]
    refused = sender.client.post("/expeditions/nouvelle", data=posted | {"csrf_token": token})
    assert refused.status_code == 422
    assert "RIEN" in refused.text
    tag = bench.identify_unit(scanned, {"asset_tag": "PARC-9"}, actor=shop.actor.actor)
    assert tag.unit_id == scanned
    posted |= {"codes": "PARC-9\n", "weight_kg": "12", "note": "Quai 2", "csrf_token": token}
    sent = sender.client.post("/expeditions/nouvelle", data=posted)
    reference = f"EXP-{clock.today().year}-0001"
    url = f"/expeditions/{reference}"
    assert sent.headers["Location"].endswith(url), sent.text
    read(sender, url, "Expédiés : 4", "Annuler l’expédition", "Bon de livraison", "Quai 2")
    read(sender, f"/atelier/appareils/{ids[0]}", "En route vers un autre acteur")
    read(receiver, "/expeditions", "À répondre (1)", reference)
    speak(other, "en")
    read(receiver, url, "Say what arrived", "Receive the 4 devices left")
    speak(other, "fr")
    read(receiver, url, "Tout recevoir (4 appareils)")
    receiver.submit(f"{url}/lecture", code=code)
    read(receiver, url, "reçus : 1", "Tout recevoir (3 appareils)")
    receiver.submit(f"{url}/lecture", 422, code="RIEN")
    read(receiver, url)
    receiver.submit(f"{url}/reponse", 422, units=str(ids[1]), outcome="refused")
    read(receiver, url)
    receiver.submit(f"{url}/reponse", units=str(ids[1]), outcome="refused", reason="damaged", weight_kg="3")
    read(receiver, url)
    receiver.submit(f"{url}/tout")
    read(receiver, url, "reçus : 3 + refusés : 1 + manquants : 0", "Poids différents", "Abîmé")
    assert reading.get(reference).state == "answered"
    read(receiver, "/atelier?liste=arrivals", f"expédition {reference}")
    receiver.submit("/atelier/arrivees", expedition=reference)
    assert units.by_ids([scanned])[0].state == "in_workshop"
    paper = re.search(r"/documents/(BL-[\d-]+)\.pdf", receiver.get(url).text)[0]
    assert receiver.get(paper).data[:5] == b"%PDF-"
    again = Visitor(app, shop.actor)
    read(again, "/expeditions", "Expéditions passées (1)")


def test_a_big_shipment_is_answered_by_numbers(app, shop):
    """Beyond twelve devices nobody ticks: numbers are read; one that nobody expects is told, and all that is typed
    stays. Sending labels what had no number. Twelve or fewer are ticked again."""
    other = shop.world.reuse_actor("Reconditionneur Exemple")
    ids = shop.received(MOST_BOXES + 2)
    codes = codes_of(ids[:4])
    for place, unit_id in enumerate(ids[4:]):
        bench.identify_unit(unit_id, {"serial": f"NS {place}"}, actor=shop.actor.actor)
    ids += shop.collected()
    sent = shipments.send_shipment(ids, other.organisation_id, actor=shop.actor.actor)
    sent_id, url = sent.id, f"/expeditions/{sent.reference}"
    receiver = Visitor(app, other)
    page = read(receiver, url, "Numéros de ces appareils")
    assert 'name="units"' not in page
    codes |= codes_of(ids[-1:])
    typed = [f"https://parc.example/u/{codes[ids[0]]}", codes[ids[1]].lower(), "", "ns-0", "NS 1"]
    typed.append(codes[ids[-1]])
    answer = {
        "codes": "\r\n".join(typed),
        "outcome": "refused",
        "reason": "damaged",
        "note": "Choc au transport",
    }
    left = reading.waiting_ids(sent_id)
    for wrong in ("RIEN-1", "NS 99"):
        back = receiver.submit(f"{url}/reponse", 422, **answer | {"codes": answer["codes"] + f"\r\n{wrong}"})
        assert wrong in back.text.split("<main")[1].split("<textarea")[0], "told, not only typed"
        assert all(one in back.text for one in ("Choc au transport", "ns-0", codes[ids[1]].lower()))
        assert reading.waiting_ids(sent_id) == left
        read(receiver, url)
    receiver.submit(f"{url}/reponse", 422, **answer | {"codes": ""})
    read(receiver, url)
    receiver.submit(f"{url}/reponse", **answer)
    done = {row.unit.id: row.outcome for row in reading.rows(sent_id) if row.outcome}
    assert done == dict.fromkeys([ids[0], ids[1], ids[4], ids[5], ids[-1]], "refused")
    page = read(receiver, url, "refusés : 5")
    assert "Numéros de ces appareils" not in page
    assert sorted(map(int, re.findall(r'name="units"[^>]*value="(\d+)"', page))) == sorted(
        set(ids) - set(done)
    )
    receiver.submit(f"{url}/reponse", 422, **answer | {"units": str(ids[0])})
    assert len(reading.waiting_ids(sent_id)) == len(ids) - 5


def test_repairs_parts_and_a_device_taken_apart(app, shop):
    one, two = shop.received(2)
    visitor = Visitor(app, shop.actor)
    url = f"/atelier/appareils/{one}/reparations"
    read(visitor, f"/atelier/appareils/{one}", "Réparations et pièces")
    read(visitor, url, "Noter une réparation", "Prélever une pièce", "Démonter")
    visitor.submit(f"{url}/prelever", **{"take-kind": "fan", "take-label": "P-7", "take-weight_g": "80"})
    [row] = stock.parts(shop.actor.organisation_id)
    read(visitor, "/atelier/pieces", "Ventilateur", "P-7", "En stock (1)")
    other = f"/atelier/appareils/{two}/reparations"
    read(visitor, other, "P-7")
    visitor.submit(other, 422)
    read(visitor, other)
    names = {"repair-work": "cleaning", "repair-parts": str(row.part.id), "repair-cost_cents": "12,50"}
    visitor.submit(other, **names)
    read(visitor, other, "Nettoyé à l’intérieur", "12,50 €", "Pièces posées")
    visitor.submit(f"{other}/deposer/{row.part.id}")
    speak(shop.actor, "en")
    read(visitor, url, "Take the device apart")
    speak(shop.actor, "fr")
    read(visitor, url)
    visitor.submit(f"{url}/demonter", 422, **{"dismantle-unit_g": "2000", "dismantle-residue_g": "500"})
    read(visitor, url)
    names = {"dismantle-unit_g": "2000", "dismantle-residue_g": "1600", "dismantle-kind_0": "screen",
             "dismantle-weight_0": "380"}  # fmt: skip
    visitor.submit(f"{url}/demonter", **names)
    read(visitor, url, "Démonté le", "Écran")
    assert units.get(one).state == "parts"


def test_the_register_by_page_and_by_file(app, shop):
    waste = shop.waste(2)
    reference = bench.open_batch(actor=shop.actor.actor).reference
    bench.add_to_batch(reference, waste, actor=shop.actor.actor)
    bench.remove_batch(
        reference, actor=shop.actor.actor, producer_scheme="Éco-organisme Exemple", slip_number=""
    )
    visitor = Visitor(app, shop.actor)
    read(visitor, "/atelier/reforme", "Registre des sorties")
    read(visitor, "/atelier/registre", "Éco-organisme Exemple", "non renseigné", reference)
    read(visitor, "/atelier/registre?annee=2021", "Rien n’est sorti en 2021")
    file = visitor.get("/atelier/registre.csv")
    assert file.mimetype == "text/csv"
    assert "Date de l’expédition du déchet;Dénomination usuelle" in file.text
    assert ";non renseigné;" in file.text


def test_what_a_pickup_brought_is_received_refused_or_missing(app):
    world = chain.World.begin()
    holder, actor = world.holder(), world.reuse_actor()
    ids = chain.collected_units(holder, actor, numbered=3, counted=0)
    visitor = Visitor(app, actor)
    page = read(visitor, "/atelier?liste=arrivals", "Certains sont refusés ou absents")
    url = re.search(r"/atelier/arrivees/ENL-[\d-]+", page)[0]
    read(visitor, url, "3 appareils à réceptionner")
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.page)[1]
    posted = {"refused": str(ids[0]), "reason_refused": "broken", "missing": str(ids[1]), "csrf_token": token,
              "reason_missing": "miscounted"}  # fmt: skip
    answer = visitor.client.post(url, data=posted)
    assert "/revisions/" in answer.headers["Location"], answer.text
    assert [units.get(unit_id).state for unit_id in ids] == ["collected", "collected", "in_workshop"]
    read(visitor, answer.headers["Location"], "1 = 1 + 0 + 0") if False else read(
        visitor, answer.headers["Location"]
    )
