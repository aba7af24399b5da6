"""The pages of a reservation through the real application, as each side sees them."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts.signatures import current_code
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.kernel.actor import VISITOR
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import queries, services
from reuse_market.traceability.verify import verify_chains
from reuse_market.web.filters import date_long
from tests.support.world import PASSWORD, Party, World, ready_units

SignIn = Callable[[Party], FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A client of the application, signed in as this party."""

    def sign(party: Party) -> FlaskClient:
        client = app.test_client()
        origin = {"Origin": "http://localhost"}
        answer = client.post("/connexion", data={"email": party.email, "password": PASSWORD}, headers=origin)
        assert answer.status_code == 302, answer.text
        return client

    return sign


@pytest.fixture
def stock(app: Flask, world: World) -> World:
    """A world behind the application (which connects first) with 24 laptops."""
    ready_units(world.reuse_actor(), 12, serial="SN-1", storage_mb=256_000)
    ready_units(world.reuse_actor(), 12, storage_mb=256_000, stream="lot/LOT-2026-9998")
    return world


@pytest.fixture
def key(stock: World) -> str:
    [group] = catalogue.groups(Filters(), VISITOR)
    return group.key


def words(page: str) -> str:
    """What a page says, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ")).replace("&#39;", "'")


def fields(page: str) -> dict[str, str]:
    """Hidden fields of a page's main form, as the browser would send them."""
    main = html.unescape(page[page.index('<main id="content"') :])
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)) | dict(
        re.findall(r'<input id="once" name="(once)" type="hidden" value="([^"]*)"', main)
    )


def press(client: FlaskClient, page: str, address: str, **typed: object):
    """Send the form of the page at `page` to `address`."""
    return client.post(address, data=fields(client.get(page).text) | typed)


def test_a_buyer_reserves_in_three_pages(stock: World, key: str, sign_in: SignIn) -> None:
    client = sign_in(stock.buyer())
    typed = {"units": "10", "delivery": "deliver", "order_number": "BC-2026-118", "note": "Jeudi <matin>"}
    check = press(client, f"/catalogue/{key}?units=10", f"/catalogue/{key}/reserver", **typed)
    assert check.status_code == 200
    text = words(check.text)
    for said in (
        "10 × Ordinateur portable Exemple Portable 840", "1 500,00 € HT, 1 800,00 € TTC", "BC-2026-118",
        "Livraison par le vendeur", "Jeudi &lt;matin&gt;", "Rien n’est encore réservé",
    ):  # fmt: skip
        assert said in text, said
    assert catalogue.group(key, VISITOR).units == 24  # nothing yet
    sent = fields(check.text)
    back = client.post(f"/catalogue/{key}/reserver", data=sent | {"step": "edit"})
    assert 'value="BC-2026-118"' in back.text  # nothing typed is lost
    assert "Jeudi &lt;matin&gt;" in back.text
    done = client.post(f"/catalogue/{key}/reserver", data=sent | {"step": "reserve"})
    assert done.status_code == 302
    again = client.post(f"/catalogue/{key}/reserver", data=sent | {"step": "reserve"})  # a second click
    assert again.location == done.location
    assert catalogue.group(key, VISITOR).units == 14
    made = queries.find(done.location.split("/")[-2])
    with client.application.test_request_context("/"):
        until = date_long(made.until)
    text = words(client.get(done.location).text)
    for said in ("10 appareils sont réservés pour vous", made.reference, until, "La suite"):
        assert said in text, said
    assert (made.delivery, made.note) == ("deliver", "Jeudi <matin>")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"units": ""}, "Remplissez ce champ"),
        ({"units": "dix"}, "Indiquez un nombre entre 1 et 500"),
        ({"units": "25"}, "Il n’en reste que 24"),
        ({"units": "999"}, "Il n’en reste que 24"),
        ({"units": "1\u202f000\u202f000"}, "Il n’en reste que 24"),
        ({"units": "-999"}, "Indiquez un nombre entre 1 et 500"),
        ({"units": "2", "delivery": "drone"}, "Choisissez une réponse"),
    ],
)
def test_a_wrong_request_comes_back_with_what_was_typed(stock, key, sign_in, typed, said) -> None:
    client = sign_in(stock.buyer())
    sent = {"delivery": "collect", "order_number": "BC-7"} | typed
    page = press(client, f"/catalogue/{key}", f"/catalogue/{key}/reserver", **sent)
    assert page.status_code == 422
    assert said in words(page.text)
    assert 'value="BC-7"' in page.text
    assert "<title>Erreur" in page.text
    if "delivery" not in typed:
        quoted = press(client, f"/catalogue/{key}", f"/catalogue/{key}/devis", **sent)
        assert quoted.status_code == 422
        assert said in words(quoted.text)


