"""The pages of the fleet, pressed through as they are drawn, without JavaScript."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.fleets import queries
from reuse_market.kernel import clock, db
from reuse_market.units.models import Unit
from tests.fleets.conftest import SAMPLE, imported, inventory
from tests.lots.visiting import Visitor
from tests.support.world import World


def sent(data: bytes, name: str = "parc.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def decide(visitor: Visitor, status: int = 200) -> Visitor:
    """Say the decision of a discard, on its page."""
    told = {"decided_on": clock.today().isoformat(), "decision_number": "2026-17", "decided_by": "Conseil"}
    return visitor.press("Enregistrer la réforme", status, **told)


def test_from_a_glpi_file_to_a_lot(world: World, app: Flask) -> None:
    me = Visitor(app.test_client(), world.holder()).open("/parc")
    assert "Votre parc est vide ici" in me.text
    me.follow("Importer un inventaire").press("Lire le fichier", file=sent(SAMPLE.read_bytes()))
    assert "GLPI (CSV)" in me.text
    assert "Numéro de série" in me.text
    me.press("Vérifier les appareils")
    figures = [li.xpath("string(b)") for li in me.tree.xpath("//ul[@class='chiffres']/li")]
    assert figures == ["57", "1", "2", "0"]
    assert "Usager" in me.text
    assert "Écrivez-la 31/12/2024" in me.text
    rows = me.client.get(me.tree.xpath("//a[@download]")[0].get("href"))
    assert rows.headers["Content-Disposition"].startswith("attachment; filename=parc-a-corriger.csv")
    assert len(rows.data.decode("utf-8-sig").splitlines()) == 4
    me.press("Continuer avec les 57 bons")
    assert "57 appareils sont entrés dans votre parc" in me.text
    me.press("Faire un lot avec ceux-ci")
    assert "57 appareils sont dans le lot" in me.text
    assert "HP EliteBook 840 G5, i5-8350U, 16 Go" in me.text


def test_a_sure_column_says_its_meaning_and_opens_when_asked(world: World, app: Flask) -> None:
    """Only what is not sure, or was asked for, shows every meaning; what was chosen meanwhile stays."""
    me = Visitor(app.test_client(), world.holder()).open("/parc/importer")
    me.press("Lire le fichier", file=sent(inventory(5)))
    columns = len(me.tree.xpath("//main//table/tbody/tr"))
    assert (me.tree.xpath("//main//select"), columns) == ([], len(me.tree.xpath("//button[@name='open']")))
    shown = [" ".join(one.text_content().split()) for one in me.tree.xpath("//button[@name='open']")]
    me.press(shown[0])
    assert me.tree.xpath("//main//select/@name") == ["column_0"]
    me.press(shown[1], column_0="ignore")
    assert me.tree.xpath("//main//select/@name") == ["column_1"]
    assert me.tree.xpath("//input[@name='column_0']/@value") == ["ignore"]
    me.press("Vérifier les appareils", 422, column_0="model", column_1="model")
    assert set(me.tree.xpath("//main//select/@name")) >= {"column_1"}, "a wrong column is open"
    data = "Type;Modèle;Numéro de série;Quantité;Nombre\nPortable;Latitude 5400;AB12345;3;1\n".encode()
    me.open("/parc/importer").press("Lire le fichier", file=(io.BytesIO(data), "comptes.csv"))
    if "Changer le sens des colonnes" in me.text:
        me.follow("Changer le sens des colonnes")
    cells = [
        " ".join(one.text_content().split()) for one in me.tree.xpath("//td[contains(@class, 'choose')]")
    ]
    assert cells[3].startswith("Nombre d’appareils, vérifié à l’étape 3"), "step 3 looks at it"
    assert cells[4].startswith("Sans utilité ici"), "the first count alone is looked at"


def test_the_second_time_the_columns_are_known(world: World, app: Flask) -> None:
    holder = world.holder()
    imported(holder, inventory(5))
    me = Visitor(app.test_client(), holder).open("/parc/importer")
    me.press("Lire le fichier", file=sent(inventory(8)))
    assert me.url.endswith("/verifier")
    assert "Continuer avec les 3 bons" in me.text
    assert "5 appareils ont été reconnus" in me.text
    me.follow("Changer le sens des colonnes").press("Vérifier les appareils", 422, column_0="model")
    assert "gardez-en une" in me.text


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"%PDF-1.7", "parc.pdf", "exportez la liste en CSV"),
        (b"", "vide.csv", "Le fichier est vide"),
        (b"Num\xe9ro de s\xe9rie;Mod\xe8le\n", "court.csv", "mais aucun appareil"),
    ],
)
def test_a_file_that_is_no_inventory(world: World, app: Flask, data: bytes, name: str, told: str) -> None:
    me = Visitor(app.test_client(), world.holder()).open("/parc/importer")
    me.press("Lire le fichier", 422, file=sent(data, name))
    assert told in me.text
    assert me.tree.xpath("//div[@class='error-summary']//a")
    me.press("Lire le fichier", 422)
    assert "Choisissez un fichier" in me.text


def test_an_import_is_given_up(world: World, app: Flask) -> None:
    me = Visitor(app.test_client(), world.holder()).open("/parc/importer")
    me.press("Lire le fichier", file=sent(inventory(3))).press("Abandonner cet import")
    assert "Rien n’est entré dans votre parc" in me.text
    assert "en attente" not in me.open("/parc").text


def test_ticking_discarding_and_undoing(world: World, app: Flask) -> None:
    holder = world.holder()
    ids = imported(holder, inventory(30))
    me = Visitor(app.test_client(), holder).open("/parc")
    assert "1 à 25 sur 30" in me.text
    me.press("Réformer", unit=[str(ids[0]), str(ids[1])])
    assert "Réformer 2 appareils" in me.text
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 30}
    me.press("Enregistrer la réforme")  # a company may leave its decision out
    assert "2 appareils sont réformés" in me.text
    decide(me.press("Réformer", everything="1"))
    assert "28 appareils sont réformés" in me.text
    me.press("Remettre en service", unit=[str(ids[0])])
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 1, "discarded": 29}
    me.press("Réformer")
    assert "Cochez au moins un appareil en service" in me.text


def test_filters_hold_through_an_act_on_all_the_list(world: World, app: Flask) -> None:
    holder = world.holder()
    imported(holder, inventory(24))
    me = Visitor(app.test_client(), holder).open("/parc?text=5400")
    assert "Latitude 5400" in me.text
    assert "Latitude 5410" not in me.text
    decide(me.press("Réformer", everything="1"))
    assert "2 appareils sont réformés" in me.text
    assert "text=5400" in me.url
    assert "Aucun appareil ne correspond" in me.open("/parc?text=introuvable&kind=zzz&site=abc&state=x").text


def test_the_decision_is_about_the_missing_ones_only_when_the_list_was(world: World, app: Flask) -> None:
    holder = world.holder()
    ids = imported(holder, inventory(5))

    @db.command
    def miss() -> None:
        db.session().execute(sa.update(Unit).where(Unit.id.in_(ids[:2])).values(missed_on=clock.today()))

    miss()
    me = Visitor(app.test_client(), holder).open("/parc?missed=1")
    decide(me.press("Réformer", everything="1"))
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 3, "discarded": 2}


def test_somebody_elses_pages_do_not_exist(world: World, app: Flask) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    ids = imported(holder, inventory(2))
    Visitor(app.test_client(), holder).open("/parc/importer/1/confirmation")
    stranger = Visitor(app.test_client(), other)
    for step in ("colonnes", "verifier", "confirmation", "a-corriger"):
        stranger.open(f"/parc/importer/1/{step}", status=404)
    imported(other, inventory(1))
    decide(stranger.open("/parc").press("Réformer", unit=[str(ids[0])]), 404)
    assert "ne sont pas dans votre parc" in stranger.text
    db.release()
    assert db.session().scalar(sa.select(Unit.state).where(Unit.id == ids[0])) == "in_use"
    Visitor(app.test_client(), world.reuse_actor()).open("/parc", status=403)


def test_the_template_is_read_back(world: World, app: Flask) -> None:
    me = Visitor(app.test_client(), world.holder()).open("/parc/importer")
    empty = me.client.get(me.tree.xpath("//a[@download]")[0].get("href"))
    header = empty.data.decode("utf-8-sig").strip()
    row = "SN1;Dell;Latitude 5400;Portable;INV-1;2021-02-03;i5-8265U;8 Go;256 Go;Siège"
    me.press("Lire le fichier", file=sent(f"{header}\r\n{row}\r\n".encode("utf-8-sig")))
    me.press("Vérifier les appareils").press("Continuer avec l’appareil bon")
    unit = db.session().scalars(sa.select(Unit)).one()
    assert (unit.kind, unit.serial, unit.ram_mb, unit.storage_mb) == ("laptop", "SN1", 8192, 256_000)


def test_devices_are_added_to_a_draft(world: World, app: Flask) -> None:
    holder = world.holder()
    ids = imported(holder, inventory(4))
    me = Visitor(app.test_client(), holder).open("/parc")
    me.press("Faire un lot", unit=[str(ids[0])]).follow("En choisir d’autres dans mon parc")
    lot = me.url.rpartition("=")[2]
    me.press(f"Ajouter au lot {lot}", unit=[str(i) for i in ids[1:3]])
    assert "3 appareils, que personne d’autre ne voit" in me.text
    me.open("/parc").press("Faire un lot", unit=[str(ids[0])])
    assert f"déjà dans le brouillon {lot}" in me.text
