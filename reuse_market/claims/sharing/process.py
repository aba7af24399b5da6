"""The solver in a process of its own, with a time limit: never inside a request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reuse_market.claims.sharing.problem import Problem

LIMIT_MS = 60_000
GRACE_S = 30  # to start, and to stop by itself
CHECKOUT = Path(__file__).resolve().parents[3]
MODULE = "reuse_market.claims.sharing.solver"


def solve(problem: Problem, limit_ms: int = LIMIT_MS) -> dict[str, object]:
    """The solver's answer to a problem (solver.Answer as a dictionary). RuntimeError when the process fails."""
    asked = json.dumps({"problem": problem.to_json(), "limit_ms": limit_ms})
    try:
        done = subprocess.run(  # noqa: S603 – our own module, its input on stdin
            [sys.executable, "-m", MODULE], input=asked, capture_output=True, text=True, cwd=CHECKOUT, check=False,
            timeout=limit_ms / 1000 + GRACE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RuntimeError("the solver of shares did not stop in time") from error
    if done.returncode:
        raise RuntimeError(f"the solver of shares failed: {done.stderr[-400:]}")
    told: dict[str, object] = json.loads(done.stdout)
    return told
