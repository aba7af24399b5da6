"""Proof files of a real life: exported, then checked by `verify.py` alone; and who reads what in them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reuse_market.proofs import proving, verify
from reuse_market.traceability import checkpoints
from reuse_market.traceability import queries as journal
from tests.support.lives import Life

SOURCE = Path(verify.__file__)


@pytest.fixture
def holds(tmp_path: Path) -> Callable[[bytes], str]:
    """Check a file with `verify.py`, alone, and the key the site publishes; what it said."""

    def run(data: bytes) -> str:
        (tmp_path / "verify.py").write_bytes(SOURCE.read_bytes())
        (tmp_path / "FILE").write_bytes(data)
        (tmp_path / "KEY").write_text(checkpoints.public_key())
        asked = [sys.executable, "-I", "verify.py", "FILE", "--key", "KEY", "--lang", "en"]
        done = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    return run


def texts(data: bytes) -> list[Any]:
    """The payloads of a file, None where withheld."""
    return [json.loads(one["payload"]) if one["payload"] else None for one in json.loads(data)["events"]]


def test_the_command_exports_what_the_verifier_accepts(
    app: Flask, life: Life, holds: Callable[[bytes], str]
) -> None:
    stream = f"lot/{life.lot}"
    for form, words in (("json", "no gap"), ("proof", "were not altered since")):
        done = app.test_cli_runner().invoke(args=["journal", "export", "--stream", stream, "--format", form])
        assert done.exit_code == 0, done.output
        assert words in holds(done.stdout_bytes)
        assert [one["seq"] for one in texts(done.stdout_bytes)] == [e.seq for e in journal.events_of_stream(stream)]
    missing = app.test_cli_runner().invoke(args=["journal", "export", "--stream", "lot/LOT-1999-0001"])
    assert missing.exit_code == 1
