"""The measures print what the outside relies on."""

from __future__ import annotations

import json

import pytest

from bench.__main__ import main
from bench.measuring import Figure, Goal, timed

KEYS = ["name", "value", "unit", "against", "against_value", "ratio", "goal", "holds"]


def test_a_figure_is_one_json_line():
    line = Figure("x", 10, "ms", "bare", 40, Goal("ratio", "<=", 0.5), timed(lambda: None)).line()
    read = json.loads(line)
    assert list(read)[: len(KEYS)] == KEYS
    assert (read["ratio"], read["goal"], read["holds"]) == (0.25, "ratio <= 0.5", True)
    assert {"wall_s", "cpu_s"} <= read.keys()
    assert "\n" not in line


@pytest.mark.parametrize(
    ("goal", "holds"),
    [
        (Goal("ratio", ">=", 0.5), False),
        (Goal("value", "<=", 10), True),
        (Goal("value", "<=", 9), False),
        (Goal("value", ">=", 10), True),
    ],
)
def test_goals_are_judged(goal, holds):
    assert json.loads(Figure("x", 10, "ms", "bare", 40, goal).line())["holds"] is holds


def test_without_a_goal_or_a_comparison_nothing_is_claimed():
    read = json.loads(Figure("x", 10, "ms").line())
    assert (read["against"], read["ratio"], read["goal"], read["holds"]) == (None, None, None, None)
    assert json.loads(Figure("x", 10, "ms", goal=Goal("ratio", "<=", 1)).line())["holds"] is False


def test_the_first_measure_runs(postgresql_server, capsys):
    assert main(["references", "--size", "3"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["name"] for line in lines] == ["references.sqlite", "references.postgresql"]


def test_an_unknown_name_is_refused(capsys):
    assert main(["no-such-measure"]) == 2
    assert "references" in capsys.readouterr().err
