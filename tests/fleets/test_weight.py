"""A file of any length is read by pieces: memory does not grow with it (at most 200 MB)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reuse_market.kernel import db
from tests.fleets.conftest import inventory
from tests.support.world import World

ROOT = Path(__file__).parents[2]
GROWTH_MB = 200
HEADER = "Numéro de série;Fabricant;Modèle;Type;Date d'achat;Mémoire;Commentaire\r\n"


def weigh(file: Path, holder_id: int, what: str) -> dict[str, Any]:
    url = db.database().engine.url.render_as_string(hide_password=False)
    folder = file.parent / "weighed"
    db.release()
    command = [
        sys.executable,
        "-m",
        "tests.fleets.weighing",
        url,
        str(folder),
        str(file),
        str(holder_id),
        what,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    print(told)
    return told


def big(path: Path, size: int, remark: str) -> int:
    """A CSV of about `size` bytes; how many records."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        while out.tell() < size:
            out.writelines(
                f"SN{n:07d};Dell Inc.;Latitude {5400 + n % 12 * 10};Portable;12/03/2020;8192;{remark}\r\n"
                for n in range(rows, rows + 5_000)
            )
            rows += 5_000
    return rows


def test_fifteen_thousand_rows_are_judged_and_imported_by_pieces(world: World, tmp_path: Path) -> None:
    file, holder = tmp_path / "parc.csv", world.holder().organisation_id
    file.write_bytes(inventory(15_000))
    judged = weigh(file, holder, "judge")
    assert (judged["records"], judged["grown_mb"] < 30) == (15_000, True)
    kept = weigh(file, holder, "import")
    assert (kept["records"], kept["grown_mb"] < 80) == (15_000, True)


@pytest.mark.long
def test_two_hundred_megabytes(world: World, tmp_path: Path) -> None:
    file, holder = tmp_path / "gros.csv", world.holder().organisation_id
    rows = big(file, 190_000_000, "remarque " * 12)
    judged = weigh(file, holder, "judge")
    assert (judged["records"], judged["grown_mb"] < GROWTH_MB) == (rows, True)


@pytest.mark.long
def test_three_hundred_thousand_rows_come_in(world: World, tmp_path: Path) -> None:
    file, holder = tmp_path / "gros.csv", world.holder().organisation_id
    file.write_bytes(inventory(300_000))
    kept = weigh(file, holder, "import")
    assert (kept["records"], kept["grown_mb"] < GROWTH_MB) == (300_000, True)
