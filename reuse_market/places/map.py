"""The map of the territory: one inline SVG, drawn by the server, no tiles, no script, no style attribute.

Shades are CSS classes: `z0` nothing, `z1` to `z4` from few to many, `zn` not told (unknown or kept secret).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import cos, radians

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.places.geo import MICRO, Point, Ring
from reuse_market.places.models import Commune, Territory

WIDTH = 640
PATHS_BUDGET = 10_000  # characters of all paths together, so that a page with names and links stays light
STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
UNKNOWN = "zn"
ROOM = 40  # around a way, in units of the picture


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Height of the picture; path and middle of each commune, by INSEE code; west, north and scales of its frame."""

    height: int
    paths: dict[str, str]
    middles: dict[str, tuple[int, int]]
    frame: tuple[float, float, float, float] = (0, 0, 0, 0)

    def place(self, point: Point) -> tuple[int, int]:
        """Where a point lies on the picture."""
        west, north, across, down = self.frame
        return round((point.longitude - west) * across), round((north - point.latitude) * down)


NOTHING = _Drawing(0, {}, {})
_drawn: dict[str, _Drawing] = {}


def map_svg(
    values: Mapping[str, int | None],
    title: str,
    classes: int = 5,
    *,
    labels: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    marks: Mapping[str, str] | None = None,
) -> str:
    """The territory as SVG text, everything escaped: safe to mark as HTML.

    `values`: number by INSEE code; a commune that is absent counts 0, None is "not told".
    `title`: what the picture says, in a sentence, translated (`aria-label`). `labels`: translated text of
    each commune's tooltip ("Grenoble : moins de 3"); without one, name and number. `marks`: what to write upon
    some communes, so that shades are not read by colour alone. `links`: address by INSEE code; a map with links
    is a `group`, not an `img`, since an image hides its links from screen readers.
    Empty text when no territory is loaded.
    """
    drawing = _drawing()
    paths = drawing.paths
    if not paths:
        return ""
    shade = shades({insee: values.get(insee, 0) for insee in paths}, classes)
    named = session().execute(sa.select(Commune.insee, Commune.name).where(Commune.in_territory))
    names = {row.insee: row.name for row in named}
    parts = []
    for insee, path in paths.items():
        label = (labels or {}).get(insee) or _label(names.get(insee, insee), values.get(insee, 0))
        parts.append(_commune(path, shade[insee], label, (links or {}).get(insee)))
    parts += [_mark(*drawing.middles[insee], text) for insee, text in (marks or {}).items() if insee in paths]
    role = "group" if links else "img"
    head = f'<svg class="carte" viewBox="0 0 {WIDTH} {drawing.height}" role="{role}" aria-label="{escape(title)}">'
    return head + "".join(parts) + "</svg>"


