"""An inventory as GLPI 11 really writes it, when the samples are at hand: read, counted, brought in."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from tests.journeys.holder import Holder

SAMPLES = Path(os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[3] / "shared" / "data")
FILE = SAMPLES / "samples" / "inventories" / "glpi11_ordinateurs_fr.csv"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_of_glpi_is_understood(town, screen):
    if not FILE.is_file():
        # Third-party files never enter the repository: they are read where they are, or not at all.
        pytest.skip("NO SAMPLES: set REUSE_MARKET_SAMPLES to the folder that holds samples/inventories")
    holder = Holder(screen("holder", town["holder"], 1280))
    counts = holder.upload(FILE.name, FILE.read_bytes())
    rows = csv.reader(io.StringIO(FILE.read_text(encoding="utf-8-sig"), newline=""), delimiter=";")
    assert counts.records == len(list(rows)) - 1
    assert counts.good > 0
    if counts.to_correct + counts.set_aside:
        assert len(holder.bad_rows(counts)) == counts.to_correct + counts.set_aside
    holder.bring_in(counts)
    assert holder.screen.path.endswith("/confirmation")
