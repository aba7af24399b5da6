"""What a process that serves pages does not load: each of these is imported by who uses it, where it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LATER = {
    "PIL", "alembic", "cryptography", "geopy", "highspy", "numpy", "prometheus_client", "pypdf", "pyvrp",
    "rapidfuzz", "requests", "segno", "typst", "xlsxwriter",
}  # fmt: skip


@pytest.mark.long
def test_a_worker_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import app, json, sys; print(json.dumps(sorted(sys.modules)))"],
        env=os.environ
        | {"REUSE_MARKET_DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "REUSE_MARKET_SECRET_KEY": "house"},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {name.split(".")[0] for name in json.loads(told.stdout.splitlines()[-1])}
    assert loaded & LATER == set()
    assert {"flask", "sqlalchemy", "reuse_market"} <= loaded
