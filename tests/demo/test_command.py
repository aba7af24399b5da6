"""`flask --app app demo load`, as an administrator types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from reuse_market.kernel import db
from tests.support.demonstration import SAID, demonstration

ROOT = Path(__file__).resolve().parents[2]


def _flask(folder: Path, *words: str, demo: str = "1") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "REUSE_MARKET_DATABASE_URL": f"sqlite:///{folder}/demo.sqlite",
        "REUSE_MARKET_FILES_URL": f"file://{folder}/files",
        "REUSE_MARKET_SECRET_KEY": "a secret of the tests",
        "REUSE_MARKET_DEMO": demo,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_loads_once_and_only_in_the_demonstration(tmp_path: Path) -> None:
    """The load that succeeds is the one all tests of the demonstration begin from (tests.support.demonstration)."""
    demonstration(tmp_path)
    db.disconnect()
    loaded = tmp_path / "demonstration"
    assert "holder@demo.example" in (loaded / SAID).read_text(encoding="utf-8")
    assert _flask(loaded, "reconcile").returncode == 0
    again = _flask(loaded, "demo", "load")
    assert (again.returncode, "Traceback" in again.stderr) == (1, False)
    refused = _flask(tmp_path, "demo", "load", demo="")
    assert (refused.returncode, "REUSE_MARKET_DEMO" in refused.stderr) == (1, True)
