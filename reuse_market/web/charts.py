"""Bars drawn by the server as SVG: a proportion with its threshold, and a whole split into parts.

The name of each picture is the sentence to take away; integers in, no style attribute, no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH = 1000
_TONES = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a whole: an integer count, weight or amount, `shown` as written (else the bare number)."""

    label: str
    value: int
    shown: str = ""


def _along(value: int, total: int) -> int:
    """`value` on an axis of `_WIDTH` steps, rounded to the nearest, kept inside."""
    return max(0, min(_WIDTH, (value * _WIDTH * 2 + total) // (total * 2))) if total > 0 else 0


def _picture(sentence: str, body: str) -> Markup:
    return Markup(
        '<svg class="bar" viewBox="0 0 {width} 28" preserveAspectRatio="none" role="img" '
        'aria-label="{name}" focusable="false">{body}</svg>'
    ).format(width=_WIDTH, name=sentence, body=Markup(body))  # noqa: S704 - body is built from integers below


def proportion_bar(value: int, total: int, sentence: str, threshold: int | None = None) -> Markup:
    """A bar filled to value/total, with a mark at `threshold` (same unit). `sentence` says it in words."""
    done = _along(value, total)
    body = (
        f'<rect class="ground" width="{_WIDTH}" height="20" y="4"/>'
        f'<rect class="c1" width="{done}" height="20" y="4"/>'
    )
    if threshold is not None:
        at = min(_along(threshold, total), _WIDTH - 5)
        body += f'<rect class="mark" x="{at}" width="5" height="28"/>'
    return _picture(sentence, body)


def stacked_bar(parts: Sequence[Part], sentence: str) -> Markup:
    """A whole cut into its parts, in their order, with a legend of words and values under it.

    Empty parts stay in the legend and take no room. Cuts fall where the running sums do: widths add up.
    """
    total = sum(part.value for part in parts)
    body, before = f'<rect class="ground" width="{_WIDTH}" height="20" y="4"/>', 0
    for index, part in enumerate(parts):
        start, end = _along(before, total), _along(before + part.value, total)
        before += part.value
        if end > start:
            body += (
                f'<rect class="c{index % _TONES + 1}" x="{start}" width="{end - start}" height="20" y="4"/>'
            )
    return _picture(sentence, body) + _legend(parts)


def _legend(parts: Sequence[Part]) -> Markup:
    rows = Markup("").join(
        Markup(
            '<li><svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
            '<rect class="c{tone}" width="10" height="10"/></svg><b>{shown}</b> {label}</li>'
        ).format(tone=index % _TONES + 1, label=escape(part.label), shown=part.shown or part.value)
        for index, part in enumerate(parts)
    )
    return Markup('<ul class="legend">{}</ul>').format(rows)
