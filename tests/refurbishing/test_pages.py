"""The pages of the bench, walked as a technician does: forms, scanner, no script."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest

from reuse_market.kernel import db
from reuse_market.refurbishing import queries
from reuse_market.units import queries as units
from tests.support.workshop import Workshop
from tests.support.world import PASSWORD, World, collected_units


@pytest.fixture
def shop(app):
    return Workshop(World.begin())


class Visitor:
    """A signed-in browser without scripts: reads pages, fills forms with what they hold."""

    def __init__(self, app, party):
        self.client = app.test_client()
        answer = self.client.post(
            "/connexion",
            data={"email": party.email, "password": PASSWORD},
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code == 302, answer.text

    def get(self, url, status=200):
        answer = self.client.get(url)
        assert answer.status_code == status, (url, answer.status_code)
        self.page = answer.text if answer.mimetype == "text/html" else ""
        return answer

    def submit(self, action, status=302, **values):
        """Post the form of the page just read whose action ends with `action`, its values as shown."""
        form = next(f for f in re.findall(r"<form.*?</form>", self.page, re.S) if f'action="{action}"' in f)
        fields = _shown(form) | values
        answer = self.client.post(action, data={k: v for k, v in fields.items() if v is not None})
        assert answer.status_code == status, (action, answer.status_code, _errors(answer.text))
        self.page = answer.text
        return answer


def _shown(form):
    """Names and values of a form's controls as the browser would send them."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = _attribute(tag, "name"), _attribute(tag, "value") or ""
        kind = _attribute(tag, "type")
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        if name and kind != "file":
            sent[name] = value or ("y" if kind == "checkbox" else "")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner) or re.search(r'value="([^"]*)"', inner)
        sent[name] = chosen[1]
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = inner.strip()
    return sent


def _attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else None


def _errors(page):
    return re.findall(r'class="(?:field-error|error-summary).*?</(?:p|div)>', page, re.S)


def state(unit_id):
    with db.scope():
        return units.get(unit_id).state


def test_a_sound_laptop_from_the_scanner_to_its_label(app, shop):
    # Five buttons and one file: take in, test, count, certificate, ready.
    [unit_id] = shop.collected(pickup="ENL-2026-0001", serial="EX 001", asset_tag="INV-9")
    visitor = Visitor(app, shop.actor)
    visitor.get("/atelier")
    assert "ENL-2026-0001" in visitor.page
    assert re.search(r'<input[^>]*autofocus[^>]*name="code"', visitor.page)
    visitor.submit("/atelier/arrivees")
    assert state(unit_id) == "in_workshop"
    with db.scope():
        label = queries.case(unit_id).code
    # As typed; as a scanner reads the maker's barcode and the label's QR, on an American keyboard too.
    french = str.maketrans("1234567890AQZWM/:", "&é\"'(-è_çàQAWZ?!M")
    for typed in (
        "ex001",
        "inv-9",
        "SEX001",
        "]C1EX001",
        f"https://exemple.fr/u/{label}",
        label.translate(french),
    ):
        assert visitor.get(f"/atelier?code={quote(typed)}", 302).location == f"/atelier/appareils/{unit_id}"
    unit = f"/atelier/appareils/{unit_id}"
    visitor.get(unit)
    assert "Prêt" not in visitor.page
    visitor.submit(f"{unit}/tests", **{"test-battery_percent": "88"})
    visitor.get(unit)
    visitor.submit(f"{unit}/supports")
    visitor.get(unit)
    certificate = re.search(r'action="(/atelier/supports/\d+/attestation)"', visitor.page)[1]
    prefix = re.search(r'name="(medium\d+)-tool"', visitor.page)[1]
    report = (io.BytesIO(b"%PDF-1.4 rapport"), "rapport.pdf")
    visitor.submit(certificate, **{f"{prefix}-tool": "Outil Exemple", f"{prefix}-file": report})
    visitor.get(unit)
    visitor.submit(f"{unit}/pret", **{"ready-cosmetic_grade": "B", "ready-price_cents": "120,50"})
    assert state(unit_id) == "ready"
    visitor.get(unit)
    assert "autofocus" in visitor.page
    with db.scope():
        case = queries.case(unit_id)
        assert (case.offer.price_cents, case.offer.battery_percent, case.gate.passed) == (12050, 88, True)
        code = case.code
    assert visitor.get(f"/atelier?code={code.lower()}", 302).location == unit
    assert code[:3] in visitor.get(f"{unit}/etiquette").text
    assert visitor.get(f"{unit}/etiquette.pdf").data.startswith(b"%PDF")
    assert visitor.get("/atelier/etiquettes.pdf?liste=ready").data.startswith(b"%PDF")
    link = re.search(r'href="(/atelier/attestations/\d+/rapport)"', visitor.client.get(unit).text)[1]
    assert visitor.get(link).data == b"%PDF-1.4 rapport"


