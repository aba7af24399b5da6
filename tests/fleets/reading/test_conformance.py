"""The reader on exports of real tools, where the folder of samples is at hand."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest

from reuse_market.fleets.reading import Unreadable, judge, propose, read_table, report_json

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
    assert [[w["code"] for w in g["warnings"]] for g in report["good"]] == [[], [], ["no_serial"]]


def test_glpi_monitors() -> None:
    report = shown("glpi11_moniteurs_fr.csv")
    assert [(g["kind"], g["screen_tenths"]) for g in report["good"]] == [("monitor", 240)] * 2


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


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_agent_inventories_are_refused_in_words(ending: str) -> None:
    assert FOLDER is not None
    for path in FOLDER.glob(f"*.{ending}"):
        with pytest.raises(Unreadable, match="export the list of devices as CSV"):
            read_table(path.read_bytes(), path.name)