def test_the_last_ones_may_go_while_one_checks(stock: World, key: str, sign_in: SignIn) -> None:
    client = sign_in(stock.buyer())
    asked = {"units": "20", "delivery": "collect"}
    sent = fields(press(client, f"/catalogue/{key}", f"/catalogue/{key}/reserver", **asked).text)
    services.place_reservation(key, 10, actor=stock.recipient().actor)
    page = client.post(f"/catalogue/{key}/reserver", data=sent | {"step": "reserve"})
    assert page.status_code == 422
    assert "Il n’en reste que 14" in words(page.text)
    services.place_reservation(key, 14, actor=stock.recipient().actor)
    page = client.post(f"/catalogue/{key}/reserver", data=sent | {"step": "reserve"}, follow_redirects=True)
    assert page.status_code == 404
    assert "ne sont plus disponibles" in page.text


def test_who_cannot_reserve_is_told_what_to_do(stock: World, key: str, sign_in: SignIn) -> None:
    address = f"/catalogue/{key}"
    assert "Ces appareils sont à vous" in sign_in(stock.reuse_actor()).get(address).text
    holder = sign_in(stock.holder())
    assert "Les acheteurs et les associations réservent ici" in words(holder.get(address).text)
    assert 'name="units"' not in holder.get(address).text
    token = fields(holder.get("/compte").text)
    assert (
        holder.post(f"{address}/reserver", data=token | {"units": "1", "step": "reserve"}).status_code == 403
    )


def _confirmed(world: World, key: str, units: int = 2, **details: object) -> str:
    reference = services.place_reservation(key, units, actor=world.buyer().actor, **details).reference
    services.confirm_reservation(reference, actor=world.reuse_actor().actor)
    return reference


def test_the_seller_confirms_prepares_and_hands_over_by_code(stock: World, key: str, sign_in: SignIn) -> None:
    reference = services.place_reservation(key, 13, actor=stock.buyer().actor).reference
    page, seller = f"/reservations/{reference}", sign_in(stock.reuse_actor())
    assert "attend votre réponse" in words(seller.get(page).text)
    for verb in ("confirmer", "preparer"):
        assert press(seller, page, f"{page}/{verb}").status_code == 302
    code = current_code(f"reservation/{reference}").code
    shown = seller.get(page).text
    assert f">{code}<" not in shown  # the seller never sees the code
    assert f'"big-code">{code}<' in sign_in(stock.buyer()).get(page).text
    check = seller.get(f"{page}/remise").text
    assert "Acheteur Exemple déclare avoir reçu ces 13 appareils" in words(check)
    wrong = "0000" if code != "0000" else "1111"
    answer = press(seller, f"{page}/remise", f"{page}/remise", name="Camille Exemple", code=wrong)
    assert answer.status_code == 422
    assert "Essais restants : 4" in words(answer.text)
    assert 'value="Camille Exemple"' in answer.text
    assert "<title>Erreur" in answer.text
    spaced = f"{code[:2]} {code[2:]}"
    assert (
        press(seller, f"{page}/remise", f"{page}/remise", name="Camille Exemple", code=spaced).status_code
        == 302
    )
    text = words(seller.get(page).text)
    assert "Acheteur Exemple a reçu ces appareils le" in text
    assert "Bon de remise signé REM-" in text
    assert seller.get(f"{page}/remise").status_code == 409
    db.release()
    assert reconcile() == []
    assert verify_chains() == []


def test_five_wrong_codes_then_a_new_one(stock: World, key: str, sign_in: SignIn) -> None:
    reference = _confirmed(stock, key)
    page, seller, buyer = f"/reservations/{reference}", sign_in(stock.reuse_actor()), sign_in(stock.buyer())
    code = current_code(f"reservation/{reference}").code
    wrong = "0000" if code != "0000" else "1111"
    answers = [
        press(seller, f"{page}/remise", f"{page}/remise", name="Camille Exemple", code=wrong).status_code
        for _ in range(5)
    ]
    assert answers == [422, 422, 422, 422, 409]
    assert "Le code ne marche plus" in buyer.get(page).text
    assert press(buyer, page, f"{page}/code").status_code == 302
    assert "big-code" in buyer.get(page).text


def test_the_beneficiary_signs_what_it_checked(stock: World, key: str, sign_in: SignIn) -> None:
    reference = _confirmed(stock, key, 3)
    page, buyer = f"/reservations/{reference}", sign_in(stock.buyer())
    check = buyer.get(f"{page}/reception").text
    assert "J’ai reçu ces 3 appareils" in check
    assert f'value="{stock.buyer().actor.person_name}"' in check
    without = press(buyer, f"{page}/reception", f"{page}/reception", name="Camille Exemple")
    assert without.status_code == 422
    assert "Cochez la case" in without.text
    assert 'value="Camille Exemple"' in without.text
    done = press(buyer, f"{page}/reception", f"{page}/reception", name="Camille Exemple", received="y")
    assert done.status_code == 302
    assert "ils sont à vous" in buyer.get(page).text
    assert press(buyer, "/compte", f"{page}/liberer").status_code == 409


