"""The picture of stepped areas: heights in proportion, patterns beside colours, a sentence and a table."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string
from lxml import html

from reuse_market.web.stepped import BOTTOM, HEIGHT, TOP, stepped

PAGE = (
    '{% from "kit/steps_chart.html" import stepped_chart %}'
    '<div>{{ stepped_chart(series, quarters, "Titre <x>", "Ce qu’il faut retenir & voir", untold="secret") }}</div>'
)
QUARTERS = ["T1 2027", "T2 2027"]
SERIES = [
    {"label": "en stock", "values": [100, 0]},
    {"label": "annoncés", "values": [50, None]},
    {"label": "prévus", "values": [50, 100], "low": [40, 90], "high": [90, 200]},
]


def test_areas_stand_one_upon_the_other() -> None:
    drawn = stepped(SERIES, QUARTERS)
    areas = {s.css: s.path for s in drawn.shapes if s.css.startswith("area")}
    assert list(areas) == ["area solid", "area hatched", "area dotted"]
    boxes = {css: re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", path) for css, path in areas.items()}
    [(_x, top, _w, height)] = boxes["area solid"]
    [(_x, middle, _w, half)] = boxes["area hatched"]
    assert int(top) + int(height) == HEIGHT - BOTTOM
    assert int(middle) + int(half) == int(top)
    assert abs(int(height) - 2 * int(half)) <= 2
    assert len(boxes["area dotted"]) == 2
    assert [value for _y, value in drawn.ticks][-1] >= 240  # the interval's end has room
    assert all(TOP <= y <= HEIGHT - BOTTOM for y, _value in drawn.ticks)
    assert [s.css for s in drawn.shapes].count("limit") == 2


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [(0, [0, 1]), (1, [0, 1]), (7, [0, 2, 4, 6, 8]), (4_500, [0, 1000, 2000, 3000, 4000, 5000])],
)
def test_the_axis_has_round_numbers(highest: int, ticks: list[int]) -> None:
    drawn = stepped([{"label": "x", "values": [highest]}], ["T1"])
    assert [value for _y, value in drawn.ticks] == ticks


def test_the_picture_says_its_sentence_and_its_numbers(french: None) -> None:
    page = html.fromstring(render_template_string(PAGE, series=SERIES, quarters=QUARTERS))
    [svg] = page.xpath(".//figure/svg")
    assert svg.get("role") == "img"
    assert (svg.xpath("string(title)"), svg.xpath("string(desc)")) == (
        "Titre <x>",
        "Ce qu’il faut retenir & voir",
    )
    assert page.xpath("string(.//p[@class='take'])") == "Ce qu’il faut retenir & voir"
    rows = [[" ".join(c.text_content().split()) for c in row] for row in page.xpath(".//details//tbody/tr")]
    assert rows == [
        ["T1 2027", "100", "50", "50 (de 40 à 90)"], ["T2 2027", "0", "secret", "100 (de 90 à 200)"],
    ]  # fmt: skip
    legend = [" ".join(item.text_content().split()) for item in page.xpath(".//ul[@class='legend']/li")]
    assert legend == ["en stock", "annoncés", "prévus", "estimation basse et haute"]
    assert not page.xpath(".//*[@id] | .//*[@style]")


def test_nothing_to_draw(french: None) -> None:
    assert stepped([], []).shapes == []
    assert "svg" in render_template_string(PAGE, series=[{"label": "x", "values": []}], quarters=[])
