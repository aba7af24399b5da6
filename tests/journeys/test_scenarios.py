"""The written journeys, played at the pages; `docs/journeys.md` is printed from them."""

from __future__ import annotations

import pytest

from reuse_market.kernel import db
from tests.journeys import givens, script
from tests.journeys.steps import ACTS, Stage
from tests.support.world import World
from tools import journeys as printer

ALL = {scenario.name: scenario for scenario in script.scenarios()}
BOTH = ("06-recipient",)  # played on PostgreSQL too
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
    """Each step asserts what it says: a missing link, word or figure fails (see the false journeys below)."""
    with db.scope():
        stage = Stage(app, World.begin())
    for step in ALL[name].steps:
        stage.play(step)


@pytest.mark.parametrize(
    ("bullet", "said"),
    [
        ("**Visiteur** opens “Map” and dances", "nothing is known of “dances”"),
        ("**Visiteur** opens “Map” and reads “Pigs may fly”", "does not say so"),
        ("**Visiteur** opens “My fleet”", "finds no link"),
        ("**Visiteur** opens “Map”, opens “Home” and takes 1 pages with 0 fields at most", "2 pages"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_journey_that_is_not_so_fails(bullet, said, app, tmp_path):
    path = tmp_path / "false.md"
    path.write_text(f"# False\n\n- {bullet}.\n")
    with db.scope():
        stage = Stage(app, World.begin())
    *sound, last = script.read(path).steps
    for step in sound:
        stage.play(step)
    with pytest.raises(AssertionError, match=said):
        stage.play(last)


def test_every_step_is_used():
    used = {step.form for scenario in ALL.values() for step in scenario.steps}
    assert sorted(set(ACTS) - used) == []


def test_the_page_is_the_one_printed_from_them():
    assert printer.PAGE.read_text(encoding="utf-8") == printer.page(), "make journeys"
