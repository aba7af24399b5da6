"""`flask fleets import`: one JSON object, exit 0 when understood, 2 when not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts.models import Organisation
from reuse_market.kernel import db
from reuse_market.units.models import Unit
from tests.fleets.conftest import SAMPLE, inventory
from tests.support.world import World

SIRET = "73282932000074"


@pytest.fixture
def holder_id(world: World) -> int:
    """A holder known by its SIRET."""
    holder_id = world.holder().organisation_id

    @db.command
    def name() -> None:
        db.session().execute(sa.update(Organisation).where(Organisation.id == holder_id).values(siret=SIRET))

    name()
    return holder_id


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["fleets", "import", *arguments])
    db.release()
    return result.exit_code, result.stdout


def units() -> int:
    return db.session().scalar(sa.select(sa.func.count()).select_from(Unit)) or 0


def test_a_dry_run_says_all_and_writes_nothing(app: Flask, holder_id: int) -> None:
    code, out = run(app, str(SAMPLE), "--holder", SIRET, "--dry-run", "--json")
    report: dict[str, Any] = json.loads(out)
    assert code == 0
    assert report["format"] == "glpi-csv"
    assert report["records"] == 60
    assert {name: len(report[name]) for name in ("good", "to_correct", "set_aside", "known")} == {
        "good": 57, "to_correct": 1, "set_aside": 2, "known": 0,
    }  # fmt: skip
    assert set(report["good"][0]) >= {
        "row", "kind", "maker", "model", "serial", "asset_tag", "site", "bought_on", "warnings",
    }  # fmt: skip
    assert set(report["to_correct"][0]) >= {"row", "field", "value", "reason"}
    assert report["dropped_columns"] == ["Usager"]
    assert units() == 0


def test_imported_then_known_with_changes_and_gone(app: Flask, holder_id: int, tmp_path: Path) -> None:
    file = tmp_path / "parc.csv"
    file.write_bytes(inventory(5))
    assert run(app, str(file), "--holder", SIRET)[0] == 0
    assert units() == 5
    file.write_bytes(inventory(4).replace(b"INV-1;8192", b"INV-9;8192"))
    code, out = run(app, str(file), "--holder", SIRET, "--json")
    report = json.loads(out)
    assert (code, len(report["known"]), units()) == (0, 4, 5)
    assert [known["changes"] for known in report["known"] if known["changes"]] == [
        {"asset_tag": {"from": "INV-1", "to": "INV-9"}}
    ]
    assert report["gone"] == [{"serial": "SN000004", "asset_tag": "INV-4"}]


@pytest.mark.parametrize(
    ("content", "siret"), [(b"%PDF-1.7 no table", SIRET), (inventory(1), "11111111111111"), (None, SIRET)]
)
def test_what_is_not_understood_leaves_with_two(
    app: Flask, holder_id: int, tmp_path: Path, content: bytes | None, siret: str
) -> None:
    file = tmp_path / "parc.csv"
    if content is not None:
        file.write_bytes(content)
    code, out = run(app, str(file), "--holder", siret, "--json")
    assert code == 2
    assert json.loads(out)["error"]["reason"]
    assert units() == 0
