"""How the runs behave: markers, the seed, and skips that nobody can overlook."""

from __future__ import annotations

import gc
import os
import random
import shutil
import tempfile
from collections import Counter

import pytest
from hypothesis import settings

from tests.support.keeping import KEPT_SETTING

SEED_SETTING = "REUSE_MARKET_TEST_SEED"


def pytest_configure(config: pytest.Config) -> None:
    """One seed for the whole run (workers inherit the environment); no stopwatch on a shared machine."""
    settings.register_profile("house", deadline=None, database=None, print_blob=True)
    settings.load_profile("house")
    os.environ.setdefault(SEED_SETTING, str(random.SystemRandom().randrange(10**6)))
    if not hasattr(config, "workerinput"):
        os.environ[KEPT_SETTING] = tempfile.mkdtemp(prefix="parc-commun-tests-")


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay till the end: the collector need not look at them again and again.

    A young generation of 700 objects, Python's own, would be looked through at every other SQL statement.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """What the workers shared goes with the run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(KEPT_SETTING, ""), ignore_errors=True)


def pytest_report_header(config: pytest.Config) -> str:
    """Say the seed, so that a run can be repeated."""
    return f"seed: {SEED_SETTING}={os.environ[SEED_SETTING]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what a test uses: nobody has to remember to."""
    for item in items:
        if {"browser", "open_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        call = getattr(item, "callspec", None)
        if call is not None and call.params.get("backend") == "postgresql":
            item.add_marker("postgresql")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shout what did not run, and why: a skip is a hole, not a success."""
    terminalreporter.write_line(f"seed: {SEED_SETTING}={os.environ[SEED_SETTING]}")
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count} skipped: {reason}", red=True)