def test_a_real_pickup_reaches_the_bench_and_the_lots_page(app):
    world = World.begin()
    holder, actor = world.holder(), world.reuse_actor()
    ids = collected_units(holder, actor, numbered=3, counted=2)
    with db.scope():
        lot = queries.case(ids[0]).lot_reference
    visitor = Visitor(app, actor)
    assert "ENL-" in visitor.get("/atelier?liste=arrivals").text
    visitor.submit("/atelier/arrivees")
    assert {state(i) for i in ids} == {"in_workshop"}
    seen = {
        "holder": holder, "actor": actor, "operator": world.operator(),
        "other": world.reuse_actor("Autre Atelier"), "buyer": world.buyer(),
    }  # fmt: skip
    shown = {}
    for who, party in seen.items():
        answer = Visitor(app, party).client.get(f"/lots/{lot}")
        shown[who] = answer.status_code == 200 and "en test et en effacement" in answer.text
    assert shown == {"holder": True, "actor": True, "operator": True, "other": False, "buyer": False}


def test_wrong_input_keeps_what_was_typed(app, shop):
    [unit_id] = shop.received()
    visitor = Visitor(app, shop.actor)
    unit = f"/atelier/appareils/{unit_id}"
    visitor.get(unit)
    visitor.submit(f"{unit}/tests", 422, **{"test-wifi": "fault", "test-note": "Bruit à l’ouverture"})
    assert "Bruit à l’ouverture" in visitor.page
    assert re.search(r'name="test-wifi".*?<option selected value="fault"', visitor.page, re.S)
    assert "Erreur" in visitor.page
    visitor.get(unit)
    visitor.submit(f"{unit}/materiel", 422)  # no file: its own block says so
    assert "Choisissez un fichier." in visitor.page
    visitor.get(unit)
    visitor.submit(f"{unit}/supports", 422, **{"count-media": "deux", "count-serials": "S-1"})
    assert 'value="deux"' in visitor.page
    assert "S-1" in visitor.page
    visitor.submit(f"{unit}/dechet", 422, **{"waste-note": "Carte mère grillée"})
    assert "Carte mère grillée" in visitor.page
    assert state(unit_id) == "in_workshop"