def route_svg(points: Sequence[Point], title: str) -> str:
    """A way over the territory as SVG text: the first point is its depot, the others numbered 1… in order.

    The picture is cut to what surrounds the way. Lines are straight: they show the order, not the road. Empty
    text when no territory is loaded or there is no stop.
    """
    drawing = _drawing()
    if not drawing.paths or len(points) < 2:
        return ""
    spots = [drawing.place(point) for point in points]
    left, top = min(x for x, _ in spots) - ROOM, min(y for _, y in spots) - ROOM
    wide, high = (max(s[axis] for s in spots) + ROOM - low for axis, low in ((0, left), (1, top)))
    wide, high = max(wide, high * 4 // 3), max(high, wide * 3 // 5)
    size = max(wide // 28, 4)
    ground = "".join(f'<path class="z0" d="{path}"/>' for path in drawing.paths.values())
    way = " ".join(f"{x},{y}" for x, y in [*spots, spots[0]])
    marks = "".join(_stop(x, y, size, number) for number, (x, y) in enumerate(spots) if number)
    x, y = spots[0]
    depot = f'<rect class="depot" x="{x - size}" y="{y - size}" width="{2 * size}" height="{2 * size}"/>'
    return (
        f'<svg class="carte route" viewBox="{left} {top} {wide} {high}" font-size="{size * 5 // 4}" role="img"'
        f' aria-label="{escape(title)}">{ground}<polyline class="way" points="{way}"/>{depot}{marks}</svg>'
    )


def _stop(x: int, y: int, size: int, number: int) -> str:
    text = f'<text x="{x}" y="{y}" dy=".36em" aria-hidden="true">{number}</text>'
    return f'<circle class="stop" cx="{x}" cy="{y}" r="{size}"/>{text}'


def shades(values: Mapping[str, int | None], classes: int = 5) -> dict[str, str]:
    """The CSS class of each key; numbers above 0 fall into `classes - 1` groups alike in distinct values."""
    bounds = legend(values, classes)

    def shade(value: int | None) -> str:
        if value is None:
            return UNKNOWN
        return next((css for css, low, high in bounds if low <= value <= high), "z0")

    return {key: shade(value) for key, value in values.items()}


def legend(values: Mapping[str, int | None], classes: int = 5) -> list[tuple[str, int, int]]:
    """(CSS class, lowest, highest) of each shade in use above 0, from few to many."""
    distinct = sorted({value for value in values.values() if value})
    groups: dict[str, list[int]] = {}
    for rank, value in enumerate(distinct):
        groups.setdefault(f"z{1 + rank * (classes - 1) // len(distinct)}", []).append(value)
    return [(css, group[0], group[-1]) for css, group in groups.items()]


def _label(name: str, value: int | None) -> str:
    return name if value is None else f"{name} ({value})"


def _commune(path: str, css: str, label: str, link: str | None) -> str:
    drawing = f'<path class="{css}" d="{path}"><title>{escape(label)}</title></path>'
    return f'<a href="{escape(link)}" aria-label="{escape(label)}">{drawing}</a>' if link else drawing


def _mark(x: int, y: int, text: str) -> str:
    """Hidden from screen readers: the commune's own label says it."""
    return f'<text x="{x}" y="{y + 6}" aria-hidden="true">{escape(text)}</text>'


def _drawing() -> _Drawing:
    """The territory drawn, kept in memory by the digest of the outlines they were drawn from."""
    digest = session().scalar(sa.select(Territory.outlines_digest))
    if digest is None:
        return NOTHING
    if digest not in _drawn:
        # one statement, hence one snapshot: the digest read again belongs to the outlines read
        statement = (
            sa.select(Territory.outlines_digest, Commune.insee, Commune.outline)
            .join(Commune, sa.true())
            .where(Commune.in_territory)
            .order_by(Commune.insee)
        )
        rows = session().execute(statement).all()
        if not rows:
            return NOTHING
        digest = rows[0][0]
        _drawn.clear()
        _drawn[digest] = _draw({insee: outline for _, insee, outline in rows})
    return _drawn[digest]


def _draw(outlines: Mapping[str, Sequence[Ring]]) -> _Drawing:
    """Project all outlines (equirectangular at the middle parallel); coarser steps until within the budget.

    Every point is snapped to one grid, so that neighbours still share their border exactly.
    """
    points = [point for outline in outlines.values() for ring in outline for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    across = WIDTH / max(east - west, 1)
    down = across / cos(radians((south + north) / 2 / MICRO))
    placed = {
        insee: [[((x - west) * across, (north - y) * down) for x, y in ring] for ring in outline]
        for insee, outline in outlines.items()
    }
    paths: dict[str, str] = {}
    for step in STEPS:
        paths = {insee: "".join(_path(ring, step) for ring in rings) for insee, rings in placed.items()}
        if sum(map(len, paths.values())) <= PATHS_BUDGET:
            break
    middles = {insee: _middle(max(rings, key=_area)) for insee, rings in placed.items()}
    return _Drawing(max(1, round((north - south) * down)), paths, middles, (west, north, across, down))


def _area(ring: Sequence[tuple[float, float]]) -> float:
    """Twice the area of a ring."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])))


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The middle of the box around a ring."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return round((min(xs) + max(xs)) / 2), round((min(ys) + max(ys)) / 2)


def _path(ring: Sequence[tuple[float, float]], step: int) -> str:
    """SVG path data of one ring on a grid of `step`: relative moves (shortest), repeated points left out."""
    grid = [(round(x / step) * step, round(y / step) * step) for x, y in ring]
    moves = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(grid) if (ax, ay) != (bx, by)]
    return f"M{grid[0][0]} {grid[0][1]}l{' '.join(moves) or '0 0'}z".replace(" -", "-")
