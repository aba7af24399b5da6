"""The reader on exports of real tools, where the folder of samples is at hand."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest

from reuse_market.fleets.reading import judge, propose, read_table, report_json

_ROOT = os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[4] / "shared" / "data"
FOLDER = next(
    (f for f in (Path(_ROOT) / "samples" / "inventories", Path(_ROOT) / "inventories") if f.is_dir()), None
)
pytestmark = pytest.mark.skipif(
    FOLDER is None,
    reason="NO SAMPLES: set REUSE_MARKET_SAMPLES to the folder of real exports to run these tests",
)


def shown(name: str) -> dict[str, Any]:
    assert FOLDER is not None
    table = read_table((FOLDER / name).read_bytes(), name)
    return report_json(judge(table, propose(table.header, table.sample()), today=dt.date(2026, 1, 15)))


def test_glpi_computers() -> None:
    report = shown("glpi11_ordinateurs_fr.csv")
    assert (report["format"], report["records"]) == ("glpi-csv", 3)
    assert [(g["row"], g["kind"], g["maker"], g["serial"]) for g in report["good"]] == [
        (2, "laptop", "Dell", "7GHK5X2"),
        (3, "desktop", "HP", "5CG9123ABC"),
        (4, "laptop", "Lenovo", None),
    ]
    assert [g["asset_tag"] for g in report["good"]] == ["INV-2019-00412", "INV-2018-00077", "INV-2018-00078"]
    assert report["good"][0]["model"] == "Latitude 5400"
    assert report["good"][0]["site"] == "Grenoble > Le Forum > 3e étage"
    assert [[w["code"] for w in g["warnings"]] for g in report["good"]] == [[], [], ["no_serial"]]


def test_glpi_monitors() -> None:
    report = shown("glpi11_moniteurs_fr.csv")
    assert [(g["kind"], g["screen_tenths"]) for g in report["good"]] == [("monitor", 240)] * 2
    assert [(g["maker"], g["model"], g["serial"]) for g in report["good"]] == [
        ("Dell", "P2419H", "CN0FP4467287285"),
        ("Iiyama", "PL2490", "11174M0301234"),
    ]


def test_ocs_machines() -> None:
    report = shown("ocs_machines_fr.csv")
    assert report["format"] == "ocs-csv"
    assert [(g["row"], g["kind"], g["ram_mb"], g["cpu"]) for g in report["good"]] == [
        (2, "laptop", 8192, None),
        (3, "desktop", 4096, None),
    ]
    assert [(s["row"], s["code"]) for s in report["set_aside"]] == [(4, "virtual_machine")]
    assert report["dropped_columns"] == ["Utilisateur connecté", "Adresse IP"]


def test_snipe_it_assets() -> None:
    report = shown("snipeit_assets-sample.csv")
    assert (report["format"], report["records"]) == ("snipe-it", 22)
    assert report["good"][0]["bought_on"] == "2023-01-23"
    assert {g["kind"] for g in report["good"]} == {"laptop"}


AGENTS = {
    "inventory_format_computer_1.json": ("glpi-json", "laptop", "Dell", "XPS 13 9350", "640HP72", 8192, 256060),
    "fusion_inventory_1.xml": ("fusion-xml", "laptop", "Toshiba", "PORTEGE Z30-A", "9E113232I", 8192, 250059),
    "ereuse_snapshot_workbench-script.json": (
        "ereuse-json", "laptop", "Dell", "Latitude E7240", "5CQ6VY1", 16384, 756167,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AGENTS)
def test_agents(name: str) -> None:
    report = shown(name)
    assert [
        (report["format"], g["kind"], g["maker"], g["model"], g["serial"], g["ram_mb"], g["storage_mb"])
        for g in report["good"]
    ] == [AGENTS[name]]
    assert (report["records"], report["good"][0]["row"]) == (1, 1)


def test_every_sample_has_its_expectation() -> None:
    assert FOLDER is not None
    told = {*AGENTS, "glpi11_ordinateurs_fr.csv", "glpi11_moniteurs_fr.csv", "ocs_machines_fr.csv"}
    assert {path.name for path in FOLDER.iterdir()} == told | {"snipeit_assets-sample.csv"}
