"""The ledger on screen and by program: R5's path in one page, two fields, one click; operator, API, refusals."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.accounts.models import Organisation
from reuse_market.kernel import clock, db
from reuse_market.notices.models import Message
from reuse_market.obligations.agec import declaration
from reuse_market.obligations.agec.agec_models import AgecEntry
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.obligations.test_agec_files import JOURNAL
from tests.reservations.test_invoices import sold
from tests.support.world import Party, World, ready_units

YEAR = 2026
SIRET = "13002526500013"


@pytest.fixture(autouse=True)
def _in_the_year() -> Iterator[None]:
    """A day of a year whose target is 20 %: what is missing is written literally."""
    with clock.frozen(clock.at_paris(date(YEAR, 11, 20), 12)):
        yield


@db.command
def give_siret(party: Party) -> None:
    db.session().get_one(Organisation, party.organisation_id).siret = SIRET


def wide_file(desk: Visitor) -> None:
    """A journal of 18 columns: what is found says so and opens when asked; the page stays in its budget."""
    desk.open("/suivi-agec/fichier").press(
        "Lire le fichier", file=(io.BytesIO(JOURNAL.encode()), "journal.txt")
    )
    assert len(desk.tree.xpath("//*")) <= 380
    assert len(desk.tree.xpath("//option")) <= 150
    [first] = desk.tree.xpath("//form[.//button[@name='open']]")
    assert not first.xpath(".//button")[0].get("name"), "the key Enter checks, it does not open a list"
    assert not desk.tree.xpath("//select[@name='comment']")
    desk.press("Modifier Commentaire")
    assert desk.tree.xpath("//select[@name='comment']/option[@selected]/text()") == ["EcritureLib"]
    desk.press("Vérifier avec ces colonnes", comment="5")
    assert "Commentaire : CompteLib" in desk.text.replace("\u00a0", " ")


def test_the_pages(app: Flask) -> None:
    """One pass: bought, invoiced, confirmed; then the year in two figures and the file, in one click."""
    with db.scope():
        world = World.begin()
        town, seller = world.public_holder(), world.reuse_actor()
        give_siret(town)
        reference = sold(world, 2)
        ready_units(seller, 4)
        company, operator = world.buyer(), world.operator()
    shop = (
        Visitor(app.test_client(), seller).open(f"/reservations/{reference}").follow("Enregistrer la facture")
    )
    shop.press("Enregistrer la facture", 422, number="", net_cents="abc")
    shop.press("Enregistrer la facture", number="F-77", net_cents="300,00")
    assert "Facture" in shop.text
    desk = Visitor(app.test_client(), town).open(f"/reservations/{reference}").follow("Signaler une erreur")
    desk.press("Envoyer au vendeur", reason="Le montant est faux")
    assert "Le montant est faux" in desk.text
    shop.open(f"/reservations/{reference}").follow("Corriger la facture").press(
        "Enregistrer la facture", number="F-78"
    )
    desk.open(f"/reservations/{reference}").press("Confirmer la facture")
    desk.open("/suivi-agec")
    assert f"En {YEAR} : indiquez le total dépensé pour connaître votre taux." in desk.text
    # 2 fields, 1 click: the file itself is the answer
    desk.press("Enregistrer et télécharger la déclaration", total_cents="15 000", reused_cents="1 800")
    [row] = declaration.read(desk.page.text)
    assert (row.total_cents, row.reused_cents, row.siret) == (1_500_000, 210_000, SIRET)
    desk.open(f"/suivi-agec?annee={YEAR}")
    assert f"En {YEAR} : 14 % sur 20 % demandés. Il manque 900,00 € d’achats réemployés." in desk.text
    assert "pas encore assez" in desk.text  # 4 × 150 € are ready: not 900 €
    desk.press("Enregistrer les chiffres", 422, total_cents="12", reused_cents="")
    shop.open(f"/reservations/{reference}").follow("Enregistrer un avoir")
    shop.press("Enregistrer l’avoir", number="A-1", units="1", net_cents="150,00")
    desk.open("/suivi-agec").follow("Ajouter une ligne").press("Enregistrer la ligne", 422, amount_cents="")
    desk.press(
        "Enregistrer la ligne", amount_cents="1 000,00", year=str(YEAR), supplier="Fournisseur Exemple"
    )
    desk.follow("Ligne 1").press("Enregistrer la ligne", 422, amount_cents="-2 000,50", reused_cents="10,00")
    desk.press("Enregistrer la ligne", amount_cents="-2 000,50", reused_cents="-10,00")  # a credit note
    desk.follow("Ligne 1")
    assert 'value="-2000,50"' in desk.page.text, "typed back as it was kept"
    desk.press("Enregistrer la ligne", amount_cents="2 000,00", reused_cents="")
    desk.press("Annuler le dernier changement").follow("Ligne 1").press("Retirer la ligne")
    desk.press("Annuler le dernier changement")
    desk.follow("Lire un fichier de votre logiciel comptable").press("Lire le fichier", 422)
    data = f"Date;Montant HT;Réemploi\n02/01/{YEAR};10,00;oui\n02/13/{YEAR};abc;\n".encode("cp1252")
    desk.press("Lire le fichier", file=(io.BytesIO(data), "grand-livre.csv"))
    desk.press("Vérifier avec ces colonnes", 422, amount_cents="")
    desk.press("Vérifier avec ces colonnes", amount_cents="1", category_all="paper")
    assert "1 ligne est à corriger" in desk.text
    wrong = desk.url + "/a-corriger.csv"
    assert "Ce n’est pas" in desk.client.get(wrong).text
    desk.press("Faire entrer 1 ligne")
    assert "Papier" in desk.text
    assert "Papier" in desk.open(f"/suivi-agec/imprimer?annee={YEAR}").text
    assert desk.client.get(f"/suivi-agec/lignes.csv?annee={YEAR}").text.count("\n") == 4
    wide_file(desk)
    other = Visitor(app.test_client(), company).open("/suivi-agec")
    assert "encouragé seulement" in other.text
    other.open(f"/suivi-agec?organisme={town.organisation_id}", 404)
    other.open("/suivi-agec/lignes/1", 404)
    seen = Visitor(app.test_client(), operator).open("/suivi-agec/organismes").follow("Commune Exemple")
    assert "Commune Exemple" in seen.text
    assert "Enregistrer les chiffres" not in seen.text
    db.release()
    kinds = sa.select(Message.template).where(Message.template.like("invoice_%")).order_by(Message.id)
    assert list(db.session().scalars(kinds)) == [
        "invoice_recorded", "invoice_disputed", "invoice_recorded", "invoice_confirmed", "invoice_credited",
    ]  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_program_says_the_same(app: Flask) -> None:
    with db.scope():
        world = World.begin()
        town, company, operator = world.public_holder(), world.buyer(), world.operator()
        seller = world.reuse_actor()
        give_siret(town)
        reference = sold(world, 2)
        parties = (town, company, operator, seller)
        made = [tokens.make_token(p.person_id, p.organisation_id, ["write"])[1] for p in parties]
    buys, other, sees, sells = (
        Caller(app, party, secret) for party, secret in zip(parties, made, strict=True)
    )
    assert "record-invoice" in sells.get(f"/reservations/{reference}")["actions"]
    told = sells.post(f"/reservations/{reference}:record-invoice", number="F-1")
    assert (told["net_cents"], told["vat_cents"], told["state"], told["actions"]) == (
        30_000, 6_000, "recorded", ["record-invoice", "credit-invoice"],
    )  # fmt: skip
    assert buys.post(f"/reservations/{reference}:dispute-invoice", reason="Date")["state"] == "disputed"
    sells.post(f"/reservations/{reference}:record-invoice", number="F-2", net_cents=28_000)
    assert (
        buys.post(f"/reservations/{reference}:confirm-invoice")["confirmed_on"] == clock.today().isoformat()
    )
    credited = sells.post(f"/reservations/{reference}:credit-invoice", number="A-1", units=1, net_cents=8_000)
    assert [one["net_cents"] for one in credited["credits"]] == [8_000]
    [line] = buys.get("/agec-ledger")["here"]
    assert (line["counts"], line["net_cents"], line["reservation"]) == (True, 20_000, reference)
    assert buys.get("/agec-ledger")["faults"] != []
    assert buys.ask("GET", "/agec-ledger/declaration").status_code == 422
    year = buys.post("/agec-ledger:set-totals", year=YEAR, total_cents=100_000, reused_cents=0)
    [one] = year["categories"]
    assert (one["rate_per_mille"], one["target_per_mille"], one["missing_cents"]) == (200, 200, 0)
    text = buys.ask("GET", f"/agec-ledger/declaration?year={YEAR}").text
    assert text.splitlines()[1].startswith(
        f"{YEAR},{SIRET},Commune Exemple,Matériel informatique et téléphonie,1000.00,200.00,"
    )
    entry = buys.post("/agec-ledger:add-entry", 201, category="paper", year=YEAR, amount_cents=500)
    at = f"/agec-ledger/entries/{entry['id']}"
    assert buys.post(f"{at}:change", amount_cents=700)["actions"] == ["restore", "change", "remove"]
    assert buys.post(f"{at}:remove")["removed"] is True
    assert buys.post(f"{at}:restore")["amount_cents"] == 700
    assert buys.post(f"{at}:change", amount_cents=-700)["amount_cents"] == -700, "a credit note"
    assert buys.post(f"{at}:restore")["amount_cents"] == 700
    buys.post(f"{at}:change", 422, gift_cents=-1)
    assert [row["id"] for row in buys.get("/agec-ledger/entries")["items"]] == [entry["id"]]
    file = f"Jour;Somme;Tiers\n02/01/{YEAR};10,00;Papeterie Exemple\n02/13/{YEAR};abc;\n".encode("cp1252")
    where = "/agec-ledger:import?day=Jour&amount_cents=Somme&category_all=paper"
    assert buys.send("/agec-ledger:import", file, "text/csv", 422)["errors"][0]["field"] == "amount_cents"
    assert buys.send(f"{where}&supplier=Qui", file, "text/csv", 422)["errors"][0]["field"] == "supplier"
    assert buys.send(where, b"", "text/csv", 422)["errors"][0]["field"] == "file"
    dry = buys.send(f"{where}&dry_run=true", file, "text/csv")
    assert (dry["rows"], dry["good"], dry["net_cents"], dry["applied"]) == (2, 1, 1_000, False)
    assert [fault["row"] for fault in dry["to_correct"]] == [3]
    assert len(buys.get("/agec-ledger/entries")["items"]) == 1
    form = {"file": (io.BytesIO(file), "achats.csv")}
    done = buys.send(where, form, "multipart/form-data")
    assert (done["applied"], done["columns"]) == (True, {"day": "Jour", "amount_cents": "Somme"})
    again = buys.send("/agec-ledger:import?dry_run=true", file, "text/csv")  # its columns are remembered
    assert (again["good"], again["known"]) == (0, [2])
    assert other.send(where, file, "text/csv", 403)["code"]
    assert len(buys.get("/agec-ledger/entries")["items"]) == 2
    assert sees.get(f"/agec-ledger?organisation_id={town.organisation_id}")["actions"] == []
    other.get(f"/agec-ledger?organisation_id={town.organisation_id}", 404)
    other.get("/agec-ledger", 422)
    other.post(f"{at}:remove", 403)
    other.post("/agec-ledger:add-entry", 403, category="paper", year=YEAR, amount_cents=500)
    with db.scope():
        assert db.session().scalar(sa.select(sa.func.count(AgecEntry.id))) == 2
