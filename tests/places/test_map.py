"""The map: its shades, its size, its words, its safety."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reuse_market.kernel import db
from reuse_market.places import map as maps
from reuse_market.places import queries, services
from tests.places.test_territory import SAMPLES, collection, feature, written

pytestmark = pytest.mark.unseeded

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def sides(path: str) -> set[frozenset[tuple[int, int]]]:
    """The sides of a drawn outline, whichever way it turns."""
    found = set()
    for ring in path.split("z")[:-1]:
        x, y, *moves = (int(number) for number in re.findall(r"-?\d+", ring))
        points = [(x, y)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found |= {frozenset(pair) for pair in zip(points, points[1:] + points[:1], strict=True)}
    return {side for side in found if len(side) == 2}


def test_the_map_draws_each_commune_with_its_shade(database: db.Database) -> None:
    services.load_territory()
    svg = maps.map_svg({"38185": 120, "38151": 3, "38158": None}, "Grenoble a le plus d’appareils.")
    root = parsed(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "Grenoble a le plus d’appareils.")
    shade = {p.findtext(f"{SVG}title"): p.get("class") for p in root.iter(f"{SVG}path")}
    assert len(shade) == 49
    assert shade["Grenoble (120)"] == "z3"
    assert shade["Échirolles (3)"] == "z1"
    assert shade["Eybens"] == "zn"  # not told is not zero
    assert shade["Bresson (0)"] == "z0"
    assert " style=" not in svg
    assert "<script" not in svg


def test_the_map_is_light_even_with_names_and_links(database: db.Database) -> None:
    services.load_territory()
    communes = queries.communes()
    values: dict[str, int | None] = {c.insee: 1000 + n for n, c in enumerate(communes)}
    links = {c.insee: f"/carte?commune={c.insee}" for c in communes}
    labels = {c.insee: f"{c.name} : {1000 + n} appareils" for n, c in enumerate(communes)}
    assert len(maps.map_svg(values, "t").encode()) <= 16_000
    linked = maps.map_svg(values, "t", links=links, labels=labels)
    assert len(linked.encode()) <= 16_000
    root = parsed(linked)
    assert root.get("role") == "group"  # an image would hide its links
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [links[insee] for insee in sorted(links)]
    assert all(a.get("aria-label") for a in root.iter(f"{SVG}a"))


def test_neighbours_share_their_border(database: db.Database) -> None:
    services.load_territory()
    root = parsed(maps.map_svg({}, "t"))
    edges = Counter(edge for path in root.iter(f"{SVG}path") for edge in sides(path.get("d", "")))
    assert max(edges.values()) == 2  # never three communes on one side
    rim = [side for side, count in edges.items() if count == 1]
    assert len(rim) < len(edges) // 2
    corner = next(iter(rim[0]))
    seen = {corner}
    while step := next((side for side in rim if len(side & seen) == 1), None):
        seen |= step
    # a gap or an overlap between neighbours would be a loop of its own
    assert seen == {corner for side in rim for corner in side}


def test_everything_from_outside_is_escaped(database: db.Database, tmp_path: Path) -> None:
    services.load_territory(written(tmp_path, collection(feature(nom='<b>"&'))))
    svg = maps.map_svg({}, '"><script>', labels={}, links={"01001": '/?a="b"&c=<'})
    assert "<script" not in svg
    assert "<b>" not in svg
    link = parsed(svg).find(f"{SVG}a")
    assert link is not None
    assert (link.get("href"), link.get("aria-label")) == ('/?a="b"&c=<', '<b>"& (0)')


def test_another_territory_is_drawn_at_once(database: db.Database, tmp_path: Path) -> None:
    assert maps.map_svg({}, "t") == ""
    services.load_territory()
    first = maps.map_svg({}, "t")
    services.load_territory(written(tmp_path, collection(feature())))
    second = maps.map_svg({}, "t")
    assert (first.count("<path"), second.count("<path")) == (49, 1)
    services.load_territory()
    assert maps.map_svg({}, "t") == first


def test_north_is_up_and_the_scale_is_true(database: db.Database, tmp_path: Path) -> None:
    services.load_territory(written(tmp_path, collection(feature())))
    root = parsed(maps.map_svg({}, "t"))
    box = root.get("viewBox", "").split()
    # 0.01° each way at 45° north: 1.414 times as high as wide (equirectangular)
    assert box == ["0", "0", "640", "905"]
    path = root.find(f"{SVG}path")
    assert path is not None
    start = re.match(r"M(\d+) (\d+)", path.get("d", ""))
    assert start is not None
    assert (int(start[1]), int(start[2])) == (0, 905)  # the south-west corner is at the bottom left


def test_detailed_outlines_are_drawn_coarser_within_the_budget(database: db.Database) -> None:
    file = SAMPLES / "territory" / "gam_communes.geojson"
    if not file.is_file():
        pytest.skip(f"NO SAMPLES: {file} is absent, detailed outlines are not tried")
    services.load_territory(file)
    assert len(json.loads(file.read_bytes())["features"]) == 49
    assert len(maps.map_svg({}, "t").encode()) <= 16_000


def test_a_ragged_outline_is_drawn_coarser_too(database: db.Database, tmp_path: Path) -> None:
    teeth = [[5 + n / 10_000, 45.5 + n % 7 / 1_000] for n in range(4_000)]
    services.load_territory(written(tmp_path, collection(feature(ring=[[5.0, 45.0], *teeth, [5.4, 45.0]]))))
    assert len(maps.map_svg({}, "t")) <= 16_000


def test_shades_hold_as_many_distinct_values_each() -> None:
    assert maps.shades({}) == {}
    assert maps.shades({"a": 0, "b": None}) == {"a": "z0", "b": "zn"}
    assert maps.shades({"a": 7, "b": 7}) == {"a": "z1", "b": "z1"}
    values: dict[str, int | None] = {str(n): n for n in range(1, 9)}
    assert list(maps.shades(values).values()) == ["z1", "z1", "z2", "z2", "z3", "z3", "z4", "z4"]
    assert maps.legend(values) == [("z1", 1, 2), ("z2", 3, 4), ("z3", 5, 6), ("z4", 7, 8)]
    assert set(maps.shades(values, classes=3).values()) == {"z1", "z2"}