def test_a_gate_not_met_is_said_and_refused(app, shop):
    [unit_id] = shop.received()
    visitor = Visitor(app, shop.actor)
    unit = f"/atelier/appareils/{unit_id}"
    page = visitor.get(unit).text
    assert "Comptez les supports de stockage" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = visitor.client.post(
        f"{unit}/pret",
        data={"csrf_token": token, "ready-cosmetic_grade": "A", "ready-price_cents": "10",
              "ready-vat_scheme": "standard", "ready-warranty_months": "12", "ready-open_to": "all"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert "Testez l’appareil" in answer.text
    assert "Comptez les supports de stockage" in answer.text
    assert state(unit_id) == "in_workshop"


@pytest.mark.parametrize("who", ["holder", "buyer", "operator", "other"])
def test_the_bench_is_the_workshops_own(app, shop, who):
    """The visitor asserts each status."""
    [unit_id] = shop.received()
    party = {
        "holder": shop.world.holder, "buyer": shop.world.buyer, "operator": shop.world.operator,
        "other": lambda: shop.world.reuse_actor("Autre Atelier"),
    }[who]()  # fmt: skip
    visitor = Visitor(app, party)
    expected = 404 if who == "other" else 403
    visitor.get(f"/atelier/appareils/{unit_id}", expected)
    visitor.get(f"/atelier/appareils/{unit_id}/etiquette", expected)
    visitor.get("/atelier", 200 if who == "other" else 403)


def test_an_unknown_code_stays_in_the_field(app, shop):
    visitor = Visitor(app, shop.actor)
    page = visitor.get("/atelier?code=ZZZ-404", 404).text
    assert 'value="ZZZ-404"' in page


def test_screens_of_one_line_in_one_go(app, shop):
    ids = shop.received(4, "monitor")
    visitor = Visitor(app, shop.actor)
    assert "/atelier/series/LOT-2026-0001/1" in visitor.get("/atelier").text
    address = "/atelier/series/LOT-2026-0001/1"
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(address).text)[1]
    chosen = [str(i) for i in ids[:3]]
    base = {"csrf_token": token, "units": chosen, "none-seen_how": "model"}
    tests = {
        f"test-{code}": "ok"
        for code in ("power_on", "image", "backlight", "inputs", "buttons", "stand", "power_lead")
    }
    ready = {"ready-cosmetic_grade": "B", "ready-price_cents": "0", "ready-vat_scheme": "exempt",
             "ready-warranty_months": "6", "ready-open_to": "recipients"}  # fmt: skip
    refused = visitor.client.post(address, data={**base, **ready, "do": "ready"})
    assert refused.status_code == 409
    assert 'value="6"' in refused.text
    for values in ({**tests, "do": "test"}, {"do": "no-media"}, {**ready, "do": "ready"}):
        assert visitor.client.post(address, data={**base, **values}).status_code == 302
    assert [state(i) for i in ids] == ["ready", "ready", "ready", "in_workshop"]
    empty = visitor.client.post(address, data={**base, "units": [], **tests, "do": "test"})
    assert empty.status_code == 422


def test_waste_from_diagnosis_to_removal(app, shop):
    [unit_id, other] = shop.received(2, "monitor")
    visitor = Visitor(app, shop.actor)
    unit = f"/atelier/appareils/{unit_id}"
    for one in (unit, f"/atelier/appareils/{other}"):
        visitor.get(one)
        visitor.submit(f"{one}/dechet", **{"waste-sure": "y", "waste-weight_g": "5730"})
    page = visitor.get("/atelier/reforme").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = {"csrf_token": token, "units": [str(unit_id), str(other)], "batch": ""}
    address = visitor.client.post("/atelier/reforme", data=data).location
    visitor.get(address)
    assert "11,5" in visitor.page
    visitor.submit(f"{address}/depart", 422, slip_number="BSD-1")
    assert 'value="BSD-1"' in visitor.page
    visitor.get(address)
    visitor.submit(f"{address}/retrait/{other}")
    visitor.get(address)
    visitor.submit(f"{address}/depart", producer_scheme="Éco-organisme Exemple", weight_kg="6")
    assert (state(unit_id), state(other)) == ("recycled", "waste")
    assert "L’enlèvement est enregistré" in visitor.get(address).text


def test_pages_read_a_constant_number_of_statements(app, shop, statements):
    shop.received(3)
    visitor = Visitor(app, shop.actor)
    counts = []
    for more in (0, 12):
        if more:
            shop.sound(more)
        visitor.get("/atelier?liste=workshop")
        with statements() as told:
            visitor.get("/atelier?liste=workshop")
        counts.append(len(told))
    assert counts[0] == counts[1], counts
