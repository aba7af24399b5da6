"""The public dataset: page, table, CSV, API and picture say the same, and never of fewer than 3 holders."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from reuse_market.kernel import clock, files, jobs
from reuse_market.observatory import publishing, resource
from reuse_market.observatory.dataset import FORECAST, NAME, STATES, Dataset, read, written
from reuse_market.schedule import register
from tests.lots.visiting import Visitor
from tests.observatory.cells import EYBENS, GRENOBLE, MEYLAN, Q1, Q2, count
from tests.support.world import Party, World, published_lot

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "moins de 3 détenteurs"


@pytest.fixture
def holders(world: World) -> list[Party]:
    names = ("Usine", "Clinique", "Banque", "Lycée", "Mairie")
    return [world.party(f"{name} Exemple", "holder", commune="Grenoble", postcode="38000") for name in names]


@pytest.fixture
def counted(holders: list[Party]) -> list[Party]:
    """Grenoble may be told, Meylan only with Eybens, servers of one holder nowhere, a stock in use not at all."""
    count(holders, "forecast", "laptop", GRENOBLE, Q1, 40, 30, 20, spread=6)
    count(holders, "forecast", "laptop", GRENOBLE, Q2, 12, 11, 10, spread=3)
    count(holders, "forecast", "laptop", MEYLAN, Q1, 7, 8)
    count(holders[2:], "forecast", "laptop", EYBENS, Q1, 9)
    count(holders, "forecast", "server", GRENOBLE, Q1, 777)
    count(holders, "announced", "laptop", GRENOBLE, Q2, 400, 100, 60)
    count(holders, "stock", "monitor", GRENOBLE, Q1, 21, 22, 23)
    count(holders, "stock", "tablet", MEYLAN, Q1, 333)
    return holders


def _cells(visitor: Visitor, caption: str) -> dict[str, list[str]]:
    rows = visitor.tree.xpath("//table[starts-with(normalize-space(caption), $c)]//tr[td]", c=caption)
    found = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {row[0]: row[1:] for row in found}


def test_every_door_says_the_same(visitor: Visitor, counted: list[Party]) -> None:
    with clock.frozen(NOON):
        publishing.publish()
    for party in counted[:3]:
        published_lot(party, numbered=2, counted=3)
    rows = visitor.client.get("/api/v1/datasets/resource").json["rows"]
    whole = _csv(visitor, "/donnees/gisement.csv")
    assert [{k: str(row[k]) for k in rows[0]} for row in rows] == [
        {name: row[name] for name in rows[0]} for row in whole
    ]
    quarters = ["", "2027-01-01", "2027-04-01"]
    for state in STATES:
        for kind in ("", "laptop", "monitor", "server", "tablet"):
            for quarter in quarters:
                asked = f"state={state}&kind={kind}&quarter={quarter}"
                kept = quarter if state in ("announced", "forecast") else ""
                wanted = [
                    row for row in rows
                    if row["state"] == state and kind in ("", row["kind"]) and kept in ("", row["quarter"])
                ]  # fmt: skip
                told = _csv(visitor, f"/carte.csv?{asked}")
                assert sorted(int(row["devices"]) for row in told) == sorted(row["devices"] for row in wanted)
                by_name: dict[str, int] = {}
                for row in told:
                    name = row["commune_name"] or "Plusieurs communes, comptées ensemble"
                    by_name[name] = by_name.get(name, 0) + int(row["devices"])
                table = _cells(visitor.open(f"/carte?{asked}"), "Appareils")
                shown = {name: cells[-1] for name, cells in table.items() if cells[-1] != SECRET}
                assert shown == {name: str(number) for name, number in by_name.items()}, asked
                for number in ("777", "333"):
                    assert number not in visitor.page.text
    asked_api = visitor.client.get("/api/v1/datasets/resource?state=forecast&quarter=2027-04-01").json["rows"]
    assert [(row["kind"], row["commune"], row["devices"]) for row in asked_api] == [("laptop", GRENOBLE, 35)]


def _csv(visitor: Visitor, url: str) -> list[dict[str, str]]:
    answer = visitor.client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    again = visitor.client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code in (200, 304)
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_forecast_in_figures_and_picture(visitor: Visitor, counted: list[Party]) -> None:
    with clock.frozen(NOON):
        publishing.publish()
    visitor.open("/previsions")
    by_quarter = _cells(visitor, "Appareils libérés, par trimestre")
    # First quarter: 90 laptops in Grenoble, 24 in Meylan and Eybens together; 777 servers of one holder left out.
    assert by_quarter == {
        "T1 2027": ["65", SECRET, "115 (de 100 à 130)", "moins de 3 structures"],
        "T2 2027": ["0", "560", "35 (de 25 à 40)", "moins de 3 structures"],
    }
    by_kind = _cells(visitor, "Par type")
    assert by_kind["Ordinateurs portables"][1:3] == ["560", "150130 à 170"]
    assert by_kind["Ensemble"] == ["65", "560", "150130 à 170", "moins de 3 structures"]
    svg = visitor.tree.xpath("//figure[@class='stepped']/svg")[0]
    assert svg.get("role") == "img"
    assert svg.xpath("string(title)") == "Appareils libérés, par trimestre"
    sentence = (
        "Avant le 1er juillet 2027\u00a0: 560 appareils sont annoncés et environ 150 de plus sont prévus"
    )
    assert svg.xpath("string(desc)").startswith(sentence)
    assert visitor.tree.xpath("string(//p[@class='take'])").startswith(sentence)
    assert visitor.tree.xpath("//select[@name='commune']/option/@value") == ["", GRENOBLE]
    assert "150" not in visitor.open(f"/previsions?commune={GRENOBLE}").text
    assert "125" in visitor.text
    visitor.open("/previsions?commune=nowhere&kind='--")
    assert "560" in visitor.text
    assert "150" in visitor.open("/").text
    visitor.open("/previsions?lang=en")
    assert "Before 1 July 2027: 560 devices are announced and about 150 more are expected" in visitor.text


def test_nothing_to_publish(visitor: Visitor, world: World) -> None:
    for _moment in ("never published", "published empty"):
        assert "Aucune prévision publiable" in visitor.open("/previsions").text
        assert "Aucun nombre publiable" in visitor.open("/carte?state=forecast").text
        assert "Aucun nombre publiable" in visitor.open("/donnees").text
        publishing.publish()
    listed = visitor.client.get("/api/v1/datasets").json
    assert [one["name"] for one in listed["items"]] == [NAME]
    assert visitor.client.get("/api/v1/datasets/other").status_code == 404


def test_once_a_week(counted: list[Party]) -> None:
    """What is asked on two days of a week is the same; an empty publication holds nothing back."""
    register()
    job = jobs.get("resource.publish")
    assert job is not None
    with clock.frozen(NOON):
        assert job.run() > 0
        first = publishing.published()
    count(counted, "forecast", "laptop", GRENOBLE, Q1, 140, 130, 120)
    with clock.frozen(NOON + timedelta(days=6, hours=23)):
        assert job.run() == 0
        assert publishing.published() == first
    with clock.frozen(NOON + timedelta(days=7)):
        assert job.run() > 0
        assert publishing.published() != first
    assert len(files.used_by("observatory", NAME)) == 1


def test_an_empty_publication_holds_nothing_back(holders: list[Party]) -> None:
    with clock.frozen(NOON):
        assert publishing.publish_due() == 0
        assert publishing.published().as_of == NOON
        count(holders, "forecast", "laptop", GRENOBLE, Q1, 40, 30, 20)
        assert publishing.publish_due() == 1


def test_a_published_file_is_read_back() -> None:
    row = resource_row()
    made = Dataset(NOON, (row,))
    assert read(written(made)) == made
    assert json.loads(written(made))["licence"] == "Licence Ouverte 2.0"


def resource_row():
    from reuse_market.observatory.grouping import Row

    return Row(FORECAST, "laptop", "2027-01-01", GRENOBLE, 20, 15, 30)


def test_the_commands(app: Flask, counted: list[Party], tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["opendata", "publish"]).output.strip().endswith("rows published")
    made = run(args=["opendata", "export", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    told = json.loads((tmp_path / "out" / "resource.json").read_text(encoding="utf-8"))
    table = (tmp_path / "out" / "resource.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(told["rows"]) + len(told["available"]) == len(table) - 1 > 0


def test_outside_the_territory_nothing_is_counted(visitor: Visitor, counted: list[Party]) -> None:
    """A site may lie elsewhere: its devices are nobody's resource here."""
    publishing.publish()
    assert sum(row.devices for row in publishing.published().select(state=FORECAST)) == 150
    assert resource.by_commune(FORECAST).total == 150
