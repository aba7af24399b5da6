"""Models and identical groups on pages."""

from __future__ import annotations

from flask import Flask

from reuse_market.fleets import configurations
from tests.fleets.conftest import imported
from tests.fleets.test_models import LINES, file_of, held, id_of
from tests.lots.visiting import Visitor
from tests.support.world import World, fleet


def test_by_hand(world: World, app: Flask) -> None:
    holder = world.holder()
    me = Visitor(app.test_client(), holder).open("/parc/modeles")
    assert "Aucun modèle pour l’instant" in me.text
    me.open("/parc/configurations")
    assert "les appareils identiques seront réunis" in me.text
    imported(holder, file_of(*LINES))
    me.open("/parc").follow("Modèles")
    assert "3 modèles à vérifier" in me.text
    assert "code du fabricant, nom inconnu" in me.text
    assert [row.xpath("string(th)").strip().split(" ")[0] for row in me.tree.xpath("//tbody/tr")][
        0
    ] == "Dell"  # doubtful kinds first
    me.open("/parc/modeles?to_check=y&kind=desktop")
    assert len(me.tree.xpath("//tbody/tr")) == 1
    me.open("/parc/modeles?text=rien+de+tel")
    assert "Aucun modèle ne correspond" in me.text
    me.open(f"/parc/modeles/{id_of(holder, '20ZZS00000')}")
    me.press("Corriger le modèle", 422, name=" ")
    me.press("Corriger le modèle", kind="tablet", maker="Lenovo", name="ThinkPad X12")
    assert "2 appareils suivent" in me.text
    assert "« Lenovo 20ZZS00000 » est « Lenovo ThinkPad X12 » (tablette)." in me.text
    me.press("Annuler la correction – Lenovo 20ZZS00000")
    assert "2 appareils sont comme avant" in me.text
    assert "Réunir sous « Dell Latitude 5400 » (ordinateur portable)" in me.text
    me.press("Réunir sous « HP EliteBook 840 G5 »")
    assert held(holder)["SN8"][2] == "EliteBook 840 G5"
    stranger = world.public_holder()
    other = Visitor(app.test_client(), stranger)
    assert other.client.get(f"/parc/modeles/{id_of(holder, 'Boîte 3')}").status_code == 404


def test_identical_devices_are_chosen_together(world: World, app: Flask) -> None:
    holder = world.holder()
    model = {"cpu": "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", "ram_mb": 8192, "storage_mb": 256_060}
    alike = fleet(holder, 3, prefix="A", **model)
    alike += fleet(
        holder, 2, prefix="B", **model | {"cpu": "i5 8350U", "ram_mb": 7786, "storage_mb": 238_475}
    )
    others = fleet(holder, 1, prefix="C", **model | {"cpu": "i5-6300U"})
    others += fleet(holder, 4, kind="monitor", prefix="D", screen_tenths=238)
    found = configurations.groups(holder.organisation_id)
    assert [(one.units, one.in_use, one.windows_11) for one in found] == [
        (5, 5, "yes"),
        (4, 4, ""),
        (1, 1, "no"),
    ]
    assert configurations.unit_ids(holder.organisation_id, [found[0].key]) == sorted(alike)
    assert configurations.unit_ids(holder.organisation_id, [found[1].key, found[2].key]) == sorted(others)
    assert configurations.unit_ids(holder.organisation_id, ["", "0" * 16]) == []
    assert configurations.unit_ids(world.public_holder().organisation_id, [one.key for one in found]) == []

    me = Visitor(app.test_client(), holder).open("/parc/configurations")
    assert "10 appareils, 3 configurations." in " ".join(me.text.split())
    rows = [" ".join(row.xpath("string()").split()) for row in me.tree.xpath("//tbody/tr")]
    assert ["i5-8350U, 8 Go, 256 Go" in row and "Oui" in row for row in rows] == [True, False, False]
    me.open("/parc/configurations?kind=monitor")
    assert len(me.tree.xpath("//tbody/tr")) == 1
    me.open(f"/parc?configuration={found[2].key}")
    assert len(me.tree.xpath("//tbody/tr")) == 1
    assert "Seulement des appareils identiques" in me.text
    me.open("/parc?configuration=rien")
    assert "Aucun appareil ne correspond" in me.text
    me.open("/parc/configurations").press("Réformer", group=[found[1].key])
    assert "4" in me.tree.xpath("string(//h1)")
    me.press(
        " ".join(me.tree.xpath("string(//main//form//button)").split())
    )  # the decision, then the discard
    me.open("/parc/configurations").press("Faire un lot", group=[found[0].key])
    assert "5 appareils sont dans le lot" in me.text
    assert "i5-8350U, 8 Go, 256 Go" in me.text
    told = {one.key: (one.in_use, one.discarded) for one in configurations.groups(holder.organisation_id)}
    assert told[found[1].key] == (0, 4)
