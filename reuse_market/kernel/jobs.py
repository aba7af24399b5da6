"""Jobs: named functions a worker or `flask jobs run` calls; each is safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job: `run()` returns how many items it handled; `every` is its cadence in seconds."""

    name: str
    run: Callable[[], int]
    every: int


_jobs: dict[str, Job] = {}


def register(name: str, run: Callable[[], int], every: int) -> None:
    """Give a job its name and cadence (called by schedule.py alone)."""
    _jobs[name] = Job(name, run, every)


def all_jobs() -> list[Job]:
    """Every registered job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def get(name: str) -> Job | None:
    """The job of that name, or None."""
    return _jobs.get(name)


def each(ids: list[int], act: Callable[[int], object], label: str) -> int:
    """Run `act` on each id, one transaction each; a failure is logged and the rest goes on."""
    done = 0
    for item in ids:
        try:
            act(item)
            done += 1
        except Exception:
            log.exception("%s: item %s failed", label, item)
    return done
