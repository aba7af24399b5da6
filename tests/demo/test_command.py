"""`flask --app app demo load`, as an administrator types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _flask(tmp_path: Path, *words: str, demo: str = "1") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "REUSE_MARKET_DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite",
        "REUSE_MARKET_FILES_URL": f"file://{tmp_path}/files",
        "REUSE_MARKET_SECRET_KEY": "a secret of the tests",
        "REUSE_MARKET_DEMO": demo,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_loads_once_and_only_in_the_demonstration(tmp_path: Path) -> None:
    assert _flask(tmp_path, "db", "upgrade").returncode == 0
    refused = _flask(tmp_path, "demo", "load", demo="")
    assert (refused.returncode, "REUSE_MARKET_DEMO" in refused.stderr) == (1, True)
    loaded = _flask(tmp_path, "demo", "load")
    assert loaded.returncode == 0, loaded.stderr
    assert "holder@demo.example" in loaded.stdout
    assert _flask(tmp_path, "reconcile").returncode == 0
    assert _flask(tmp_path, "demo", "load").returncode == 1
