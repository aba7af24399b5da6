"""Stepped areas drawn by the server as SVG: what each quarter brings, one series upon the other.

Fills differ by their pattern, not by colour alone: solid, hatched, dotted; an interval is a dashed line at both ends.
Integers in; no style attribute, no script, no id (so that a page may show several).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 440, 240  # of the picture; small, so that its letters stay readable on a phone
LEFT, RIGHT, TOP, BOTTOM = 48, 4, 12, 34  # margins: numbers on the left, quarters below
FILLS = ("solid", "hatched", "dotted")
GAP = {"hatched": 5, "dotted": 6}  # between the lines of a pattern
MOST_LABELS, LABEL = 5, 64  # names of quarters written under the picture, and the room each takes


@dataclass(frozen=True, slots=True)
class Shape:
    """A path with its CSS classes."""

    css: str
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the macro writes: `ticks` (y, number), `labels` (x, text), `shapes` from back to front."""

    width: int
    height: int
    left: int
    right: int
    ticks: list[tuple[int, int]]
    labels: list[tuple[int, str]]
    shapes: list[Shape]
    swatches: list[list[Shape]]


def stepped(series: Sequence[Mapping[str, Any]], quarters: Sequence[str]) -> Drawing:
    """The drawing of `series`, stacked in their order, over `quarters` (texts).

    A series is {"label", "values": integers or None ("not told": drawn as nothing), and maybe "low" and "high"
    (ends of an interval around its own values), "line" true (beside the pile, not on it),
    "fill": solid | hatched | dotted (in that order by default)}.
    """
    count = len(quarters)
    highest = max((_highest(series, at) for at in range(count)), default=0)
    top, step = _scale(highest)
    xs = [LEFT + (WIDTH - LEFT - RIGHT) * at // max(count, 1) for at in range(count + 1)]
    shapes: list[Shape] = []
    below = [0] * count
    for index, one in enumerate(series):
        if one.get("line"):
            shapes += _limit(one["values"], one["values"], [0] * count, xs, top, "wanted")
            continue
        values = [int(value or 0) for value in one["values"]]
        above = [low + value for low, value in zip(below, values, strict=True)]
        boxes = [
            (xs[at], _y(above[at], top), xs[at + 1] - xs[at], _y(below[at], top) - _y(above[at], top))
            for at in range(count)
            if values[at]
        ]
        shapes += _filled(boxes, one.get("fill") or FILLS[index % len(FILLS)])
        for ends in (one.get("low"), one.get("high")):
            shapes += _limit(one["values"], ends, below, xs, top)
        below = above
    ticks = [(_y(value, top), value) for value in range(0, top + 1, step)]
    every = -(-count // MOST_LABELS) or 1
    middles = [((xs[at] + xs[at + 1]) // 2, quarters[at]) for at in range(0, len(quarters), every)]
    labels = [one for one in middles if one[0] <= WIDTH - LABEL // 2]
    swatches = [
        [Shape("wanted", "M0 6H18")]
        if one.get("line")
        else _filled([(0, 0, 18, 12)], one.get("fill") or FILLS[at % len(FILLS)])
        for at, one in enumerate(series)
    ]
    return Drawing(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, ticks, labels, shapes, swatches)


def _highest(series: Sequence[Mapping[str, Any]], at: int) -> int:
    """The top of a quarter's pile, or of the interval on it."""
    pile, reached = 0, 0
    for one in series:
        value, high = one["values"][at] or 0, (one.get("high") or one["values"])[at] or 0
        reached = max(reached, value if one.get("line") else pile + max(value, high))
        pile += 0 if one.get("line") else value
    return int(reached)


def _scale(highest: int) -> tuple[int, int]:
    """The axis's end and its step: at most five steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while step * 5 < highest:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return max(-(-highest // step), 1) * step, step


def _y(value: int, top: int) -> int:
    room = HEIGHT - TOP - BOTTOM
    return HEIGHT - BOTTOM - (value * room * 2 + top) // (top * 2)


def _filled(boxes: Sequence[tuple[int, int, int, int]], fill: str) -> list[Shape]:
    """One area, and the lines of its pattern: neighbours touch, so that steps read as one area."""
    area = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in boxes)
    shapes = [Shape(f"area {fill}", area)] if area else []
    gap = GAP.get(fill)
    if gap is None or not area:
        return shapes
    lines = "".join(f"M{x} {at}h{width}" for x, y, width, height in boxes for at in _rows(y, y + height, gap))
    return [*shapes, Shape(f"lines {fill}", lines)] if lines else shapes


def _rows(start: int, end: int, gap: int) -> range:
    """Every `gap`th height between both, counted from the top of the picture: lines run on between steps."""
    return range(start + (-start) % gap or start + gap, end, gap)


def _limit(
    values: Sequence[int | None], ends: Sequence[int | None] | None, below: list[int], xs: list[int], top: int,
    css: str = "limit",
) -> list[Shape]:  # fmt: skip
    """One end of an interval, as a line across each quarter that has one."""
    if not ends:
        return []
    path = "".join(
        f"M{xs[at]} {_y(below[at] + end, top)}H{xs[at + 1]}"
        for at, end in enumerate(ends)
        if end is not None and values[at] is not None
    )
    return [Shape(css, path)] if path else []