def test_release_asks_why_and_tells(stock: World, key: str, sign_in: SignIn) -> None:
    reference = _confirmed(stock, key)
    page, seller = f"/reservations/{reference}", sign_in(stock.reuse_actor())
    refused = press(seller, f"{page}/liberer", f"{page}/liberer", reason=" ")
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.text
    assert press(seller, f"{page}/liberer", f"{page}/liberer", reason="Écran fissuré").status_code == 302
    text = sign_in(stock.buyer()).get(page).text
    assert "Écran fissuré" in text
    assert "big-code" not in text
    for paper in ("bon.pdf", "imprimer"):
        assert seller.get(f"{page}/{paper}").status_code == 404
    assert catalogue.group(key, VISITOR).units == 24


def test_a_reservation_does_not_exist_for_the_others(stock: World, key: str, sign_in: SignIn) -> None:
    reference = _confirmed(stock, key)
    pages = ["", "/bon.pdf", "/imprimer", "/liberer", "/envoyee", "/reception"]
    other = sign_in(stock.buyer("Autre Exemple"))
    for end in pages:
        assert other.get(f"/reservations/{reference}{end}").status_code == 404, end
        assert other.get(f"/reservations/RES-2026-9999{end}").status_code == 404, end
    assert (
        sign_in(stock.reuse_actor("Ressourcerie Exemple"))
        .get(f"/reservations/{reference}/remise")
        .status_code
        == 404
    )
    operator = sign_in(stock.operator())
    shown = operator.get(f"/reservations/{reference}")
    assert shown.status_code == 200
    assert "big-code" not in shown.text
    assert f"/reservations/{reference}/liberer" not in shown.text
    assert "Réservations" in other.get("/reservations").text


def test_the_list_speaks_to_each_side(stock: World, key: str, sign_in: SignIn) -> None:
    running = _confirmed(stock, key, 1)
    ended = services.place_reservation(key, 1, actor=stock.buyer().actor).reference
    services.release_reservation(ended, actor=stock.buyer().actor)
    buyer, seller = sign_in(stock.buyer()), sign_in(stock.reuse_actor())
    assert "Atelier Exemple a confirmé et prépare votre réservation" in words(buyer.get("/reservations").text)
    assert "Préparez cet appareil pour Acheteur Exemple" in words(seller.get("/reservations").text)
    for client in (buyer, seller):
        first, second = client.get("/reservations").text, client.get("/reservations?onglet=terminees").text
        assert running in first
        assert ended not in first
        assert ended in second
        assert running not in second
        assert "En cours (1)" in first
        assert "Terminées (1)" in first


@pytest.mark.parametrize("signed", [False, True])
def test_the_slip_says_what_the_page_says(
    stock: World, key: str, sign_in: SignIn, signed: bool, tmp_path: Path
) -> None:
    reference = _confirmed(stock, key, 13, order_number="BC-2026-118")
    if signed:
        services.sign_as_beneficiary(reference, actor=stock.buyer().actor, name="Camille Exemple")
    buyer = sign_in(stock.buyer())
    answer = buyer.get(f"/reservations/{reference}/bon.pdf")
    assert answer.mimetype == "application/pdf"
    assert len(answer.data) < 150_000
    paper = _text_of(answer.data, tmp_path)
    page = words(buyer.get(f"/reservations/{reference}").text)
    printed = words(buyer.get(f"/reservations/{reference}/imprimer").text)
    facts = ["Atelier Exemple", "Acheteur Exemple", reference, "BC-2026-118", "2 340,00 €",
             "TVA 20 % comprise", "38000 Grenoble",
             "12 mois, jusqu’au" if signed else "12 mois à partir de la remise"]  # fmt: skip
    facts += [f"{unit.code[:3]} {unit.code[3:]}" for unit in queries.held_units(reference)]
    assert len(facts) == 8 + 13
    for said in facts:
        assert said in page, said
        assert said in printed, said
        assert said in paper, said
    for place in (page, paper, printed):
        assert ("Camille Exemple" in place) is signed


def _text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip(
            "NO POPPLER: pdftotext (Debian package poppler-utils) is absent, papers are not read back"
        )
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True)
    return re.sub(r"\s+", " ", read.stdout.decode())


def test_a_reservation_page_reads_in_a_constant_number_of_statements(
    database: db.Database, stock: World, key: str, sign_in: SignIn
) -> None:
    from sqlalchemy import event

    small, large = _confirmed(stock, key, 1), _confirmed(stock, key, 20)
    buyer = sign_in(stock.buyer())
    said: list[str] = []
    engine = db.database().engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    counts = []
    for reference in (small, large):
        said.clear()
        assert buyer.get(f"/reservations/{reference}").status_code == 200
        counts.append(sum(s.startswith("SELECT") for s in said))
    assert counts[0] == counts[1] <= 36  # six of them: returns, kit, transport, guarantee
