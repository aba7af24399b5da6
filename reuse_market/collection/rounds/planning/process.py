"""Asking the planner's process: bounded in time and memory, killed when it is late, never part of a request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from reuse_market.collection.rounds.planning.problem import Answer, Problem

ROOT = Path(__file__).resolve().parents[4]
MEGABYTES = 2048  # of address space, libraries included
SECONDS = 60
SLACK = 5  # seconds to start and to answer


class Unplanned(Exception):
    """No plan came back; `reason` is a code: late | broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plan(problem: Problem, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Answer:
    """The planner's answer. Unplanned when it takes too long, too much memory, or fails."""
    command = [sys.executable, "-m", "reuse_market.collection.rounds.planning", str(megabytes), str(seconds)]
    environment = {"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(  # noqa: S603 – our own module, fixed arguments
            command, input=json.dumps(problem.to_json()), capture_output=True, text=True, cwd=ROOT,
            env=environment, timeout=seconds + SLACK, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unplanned("late") from error
    if done.returncode != 0:
        raise Unplanned("late" if done.returncode in (-9, -24) else "broken")
    return Answer.from_json(json.loads(done.stdout))
