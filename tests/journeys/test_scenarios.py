"""The written journeys, played at the pages; `docs/journeys.md` is printed from them."""

from __future__ import annotations

import pytest

from reuse_market.kernel import db
from tests.journeys import givens, script
from tests.journeys.steps import ACTS, Stage
from tests.support.world import World
from tools import journeys as printer

ALL = {scenario.name: scenario for scenario in script.scenarios()}
BOTH = ("recipient",)  # played on PostgreSQL too
assert givens.EVIDENCE  # importing it makes its steps known


def runs():
    """Each journey with its database."""
    return [
        pytest.param(name, backend, id=f"{name}-{backend}")
        for name in ALL
        for backend in (("sqlite", "postgresql") if name in BOTH else ("sqlite",))
    ]


@pytest.mark.parametrize(("name", "backend"), runs())
def test_the_journey(name, backend, app):
    with db.scope():
        stage = Stage(app, World.begin())
    for step in ALL[name].steps:
        stage.play(step)


def test_every_step_is_used():
    used = {step.form for scenario in ALL.values() for step in scenario.steps}
    assert sorted(set(ACTS) - used) == []


def test_the_page_is_the_one_printed_from_them():
    assert printer.PAGE.read_text(encoding="utf-8") == printer.page(), "make journeys"
