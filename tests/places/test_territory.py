"""Loading a territory, and finding communes in it."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from reuse_market.kernel import db
from reuse_market.kernel.errors import Invalid
from reuse_market.places import cli, queries, services
from reuse_market.places.geo import contains
from reuse_market.places.models import Commune, Postcode
from reuse_market.places.names import name_key

pytestmark = pytest.mark.unseeded

SAMPLES = Path(os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[3] / "shared" / "data")
BOX = [[5.0, 45.0], [5.01, 45.0], [5.01, 45.01], [5.0, 45.01], [5.0, 45.0]]


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def feature(
    code: Any = "01001", nom: Any = "Exemple-le-Bas", ring: Any = None, **properties: Any
) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [BOX if ring is None else ring]}
    return {"type": "Feature", "properties": {"code": code, "nom": nom, **properties}, "geometry": shape}


def written(folder: Path, content: Any) -> Path:
    file = folder / "outlines.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def counts() -> tuple[int | None, int | None]:
    read = db.session().scalar
    return read(sa.select(sa.func.count()).select_from(Commune)), read(
        sa.select(sa.func.count()).select_from(Postcode)
    )


def test_the_bundled_file_is_small_complete_and_credited() -> None:
    content = services.BUNDLED.read_bytes()
    territory = json.loads(content)
    assert len(content) <= 30_000
    assert territory["siren"] == "200040715"
    assert territory["attribution"] == "IGN Admin Express, INSEE, La Poste – Licence Ouverte 2.0"
    assert len(territory["communes"]) == 49
    for commune in territory["communes"]:
        assert commune["population"] > 0
        assert commune["postcodes"]
        assert commune["siren"][:3] == "213"  # a commune's SIREN: 21, its département, its number


def test_every_point_lies_in_its_own_commune(database: db.Database) -> None:
    services.load_territory()
    for commune in queries.communes():
        assert contains(commune.outline, commune.point), commune.name


def test_loading_twice_changes_nothing(database: db.Database) -> None:
    assert services.load_territory() == 49
    before = counts()
    assert before == (49, 50)  # Grenoble has two postcodes
    assert services.load_territory() == 49
    assert counts() == before
    territory = queries.territory()
    assert territory is not None
    assert (territory.name, territory.siren) == ("Grenoble-Alpes Métropole", "200040715")


def test_ensure_leaves_another_territory_alone(database: db.Database, tmp_path: Path) -> None:
    services.load_territory(written(tmp_path, collection(feature())), name="Pays d’Exemple")
    assert services.ensure_territory() == 0
    assert [c.name for c in queries.communes()] == ["Exemple-le-Bas"]


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_two_loads_at_once_give_one_territory(database: db.Database, tmp_path: Path, first: bool) -> None:
    new = [feature(f"01{n:03}", f"Exemple {n}", codesPostaux=["01990"]) for n in range(40)]
    file = None if first else written(tmp_path, collection(*new))
    if not first:
        services.load_territory()
    failures: list[BaseException] = []

    def load() -> None:
        try:
            with db.scope():
                services.load_territory(file)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts() == ((49, 50) if first else (49 + 40, 50 + 40))
    assert len(queries.communes()) == (49 if first else 40)


def test_a_new_edition_changes_the_postcodes(database: db.Database, tmp_path: Path) -> None:
    services.load_territory(written(tmp_path, collection(feature(codesPostaux=["01990", "01991"]))))
    services.load_territory(written(tmp_path, collection(feature(codesPostaux=["01991", "01992"]))))
    assert queries.postcodes_of("01001") == ["01991", "01992"]
    services.load_territory(written(tmp_path, collection(feature())))  # says nothing of postcodes
    assert queries.postcodes_of("01001") == ["01991", "01992"]


def test_another_territory_replaces_the_map_and_forgets_no_commune(
    database: db.Database, tmp_path: Path
) -> None:
    services.load_territory()
    file = written(tmp_path, collection(feature(codesPostaux=["01990"], population=120)))
    assert services.load_territory(file, name="Pays d’Exemple", attribution="Source d’exemple") == 1
    territory = queries.territory()
    assert territory is not None
    assert (territory.name, territory.attribution) == ("Pays d’Exemple", "Source d’exemple")
    assert [c.insee for c in queries.communes()] == ["01001"]
    former, new = queries.commune("38185"), queries.commune("01001")
    assert former is not None
    assert new is not None
    assert former.in_territory is False
    assert new.population == 120
    assert (new.latitude, new.longitude) == (45_005_000, 5_005_000)
    assert new.siren is None
    assert services.load_territory() == 49
    assert len(queries.communes()) == 49


def test_outlines_alone_keep_what_was_known(database: db.Database, tmp_path: Path) -> None:
    services.load_territory()
    grenoble = queries.commune("38185")
    assert grenoble is not None
    known = (grenoble.population, grenoble.siren, grenoble.latitude, queries.postcodes_of("38185"))
    services.load_territory(written(tmp_path, collection(feature("38185", "Grenoble"))))
    grenoble = queries.commune("38185")
    assert grenoble is not None
    assert (grenoble.population, grenoble.siren, grenoble.latitude, queries.postcodes_of("38185")) == known
    assert grenoble.outline[0][0] == [5_000_000, 45_000_000]
    assert len(grenoble.outline[0]) == 4  # the closing point is not repeated


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[" * 100_000,
        "[]",
        '{"type": "FeatureCollection"}',
        collection(),
        collection(feature(code="1001")),
        collection(feature(code=38185)),
        collection(feature(nom=None)),
        collection(feature(nom="x" * 101)),
        collection(feature(nom="\u0000")),
        collection(feature(ring=[[5, 45], [6, 46]])),
        collection(feature(ring=[[5, 45], [6, 46], [5, 999]])),
        collection(feature(ring=[[5, 45], [6, 46], [5, 999], [5, -909]])),  # its centroid is on Earth
        collection(feature(ring=[[5, 45], [6, 46], [5, "x"]])),
        collection(feature(ring=[[5, 45], [6, 46], [5]])),
        collection(feature(ring=[[5, 45], [6, 46], [5, None]])),
        collection(feature(population=-1)),
        collection(feature(population=2**31)),
        collection(feature(codesPostaux=[38000])),
        collection(feature(), feature()),
        collection({"type": "Feature", "properties": {"code": "01001", "nom": "A"}, "geometry": None}),
        collection({"type": "Feature"}),
        collection("nothing"),
        json.dumps(collection(feature())).replace("5.01", "NaN"),
        json.dumps(collection(feature())).replace("5.01", "1e999"),
    ],
    ids=range(25),
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_wrong_file_is_refused_and_changes_nothing(
    database: db.Database, tmp_path: Path, content: Any, backend: str
) -> None:
    services.load_territory()
    with pytest.raises(Invalid) as refusal:
        services.load_territory(written(tmp_path, content))
    assert refusal.value.field == "file"
    assert len(queries.communes()) == 49


def test_a_missing_file_is_refused(tmp_path: Path, database: db.Database) -> None:
    with pytest.raises(Invalid):
        services.load_territory(tmp_path / "nothing.geojson")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST-MARTIN D'HÈRES", "Saint-Martin-d’Hères"),
        ("Echirolles", "Échirolles"),
        ("GRENOBLE CEDEX 9", "Grenoble"),
        ("ste-agnès", "Sainte-Agnès"),
    ],
)
def test_spellings_of_a_name_meet(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("echirolles", "Échirolles"),
        ("St Martin d'Heres", "Saint-Martin-d’Hères"),
        ("pont de claix", "Le Pont-de-Claix"),
        ("38130", "Échirolles"),
        ("vif", "Vif"),
    ],
)
def test_a_commune_is_found_as_people_write_it(database: db.Database, typed: str, first: str) -> None:
    services.load_territory()
    assert queries.find_communes(typed)[0].name == first


def test_finding_is_ranked_bounded_and_safe(database: db.Database) -> None:
    services.load_territory()
    saints = [c.name for c in queries.find_communes("saint")]
    assert len(saints) == 8
    assert all(name.startswith("Saint") for name in saints[:-1])
    assert saints[-1] == "Mont-Saint-Martin"  # the word inside comes after the word in front
    assert len(queries.find_communes("38")) == 20
    assert queries.find_communes("") == queries.find_communes("%") == queries.find_communes("zzz") == []


def test_a_postcode_may_serve_several_communes(database: db.Database) -> None:
    services.load_territory()
    assert [c.name for c in queries.communes_of_postcode(" 38610 ")] == ["Gières", "Venon"]
    assert queries.postcodes_of("38185") == ["38000", "38100"]
    assert queries.communes_of_postcode("75001") == []


@pytest.mark.parametrize(
    ("postcode", "name", "insee"),
    [
        ("38000", "Grenoble", "38185"),
        ("38100", "", "38185"),
        ("38610", "gieres", "38179"),
        ("38610", "", None),  # two communes
        ("38025", "Grenoble Cedex 1", "38185"),  # a postcode of large mail receivers
        ("75001", "Grenoble", None),
        ("38000", "Meylan", None),  # they contradict each other
        ("", "Vif", "38545"),
        ("", "", None),
        ("69001", "Lyon", None),
    ],
)
def test_an_address_lies_at_its_commune(
    database: db.Database, postcode: str, name: str, insee: str | None
) -> None:
    services.load_territory()
    found = queries.locate(postcode, name)
    assert (found.insee if found else None) == insee
    if found:
        row = queries.commune(found.insee)
        assert row is not None
        assert (found.point, found.how) == (row.point, "commune")


def test_the_command_line_installs_outlines(database: db.Database, tmp_path: Path) -> None:
    runner = CliRunner()
    assert "49 communes" in runner.invoke(cli.territory, ["load"]).output
    file = written(tmp_path, collection(feature()))
    done = runner.invoke(cli.territory, ["load-outlines", str(file), "--name", "Pays d’Exemple"])
    assert (done.exit_code, done.output) == (0, "1 communes loaded\n")
    refused = runner.invoke(cli.territory, ["load-outlines", str(written(tmp_path, "[]"))])
    assert refused.exit_code == 1
    assert "FeatureCollection" in refused.output


def test_the_reference_table_of_the_territory_agrees(database: db.Database) -> None:
    if not (SAMPLES / "territory").is_dir():
        pytest.skip(f"NO SAMPLES: {SAMPLES}/territory is absent, the 49 communes are not compared")
    expected = {
        row["insee"]: row for row in json.loads((SAMPLES / "territory" / "gam_communes.json").read_bytes())
    }
    services.load_territory()
    assert {c.insee for c in queries.communes()} == set(expected)
    for commune in queries.communes():
        row = expected[commune.insee]
        assert commune.name == row["nom"].replace("'", "’")
        assert queries.postcodes_of(commune.insee) == sorted(row["cp"])
        assert commune.siren == row["siren"]
    assert services.load_territory(SAMPLES / "territory" / "gam_communes.geojson") == 49
    assert {c.insee for c in queries.communes()} == set(expected)
