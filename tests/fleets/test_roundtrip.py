"""Exporting the fleet and importing it again changes nothing: generated fleets, both formats, both languages."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.fleets import comparing, services
from reuse_market.kernel import db
from reuse_market.traceability import queries as journal
from reuse_market.units.models import Unit
from tests.fleets.conftest import imported, upload
from tests.lots.visiting import Visitor
from tests.support.world import World

LABELS = (
    "Numéro de série", "Fabricant", "Modèle", "Type de matériel", "Numéro d'inventaire", "Date d'achat",
    "Processeur", "Mémoire (Mo)", "Stockage (Mo)", "Taille écran", "Système d'exploitation", "Lieu",
)  # fmt: skip
KINDS = (
    "ordinateur portable", "ordinateur fixe", "tout-en-un", "client léger", "station de travail", "serveur",
    "écran", "tablette", "smartphone", "téléphone de bureau", "imprimante", "vidéoprojecteur",
    "autre appareil", "carton",
)  # fmt: skip
ODD = (
    "",
    "00042",
    "=1+1",
    "+33 (0)4",
    "-5",
    "@tag",
    "a;b",
    'dit "b"',
    "d'été",
    "Œuvre №7",
    "日本",
    "77",
    "l,1",
    "1e5x",
)
TEXTS = ("", "Intel Core i5-8350U", '=CMD("x")', "Apple M1; 8 cœurs", "AMD “Ryzen” 5, 3500U", "i7-10510U")


def fleet(seed: int, count: int) -> bytes:
    """A CSV of odd devices: every value that may hurt on its way out and in again."""
    chance = random.Random(seed)
    rows = [LABELS]
    for n in range(count):
        serial = chance.choice(["", f"000{n:05d}", f"=S{n}", f"S;{n}", f'S"{n}"', f"é{n}é", f"SN {n}"])
        tag = chance.choice(ODD)
        rows.append((
            serial, chance.choice(["Dell", "HP Inc.", "Société, Exemple", ""]),
            chance.choice(["Latitude 5400", "ProBook; 450", "=Modèle", "Éco 5 \"15\"", "P2419H"]),
            chance.choice(KINDS), f"{tag}{n}" if tag else "",
            chance.choice(["", "2019-02-28", "2021-12-01", "2020-01-09"]), chance.choice(TEXTS),
            chance.choice(["", "8192", "4096", "1000"]), chance.choice(["", "256000", "1", "512000"]),
            chance.choice(["", "15,6", "14", "9,7"]), chance.choice(["", "Windows 10 Pro", "@os"]),
            chance.choice(["", "Ailleurs > B2"]),
        ))  # fmt: skip
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(quoted).encode("utf-8-sig")


def kept(holder_id: int) -> dict[int, tuple[object, ...]]:
    db.release()
    columns = [column for column in Unit.__table__.columns if column.name != "version"]
    statement = sa.select(*columns).where(Unit.owner_id == holder_id).order_by(Unit.id)
    return {row[0]: tuple(row) for row in db.session().execute(statement)}


@pytest.mark.parametrize(("ending", "lang"), [("csv", "fr"), ("xlsx", "fr"), ("csv", "en"), ("xlsx", "en")])
def test_out_and_in_again_changes_nothing(world: World, app: Flask, ending: str, lang: str) -> None:
    holder = world.holder()
    holder_id, actor = holder.organisation_id, holder.actor
    ids = imported(holder, fleet(len(ending) + len(lang) * 7, 150))
    assert len(ids) > 120
    services.discard_units(ids[:5], actor=actor)
    before, seen = kept(holder_id), len(journal.events_of_stream(f"fleet/{holder_id}"))
    me = Visitor(app.test_client(), holder)
    data = me.client.get(f"/parc/export.{ending}?lang={lang}").data
    if ending == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in data.decode("utf-8-sig").split(";"))
    row = services.confirm_mapping(upload(holder, data, f"parc.{ending}").id, actor=actor)
    import_id = row.id
    assert (row.good, row.to_correct, row.set_aside, row.known) == (0, 0, 0, len(ids))
    changed = [one.record.facts["changes"] for one in comparing.asked(import_id, "known")]
    assert (changed, comparing.counts(import_id)) == ([], {"changed": 0, "gone": 0, "unsure": 0})
    services.apply_import(import_id, actor=actor)
    assert kept(holder_id) == before
    assert len(journal.events_of_stream(f"fleet/{holder_id}")) == seen
